/**
 * The studio that is killed: opens a data folder, goes on with what is unfinished there, asks for the jobs that were not asked for yet,
 * a few at a time, and closes when all have ended. Says what it knows on standard output, a line at a time, at once; what it has said
 * was acknowledged, and must be there after any kill.
 */
import { renameSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import module from 'node:module';
import type { StudioEvent } from '#shared/events';
import type { RunId } from '#shared/ids';
import type { Folding } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';

/** What the killer hands over. */
export interface Orders {
  readonly dataDir: string;
  readonly folder: string;
  /** Kinds by number of the job. */
  readonly kinds: readonly string[];
  /** Jobs from this number on have not been asked for. */
  readonly next: number;
  /** Events up to this position have been said before. */
  readonly said: number;
  /** Runs unfinished at once. */
  readonly atOnce: number;
  /** A wrong clock: added to the time, by turns, every so many milliseconds. */
  readonly clock?: { readonly jumpMs: number; readonly everyMs: number };
}

const say = (...words: readonly (string | number)[]): void => void writeSync(1, `${words.join(' ')}\n`);
say('opening');
module.enableCompileCache?.();
const [{ check }, { folding }, { isTerminal }, { forkWorkers }, { createStudio }, { job, jobOf, LATE }] = await Promise.all([
  import('#shared/workflow/check'),
  import('#shared/run/evolve'),
  import('#shared/run/run'),
  import('../../src-main/executor/fork.ts'),
  import('../../src-main/studio.ts'),
  import('./jobs.ts'),
]);

const orders = JSON.parse(process.argv[2] ?? '') as Orders;
const fork = forkWorkers(resolve(import.meta.dirname, 'worker.js'));

function createClock(): () => number {
  const { clock } = orders;
  if (clock === undefined) return Date.now;
  const directions = [0, 1, -1, 0, -1, 1];
  return () => Date.now() + clock.jumpMs * (directions[Math.floor(performance.now() / clock.everyMs) % directions.length] ?? 0);
}

const studio = await createStudio({
  dataDir: orders.dataDir,
  host: 'cli',
  version: 'kills',
  clock: createClock(),
  spawn: () => {
    const port = fork();
    say('worker', port.pid ?? 0);
    // After whatever the studio made of it has been said.
    port.onExit(() => setImmediate(() => say('lost', port.pid ?? 0)));
    return port;
  },
});
const { journal, executor } = studio;

/** Of every run that has not ended. */
const runs = new Map<RunId, Folding>();
const states = (): Run[] => [...runs.values()].flatMap((folded) => folded.run() ?? []);
/** Interruptions without anything completed between them, were one to come now: three end a run (its third time in vain). */
const risk = (): number => Math.max(0, ...states().map((run) => {
  const achieved = Object.values(run.nodes).reduce((total, node) => total + node.attempts.filter((one) => one.outcome === 'completed').length, 0);
  return run.status === 'queued' ? 0 : achieved > run.achieved ? 1 : run.fruitless + 1;
}));

/** Puts the file there that the job waits for, whole. */
function bringLate(k: number): void {
  const path = join(orders.folder, `late-${k}.csv`);
  writeFileSync(`${path}.${process.pid}`, LATE);
  renameSync(`${path}.${process.pid}`, path);
}

let next = orders.next;
let saidRisk = -1;
const { promise: allEnded, resolve: finish } = Promise.withResolvers<void>();
let asking = false;

/** Asks for jobs while there are few; tells when there is nothing left to do. */
async function ask(): Promise<void> {
  if (asking) return;
  asking = true;
  while (next < orders.kinds.length && runs.size < orders.atOnce) {
    const k = next;
    next += 1;
    const { workflow, problems } = check(job(k, orders.kinds[k] ?? '').workflow, studio.specs);
    if (workflow === null) throw new Error(JSON.stringify(problems));
    say('ask', k);
    const id = await executor.start({ workflow, file: null, folder: orders.folder, trigger: { kind: 'api' }, scope: { kind: 'all' } });
    say('run', k, id);
  }
  asking = false;
  if (runs.size === 0 && next >= orders.kinds.length) finish();
}

function hear(events: readonly StudioEvent[]): void {
  for (const event of events) {
    say('e', event.position, event.id);
    if (event.type === 'NodeExecutionStarted') say('start');
    if (!event.stream.startsWith('run-')) continue;
    const id = event.stream.slice(4) as RunId;
    const folded = runs.get(id) ?? folding();
    folded.add(event);
    const run = folded.run();
    if (run === null) continue;
    runs.set(id, folded);
    const k = jobOf(run.workflowName);
    if (event.type === 'NodeRetryScheduled' && orders.kinds[k] === 'late') bringLate(k);
    if (run.status === 'paused') say('paused', k, JSON.stringify(run.question));
    if (!isTerminal(run.status)) continue;
    runs.delete(id);
    say('end', k, run.status);
  }
  const now = risk();
  if (now !== saidRisk) say('risk', now);
  saidRisk = now;
}

for (const id of journal.unfinished()) {
  const run = journal.run(id);
  if (run !== null) runs.set(id, folding(run));
}
for (const event of journal.readAll(orders.said, 1_000_000)) say('e', event.position, event.id);
journal.subscribe((events) => {
  hear(events);
  if (events.some((event) => /^Workflow(Completed|Failed|Cancelled)$/.test(event.type))) void ask();
});
for (const run of states()) if (run.status === 'paused') say('paused', jobOf(run.workflowName), JSON.stringify(run.question));
for (const run of states()) if (Object.values(run.nodes).some((node) => node.status === 'running')) say('start');
say('open', runs.size, risk());
await ask();
await allEnded;
say('closing');
await studio.close();
say('closed');
