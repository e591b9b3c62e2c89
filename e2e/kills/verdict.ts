import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { StudioEvent } from '#shared/events';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import type { Journal } from '../../src-main/journal/journal.ts';
import { createJournal } from '../../src-main/journal/sqlite.ts';
import { filesBelow, isHalf, oddRows, sameText } from './files.ts';
import { jobOf } from './jobs.ts';
import type { Round } from './round.ts';

/** What may be wrong after a round, by the promise that it breaks. */
export interface Verdict {
  readonly events: readonly string[];
  readonly runs: readonly string[];
  readonly outputs: readonly string[];
  readonly appends: readonly string[];
  readonly halves: readonly string[];
  readonly journal: readonly string[];
  readonly counts: readonly string[];
  readonly processes: readonly string[];
}

export const PROMISES = ['events', 'runs', 'outputs', 'appends', 'halves', 'journal', 'counts', 'processes'] as const satisfies readonly (keyof Verdict)[];

const ALL = 1_000_000;
const count = (events: readonly StudioEvent[], type: string): number => events.filter((event) => event.type === type).length;
const allRuns = (journal: Journal): ReadonlyMap<number, Run> =>
  new Map(journal.runs({}, 0, ALL).rows.flatMap((row) => {
    const run = journal.run(row.id);
    return run === null ? [] : [[jobOf(run.workflowName), run] as const];
  }));

/** Holds a round that was disturbed against the same jobs undisturbed. */
export async function judge(round: Round, calm: Round): Promise<Verdict> {
  const journal = createJournal({ path: join(round.dataDir, 'journal.sqlite'), readOnly: true });
  const calmJournal = createJournal({ path: join(calm.dataDir, 'journal.sqlite'), readOnly: true });
  try {
    const runs = allRuns(journal);
    const verify = journal.verify();
    return {
      events: lostEvents(round, journal),
      runs: wrongRuns(round, runs, allRuns(calmJournal)),
      outputs: await wrongOutputs(round, calm, runs),
      appends: wrongAppends(round, runs),
      halves: halfFiles(round),
      journal: verify.problems,
      counts: [...wrongCounts(journal), ...[...runs.values()].flatMap((run) => wrongHistory(run, journal.read(`run-${run.id}`)))],
      processes: round.problems,
    };
  } finally {
    journal.close();
    calmJournal.close();
  }
}

function lostEvents({ ledger }: Round, journal: Journal): readonly string[] {
  const kept = new Map(journal.readAll(0, ALL).map((event) => [event.position, event.id]));
  return [...ledger.events].filter(([position, id]) => kept.get(position) !== id).map(([position, id]) => `Event ${position} was acknowledged as ${id} and is ${kept.get(position) ?? 'gone'}.`);
}

function wrongRuns({ ledger, kinds }: Round, runs: ReadonlyMap<number, Run>, calm: ReadonlyMap<number, Run>): readonly string[] {
  const lost = [...ledger.runs].filter(([k, id]) => runs.get(k)?.id !== id).map(([k, id]) => `Run ${id} of job ${k} was acknowledged and is gone.`);
  const unasked = [...runs.keys()].filter((k) => !ledger.asked.has(k)).map((k) => `Job ${k} was never asked for and has a run.`);
  const others = [...runs].flatMap(([k, run]) => {
    const wanted = calm.get(k);
    const [is, should] = [run, wanted].map((one) => `${one?.status} ${one?.failedNode ?? ''} ${one?.error?.code ?? ''}`);
    return is === should ? [] : [`Job ${k} (${kinds[k]}), run ${run.id}: ${is} (${run.error?.message ?? run.interruption ?? ''}) instead of ${should}.`];
  });
  const rows = [...runs].flatMap(([k, run]) =>
    Object.values(run.nodes).flatMap((node) => {
      const wanted = calm.get(k)?.nodes[node.id];
      const same = node.status === wanted?.status && node.rowsIn === wanted.rowsIn && JSON.stringify(node.rowsOut) === JSON.stringify(wanted.rowsOut);
      return same ? [] : [`Job ${k} (${kinds[k]}), node ${node.id}: ${node.status} ${node.rowsIn} ${JSON.stringify(node.rowsOut)} instead of ${wanted?.status} ${wanted?.rowsIn} ${JSON.stringify(wanted?.rowsOut)}.`];
    }),
  );
  return [...lost, ...unasked, ...others, ...rows];
}

