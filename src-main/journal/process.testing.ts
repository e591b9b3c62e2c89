import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runHistory } from '#shared/run/history.testing';
import { acquireLock } from './lock.ts';
import { createJournal } from './sqlite.ts';

type Task = 'lock' | 'append' | 'runs';

/** Starts this file as a process of its own, with the types stripped by Node, and waits for its first words. */
export async function startProcess(task: Task, path: string, name = 'r1'): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), task, path, name], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (data: Buffer) => resolve(data.toString('utf8').trim()));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended early: ${code}`)));
  });
  return { child, said };
}

/** Resolves when it has ended, however. */
export const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

const say = (text: string): void => void writeSync(1, `${text}\n`);

/** Each waits for a line on stdin where it must not act before it is told to. */
const tasks: { readonly [T in Task]: (path: string, name: string) => void } = {
  lock(path) {
    acquireLock(path);
    // Nobody refers to what it returned: the lock must not be collected with it.
    globalThis.gc?.();
    say('locked');
    process.stdin.resume();
  },
  /** All at the same expected version as everybody else; says who won. */
  append(path, name) {
    const journal = createJournal({ path });
    const [request, ...rest] = runHistory({ run: 'r1' });
    if (request === undefined) return;
    journal.append('run-r1', 'any', [request]);
    say('ready');
    process.stdin.once('data', () => {
      try {
        journal.append('run-r1', 1, rest.map((event) => ({ ...event, id: `${name}-${event.id}` })));
        say('won');
      } catch (thrown) {
        say(thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown));
      }
      journal.close();
      process.stdin.unref();
    });
  },
  /** Writes run after run, an event at a time, saying each id that append has returned; then waits to be killed. */
  runs(path) {
    const journal = createJournal({ path });
    for (let n = 1; n <= 8; n += 1) {
      const run = `r${n}`;
      runHistory({ run, nodes: 60 }).forEach((event, version) => {
        journal.append(`run-${run}`, version, [event]);
        say(event.id);
      });
    }
    process.stdin.resume();
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , task, path, name] = process.argv;
  if ((task === 'lock' || task === 'append' || task === 'runs') && path !== undefined) tasks[task](path, name ?? 'r1');
}
