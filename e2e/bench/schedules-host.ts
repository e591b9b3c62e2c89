/** A studio in a process of its own, on a data folder that is there: says what it cost to open, then answers questions, a line of JSON each. */
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { forkWorkers } from '../../src-main/executor/fork.ts';
import { createStudio } from '../../src-main/studio.ts';

export interface Opening {
  /** From the call to the studio, and on to its schedules being in force, in ms. */
  readonly openMs: number;
  readonly readyMs: number;
  readonly rssMb: number;
  readonly schedules: number;
}
export interface Idle {
  /** Per cent of one core. */
  readonly cpu: number;
}

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const began = performance.now();
const studio = await createStudio({ dataDir: process.argv[2] ?? '', host: 'cli', version: 'bench', spawn: forkWorkers(resolve(import.meta.dirname, '../main/worker.js')), schedules: { askMissedMs: 0 } });
const openMs = performance.now() - began;
await studio.scheduler.ready;
const readyMs = performance.now() - began;
await studio.library();
await pause(1000);
globalThis.gc?.();
say({ openMs, readyMs, rssMb: process.memoryUsage().rss / 2 ** 20, schedules: studio.journal.schedules().length } satisfies Opening);

createInterface({ input: process.stdin }).on('line', (line) => void answer(line));
async function answer(line: string): Promise<void> {
  const [word, value = ''] = line.split(' ');
  if (word === 'idle') {
    const [before, start] = [process.cpuUsage(), performance.now()];
    await pause(Number(value) * 1000);
    const { user, system } = process.cpuUsage(before);
    say({ cpu: ((user + system) / 1000 / (performance.now() - start)) * 100 } satisfies Idle);
  } else if (word === 'late') {
    await pause(Number(value) * 1000);
    say(studio.journal.readAll(0, 1_000_000).flatMap((event) => (event.type === 'ScheduleFired' ? [{ id: event.data.scheduleId, ms: event.at - event.data.nominalTime }] : [])));
  } else {
    await studio.close();
    process.exit(0);
  }
}
