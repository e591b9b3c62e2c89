import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RunId, ScheduleId } from '#shared/ids';
import { runHistory } from '#shared/run/history.testing';
import { scheduleEvents } from '#shared/schedule/history.testing';
import type { Journal } from './journal.ts';
import { acquireLock } from './lock.ts';
import { createJournal } from './sqlite.ts';

const TASKS = ['lock', 'append', 'runs', 'batches', 'fire', 'fires'] as const;
type Task = (typeof TASKS)[number];

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

/** The occurrence and its run's request, in one commit; whether it had not been started before. */
function fireOnce(journal: Journal, minute: number, run: string): string {
  const { fired } = scheduleEvents('orders');
  try {
    journal.atomic(() => {
      journal.append(`run-${run}`, 'none', runHistory({ run }).slice(0, 1));
      journal.append('schedule-orders', 'any', [{ ...fired(minute, run), id: `fired-${run}` }]);
    });
    return 'won';
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  }
}

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
  /** Writes run after run in appends of several sizes, some of them in one commit, saying each append once it has returned; until it is killed. */
  batches(path, name) {
    const journal = createJournal({ path });
    const sizes = [1, 7, 1, 40, 3, 200];
    for (let n = 0; ; n += 1) {
      const run = `${name}-${n}`;
      const history = runHistory({ run, nodes: 40, at: 1_767_225_600_000 + n });
      const size = sizes[n % sizes.length] ?? 1;
      for (let from = 0; from < history.length; from += size) {
        const write = (): unknown => journal.append(`run-${run}`, from, history.slice(from, from + size));
        if (n % 4 === 3) journal.together(write);
        else write();
        say(`${run} ${Math.min(history.length, from + size)}`);
      }
      journal.log(RunId.parse(run), [{ node: null, at: n, level: 'info', text: 'done', attempt: null, version: history.length }]);
      if (n % 10 === 9) journal.remove({ endedBefore: null, keep: 12 }, { limit: 5, at: n, id: `${name}-removed-${n}` });
      if (n % 20 === 19) journal.shrink(50);
    }
  },
  /** Starts one occurrence that everybody else starts too; says who did. */
  fire(path, name) {
    const journal = createJournal({ path });
    say('ready');
    process.stdin.once('data', () => {
      for (let minute = 1; minute <= 40; minute += 1) say(`${minute} ${fireOnce(journal, minute, `${name}-${minute}`)}`);
      journal.close();
      say('done');
      process.stdin.unref();
    });
  },
  /** Starts occurrence after occurrence, alone or several in one commit, saying each once it is written; until it is killed. */
  fires(path, name) {
    const journal = createJournal({ path });
    const first = (journal.schedule(ScheduleId.parse('orders'))?.fires ?? 0) + 1;
    for (let minute = first; ; minute += 3) {
      fireOnce(journal, minute, `${name}-${minute}`);
      say(`${minute}`);
      journal.together(() => [1, 2].forEach((more) => fireOnce(journal, minute + more, `${name}-${minute + more}`)));
      say(`${minute + 2}`);
    }
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
  const asked = TASKS.find((one) => one === task);
  if (asked !== undefined && path !== undefined) tasks[asked](path, name ?? 'r1');
}
