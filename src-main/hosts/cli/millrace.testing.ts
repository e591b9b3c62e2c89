import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { builtMain } from '../../executor/built.testing.ts';

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Person {
  /** Runs the built command line as a person would, in a folder of the test file's own; `meanwhile` is called while it goes. */
  readonly millrace: (args: readonly string[], meanwhile?: (kill: (signal: NodeJS.Signals) => void) => Promise<void>, where?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> }) => Promise<Outcome>;
  /** The built command line itself. */
  readonly cli: string;
  readonly path: (name: string) => string;
  /** Writes a file into the folder and answers its name. */
  readonly write: (name: string, value: unknown) => string;
}

/** A person at the built command line, whose data folder is `data` in theirs. */
export function personAtWork(): Person {
  const { cli } = builtMain();
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    cli,
    path,
    write(name, value) {
      writeFileSync(path(name), typeof value === 'string' ? value : JSON.stringify(value));
      return name;
    },
    async millrace(args, meanwhile, { cwd = folder, env = {} } = {}) {
      const child = spawn(process.execPath, [cli, ...args], { cwd, env: { ...process.env, MILLRACE_DATA_DIR: path('data'), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
      const said = { out: '', err: '' };
      child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
      const ended = new Promise<number | null>((resolve) => {
        child.on('close', resolve);
      });
      await meanwhile?.((signal) => child.kill(signal));
      const code = await ended;
      expect(said.err, 'no stack is shown to a person').not.toMatch(/\n\s+at /);
      return { code, ...said };
    },
  };
}

export const json = ({ out }: Outcome): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;