const siblingOf = (path: string): string => path.replace(/-volatile-.*/, '-volatile-a.csv');
const numberOf = (path: string): number => Number(/^(?:late-|from-)?(\d+)/.exec(path)?.[1] ?? Number.NaN);

async function wrongOutputs(round: Round, calm: Round, runs: ReadonlyMap<number, Run>): Promise<readonly string[]> {
  // A job whose request was cut short has no run, and then no files either. `from-3` is what there was to move.
  const there = (path: string): boolean => Number.isNaN(numberOf(path)) || runs.has(numberOf(path)) || path.startsWith('from-');
  const expected = filesBelow(calm.work).filter((path) => there(path) && !(path.startsWith('from-') && runs.has(numberOf(path))));
  const found = filesBelow(round.work).filter((path) => !isHalf(path));
  const wanted = new Set(expected);
  const extra = found.filter((path) => !wanted.has(path) && there(path) && !path.startsWith('from-')).map((path) => `${path} should not be there.`);
  const unmoved = found.filter((path) => path.startsWith('from-') && runs.has(numberOf(path))).map((path) => `${path} was not moved.`);
  const fresh = expected.filter((path) => path !== 'appended.csv' && !path.startsWith('from-'));
  const missing = fresh.filter((path) => !existsSync(join(round.work, path))).map((path) => `${path} is missing.`);
  const both = fresh.filter((path) => existsSync(join(round.work, path)));
  const texts = both
    .filter((path) => !/\.parquet$|-volatile-/.test(path) && !sameText(join(round.work, path), join(calm.work, path)))
    .map((path) => `${path} is not what the undisturbed run wrote.`);
  const tables = both.filter((path) => path.endsWith('.parquet'));
  const odd = await oddRows(tables.map((path) => [join(round.work, path), join(calm.work, path)] as const));
  const volatile = both
    .filter((path) => path.includes('-volatile-') && both.includes(siblingOf(path)) && !sameText(join(round.work, path), join(round.work, siblingOf(path))))
    .map((path) => `${path} has other rows than its sibling of the same source.`);
  return [...extra, ...unmoved, ...missing, ...texts, ...tables.filter((_, index) => odd[index] !== 0).map((path) => `${path} has other rows than the undisturbed run's.`), ...volatile];
}

const APPENDED = 40;

/** Each run of a job that appends has added its rows once. */
function wrongAppends({ work, kinds }: Round, runs: ReadonlyMap<number, Run>): readonly string[] {
  const path = join(work, 'appended.csv');
  const [header, ...lines] = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : ['job,n'];
  const found = new Map<number, string[]>();
  for (const line of lines) {
    const [k = '', n = ''] = line.split(',');
    found.set(Number(k), [...(found.get(Number(k)) ?? []), n]);
  }
  const all = Array.from({ length: APPENDED }, (_, n) => String(n)).join();
  return [
    ...(header === 'job,n' ? [] : [`appended.csv begins with "${header}".`]),
    ...kinds.flatMap((kind, k) => (kind !== 'append' || (found.get(k) ?? []).join() === (runs.has(k) ? all : '') ? [] : [`appended.csv has ${found.get(k)?.length ?? 0} rows of job ${k}, whose run is ${runs.get(k)?.status ?? 'not there'}.`])),
    ...[...found.keys()].filter((k) => kinds[k] !== 'append').map((k) => `appended.csv has rows of ${k}, which appends nothing.`),
  ];
}

