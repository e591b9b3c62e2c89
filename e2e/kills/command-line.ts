import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * `millrace …` as a process of its own, `input` on its standard input. One that does not end within five minutes is ended, and its code is
 * null; one that `meanwhile` kills has none either.
 */
export function millrace(built: string, args: readonly string[], { input, meanwhile }: { readonly input?: string; readonly meanwhile?: (child: ChildProcess) => void } = {}): Promise<Said> {
  const child = spawn(process.execPath, [join(built, 'cli.js'), ...args], { stdio: ['pipe', 'pipe', 'pipe'], timeout: 300_000, killSignal: 'SIGKILL' });
  const said = { stdout: '', stderr: '' };
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  meanwhile?.(child);
  child.stdout.on('data', (data: Buffer) => void (said.stdout += data.toString('utf8')));
  child.stderr.on('data', (data: Buffer) => void (said.stderr += data.toString('utf8')));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

/** It was refused with a sentence that says so: no stack of calls, no silence. */
export function expectSentence(said: Said, sentence: RegExp): void {
  expect(said.code).not.toBeNull();
  expect(said.code).not.toBe(0);
  expect(said.stderr).toMatch(sentence);
  expect(said.stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
}

const undo: (() => void)[] = [];

/** To be called after each test: unmounts and removes what the two below made. */
export const tidy = (): void => {
  for (const one of undo.splice(0).toReversed()) one();
};

/** A folder of the test's own. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-fault-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const mount = (...args: readonly string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
const unmountLater = (folder: string): void => void undo.push(() => spawnSync('umount', ['-l', folder], { stdio: 'ignore' }));

/** A small disk of its own. */
export function newDisk(megabytes: number): string {
  const folder = newFolder();
  if (!mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder)) throw new Error('No disk could be mounted.');
  unmountLater(folder);
  return folder;
}

/** The same folder once more, where it can only be read. */
export function readOnly(folder: string): string {
  const view = newFolder();
  if (!mount('--bind', folder, view)) throw new Error('The folder could not be mounted once more.');
  unmountLater(view);
  if (!mount('-o', 'remount,ro,bind', view)) throw new Error('The folder could not be made read-only.');
  return view;
}

/** Only root may mount, and not in every container. */
export const canMount = ((): boolean => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    newDisk(1);
    return true;
  } catch {
    return false;
  } finally {
    tidy();
  }
})();

/** Writes a workflow as a file and returns its path. */
export function workflowFile(folder: string, workflow: object): string {
  const path = join(folder, `${(workflow as { id: string }).id}.json`);
  writeFileSync(path, JSON.stringify(workflow));
  return path;
}