/** What is left of files in the making, in both folders, and kept outputs that are not what their name says. */
function halfFiles({ work, dataDir, halves }: Round): readonly string[] {
  const own = filesBelow(dataDir);
  const outputs = own.filter((path) => path.startsWith('outputs/'));
  return [
    ...filesBelow(work).filter(isHalf),
    // What the engine had spilled goes at the next start, and a sample in the making goes with its run: it is worth no more.
    ...own.filter((path) => !/^(scratch|samples)\//.test(path) && /\.(part|new|tmp|partial)$|(^|\/)\.[^/]+$/.test(path)),
    ...outputs.filter((path) => basename(path) !== `${createHash('sha256').update(readFileSync(join(dataDir, path))).digest('hex')}.parquet`),
    ...own.filter((path) => /^samples\/.*\.json$/.test(path) && !isJson(join(dataDir, path))),
  ].map((path) => `${path} was left behind.`).concat(halves.map((path) => `${path} was not whole when the studio was killed.`));
}

/** Or empty: then it is as if there were no sample. */
function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, 'utf8') || 'null');
    return true;
  } catch {
    return false;
  }
}

/** Run list and statistics of days, held against each other. */
function wrongCounts(journal: Journal): readonly string[] {
  const { rows, total } = journal.runs({}, 0, ALL);
  const days = journal.days('2000-01-01');
  const sum = (key: 'completed' | 'failed' | 'cancelled'): number => days.reduce((all, day) => all + day[key], 0);
  const wrong = (['completed', 'failed', 'cancelled'] as const).filter((status) => sum(status) !== rows.filter((row) => row.status === status).length);
  return [
    ...(total === rows.length && new Set(rows.map((row) => row.id)).size === total ? [] : [`The run list says ${total} and has ${rows.length}.`]),
    ...wrong.map((status) => `The days count ${sum(status)} runs as ${status}, the list ${rows.filter((row) => row.status === status).length}.`),
    ...rows.filter((row) => !isTerminal(row.status)).map((row) => `Run ${row.id} is ${row.status}.`),
    ...(journal.unfinished().length === 0 ? [] : [`Unfinished: ${journal.unfinished().join(', ')}`]),
  ];
}

/** A run's events, counted: each node done once, and once more for each time that its repetition was announced; each attempt ended. */
function wrongHistory(run: Run, events: readonly StudioEvent[]): readonly string[] {
  const ends = events.filter((event) => /^Workflow(Completed|Failed|Cancelled)$/.test(event.type));
  const [interrupted, resumed] = [count(events, 'WorkflowInterrupted'), count(events, 'WorkflowResumed')];
  // Every node at most once for each time that the run began, went on or tried again.
  const most = Object.keys(run.nodes).length * (1 + resumed + count(events, 'NodeRetryScheduled'));
  const started = count(events, 'NodeExecutionStarted');
  const open = Object.values(run.nodes).flatMap((node) => node.attempts.filter((attempt) => attempt.outcome === 'running').map((attempt) => `${node.id} ${attempt.attempt}`));
  const repeats = events.flatMap((event) => (event.type === 'WorkflowResumed' ? event.data.repeat : []));
  const often = Object.keys(run.nodes).filter((node) => {
    const completed = events.filter((event) => event.type === 'NodeExecutionCompleted' && event.data.node === node).length;
    return completed > 1 + repeats.filter((one) => one === node).length;
  });
  const attempts = Object.values(run.nodes).filter((node) => new Set(node.attempts.map((one) => one.attempt)).size !== node.attempts.length);
  return [
    ...(ends.length === 1 && events.at(-1)?.id === ends[0]?.id ? [] : [`it ended ${ends.length} times, with ${events.at(-1)?.type}`]),
    ...(resumed <= interrupted ? [] : [`it was resumed ${resumed} times and interrupted ${interrupted} times`]),
    ...(started <= most ? [] : [`${started} nodes were started, and ${most} are the most`]),
    ...open.map((one) => `the attempt ${one} never ended`),
    ...often.map((node) => `${node} was completed more often than announced`),
    ...attempts.map((node) => `${node.id} has two attempts of one number`),
  ].map((what) => `Run ${run.id} (${run.workflowName}): ${what}.`);
}
