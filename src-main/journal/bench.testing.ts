import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { NewEvent } from '#shared/events';
import { RunId } from '#shared/ids';
import { replay } from '#shared/run/evolve';
import { runHistory } from '#shared/run/history.testing';
import { isDurable } from './check-event.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { createJournal } from './sqlite.ts';

/** Events a second; `ratio` is the journal's over bare better-sqlite3's, the median of the rounds' own ratios. */
export interface JournalFigure {
  readonly what: string;
  readonly journal: number;
  readonly bare: number;
  readonly ratio: number;
}

export interface JournalBench {
  readonly figures: readonly JournalFigure[];
  /** Whole runs a second through the journal: a ten-node run, one append an event. */
  readonly runsPerSecond: number;
  /** Milliseconds: the run list's slowest question over `runs` runs, and opening the file. */
  readonly list: { readonly runs: number; readonly slowestMs: number; readonly openMs: number };
}

export interface JournalBenchOptions {
  /** An empty folder to write in. */
  readonly folder: string;
  /** Each is timed journal and bare in turn. */
  readonly rounds?: number;
  readonly events?: number;
  readonly readEvents?: number;
  readonly listedRuns?: number;
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export const secondsOf = (work: () => void): number => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};

/** Runs of ten nodes, with ids as the executor makes them, until there are enough events. */
export function histories(events: number, nodes: number, first = 0): { readonly stream: string; readonly events: readonly NewEvent[] }[] {
  const made: { stream: string; events: NewEvent[] }[] = [];
  for (let left = events, n = first; left > 0; n += 1) {
    const run = `0199aa00-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const history = runHistory({ run, nodes, at: 1_767_225_600_000 + n * 40, end: n % 20 === 19 ? 'failed' : 'completed' }).map((event) => ({ ...event, id: randomUUID() }));
    made.push({ stream: `run-${run}`, events: history });
    left -= history.length;
  }
  return made;
}

export type Append = (stream: string, after: number, events: readonly NewEvent[]) => void;

/** The same table, indices and transactions of the same durability, written by hand: no checks, no projections, no snapshots. */
export function bareAppend(db: Database): Append {
  const insert = db.prepare('INSERT INTO events (stream, version, type, schema, at, id, correlation, causation, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  let full = false;
  return (stream, after, events) => {
    const durable = events.some(isDurable);
    if (durable !== full) db.exec(durable ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL');
    full = durable;
    begin.run();
    let version = after;
    for (const event of events) insert.run(stream, (version += 1), event.type, 1, event.at, event.id, null, null, JSON.stringify(event.data));
    commit.run();
  };
}

function appendAll(made: ReturnType<typeof histories>, batch: number, append: Append): void {
  for (const { stream, events } of made) {
    for (let from = 0; from < events.length; from += batch) append(stream, from, events.slice(from, from + batch));
  }
}

export const countOf = (made: ReturnType<typeof histories>): number => made.reduce((sum, { events }) => sum + events.length, 0);

export function figure(what: string, events: number, timed: readonly { readonly journal: number; readonly bare: number }[]): JournalFigure {
  return {
    what,
    journal: Math.round(events / median(timed.map((pair) => pair.journal))),
    bare: Math.round(events / median(timed.map((pair) => pair.bare))),
    ratio: Math.round(median(timed.map((pair) => pair.bare / pair.journal)) * 100) / 100,
  };
}

/** Which of the two goes first changes with the round, so that neither has the warm disk for itself. */
export function pairs(rounds: number, journal: (round: number) => number, bare: (round: number) => number): { journal: number; bare: number }[] {
  return Array.from({ length: rounds }, (_, round) => {
    const first = round % 2 === 0 ? journal(round) : bare(round);
    const second = round % 2 === 0 ? bare(round) : journal(round);
    return round % 2 === 0 ? { journal: first, bare: second } : { journal: second, bare: first };
  });
}

export const drop = (path: string): void => ['', '-wal', '-shm'].forEach((end) => rmSync(`${path}${end}`, { force: true }));

export const parse = (rows: { data: unknown }[]): NewEvent[] => {
  for (const row of rows) row.data = JSON.parse(row.data as string);
  return rows as unknown as NewEvent[];
};

/** Measures append and replay against bare better-sqlite3 doing the same inserts and reads in the same process. Takes some seconds. */
export function benchJournal({ folder, rounds = 5, events = 20_000, readEvents = 100_000, listedRuns = 100_000 }: JournalBenchOptions): JournalBench {
  mkdirSync(folder, { recursive: true });
  let files = 0;
  const fresh = (): string => {
    const path = join(folder, `bench-${(files += 1)}.sqlite`);
    drop(path);
    return path;
  };
  const figures: JournalFigure[] = [];

  const timeAppend = (made: ReturnType<typeof histories>, batch: number, bare: boolean): number => {
    const path = fresh();
    const journal = createJournal({ path });
    const db = openDatabase(path);
    const write = bare ? bareAppend(db) : (stream: string, after: number, some: readonly NewEvent[]): void => void journal.append(stream, after === 0 ? 'none' : after, some);
    const seconds = secondsOf(() => appendAll(made, batch, write));
    journal.close();
    db.close();
    drop(path);
    return seconds;
  };

  const shapes = [
    { batch: 1, nodes: 10, what: 'append, one event a transaction, runs of 10 nodes' },
    { batch: 10, nodes: 10, what: 'append, 10 events a transaction, runs of 10 nodes' },
    { batch: 100, nodes: 48, what: 'append, up to 100 events a transaction, runs of 48 nodes' },
    { batch: 100, nodes: 498, what: 'append, 100 events a transaction, runs of 498 nodes' },
  ];
  let runsPerSecond = 0;
  for (const { batch, nodes, what } of shapes) {
    const made = histories(events, nodes);
    const timed = pairs(rounds, () => timeAppend(made, batch, false), () => timeAppend(made, batch, true));
    figures.push(figure(what, countOf(made), timed));
    if (batch === 1) runsPerSecond = Math.round(made.length / median(timed.map((pair) => pair.journal)));
  }

  const path = fresh();
  const journal = createJournal({ path });
  const made = histories(readEvents, 10);
  appendAll(made, 100, (stream, after, some) => void journal.append(stream, after === 0 ? 'none' : after, some));
  const long = histories(2_000, 998, 9_000_000)[0] ?? { stream: '', events: [] };
  appendAll([long], 90, (stream, after, some) => void journal.append(stream, after === 0 ? 'none' : after, some));
  const bare = new Sqlite(path, { readonly: true });
  const bareAll = bare.prepare<[number, number], { data: unknown }>('SELECT position, stream, version, type, schema, at, id, correlation, causation, data FROM events WHERE position > ? ORDER BY position LIMIT ?');
  const bareStream = bare.prepare<[string], { data: unknown }>('SELECT position, stream, version, type, schema, at, id, correlation, causation, data FROM events WHERE stream = ? ORDER BY version');
  const page = 1_000;
  const readAll = (read: (after: number) => unknown): number =>
    secondsOf(() => {
      for (let after = 0; after < readEvents; after += page) read(after);
    });
  figures.push(figure(`reading ${readEvents} events, 1,000 at a time`, readEvents, pairs(rounds, () => readAll((after) => journal.readAll(after, page)), () => readAll((after) => parse(bareAll.all(after, page))))));

  const some = made.slice(0, 1_000);
  const replayed = countOf(some);
  figures.push(
    figure(
      'replay of runs of 10 nodes, one after the other',
      replayed,
      pairs(
        rounds,
        () => secondsOf(() => some.forEach(({ stream }) => journal.run(RunId.parse(stream.slice(4))))),
        () => secondsOf(() => some.forEach(({ stream }) => replay(parse(bareStream.all(stream))))),
      ),
    ),
  );
  figures.push(
    figure(
      'state of one run of 998 nodes',
      long.events.length,
      pairs(
        rounds,
        () => {
          const again = createJournal({ path, readOnly: true });
          const seconds = secondsOf(() => void again.run(RunId.parse(long.stream.slice(4))));
          again.close();
          return seconds;
        },
        () => secondsOf(() => void replay(parse(bareStream.all(long.stream)))),
      ),
    ),
  );
  journal.close();
  bare.close();
  drop(path);
  const listed = fresh();
  const list = benchList(listed, listedRuns);
  drop(listed);
  return { figures, runsPerSecond, list };
}

/** Rows of the run list and two events a run, as the journal would have written them, without waiting for 100,000 durable commits. */
const FILL = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO`;
const RUN = `printf('0199aa00-0000-7000-8000-%012d', i)`;

/** The run list's questions over many runs; every one is asked five times and the slowest median counts. */
function benchList(path: string, runs: number): JournalBench['list'] {
  createJournal({ path }).close();
  const db = openDatabase(path);
  db.transaction(() => {
    for (const [offset, type] of [[0, 'WorkflowRequested'], [1, 'WorkflowCompleted']] as const) {
      db.prepare(`${FILL} events (position, stream, version, type, schema, at, id, correlation, causation, data) SELECT i * 2 - 1 + ${offset}, 'run-' || ${RUN}, ${offset + 1}, '${type}', 1, i * 1000, ${RUN} || '-${offset}', NULL, NULL, '{}' FROM n`).run(runs);
    }
    db.prepare(`${FILL} runs SELECT i * 2 - 1, ${RUN}, 'workflow-' || (i % 40), 'Workflow number ' || (i % 40), iif(i % 20, 'completed', 'failed'), 'manual',
      i * 1000, i * 1000 + 2, i * 1000 + 40, 38.25, i, iif(i % 20, NULL, 'The file is not there, and this is a sentence that says so.') FROM n`).run(runs);
  }).immediate();
  db.close();
  const openings = Array.from({ length: 5 }, () => secondsOf(() => createJournal({ path }).close()));
  const again = createJournal({ path });
  const questions = [
    () => again.runs({}, 0, 100),
    () => again.runs({}, runs - 100, 100),
    () => again.runs({ status: ['failed'] }, 0, 100),
    () => again.runs({ status: ['failed', 'cancelled', 'running'] }, 0, 100),
    () => again.runs({ workflowId: 'workflow-7', status: ['failed'] }, 0, 100),
    () => again.runs({ search: 'number 39' }, 0, 100),
    () => again.runs({ search: 'nothing has this' }, 0, 100),
    () => again.runs({ trigger: 'cli' }, 0, 100),
    () => again.runs({ from: 1000, to: 50_000_000, search: 'number 3' }, 200, 100),
    () => again.lastRuns(14),
    () => again.unfinished(),
  ];
  const slowest = Math.max(...questions.map((ask) => median(Array.from({ length: 5 }, () => secondsOf(ask)))));
  again.close();
  return { runs, slowestMs: Math.round(slowest * 10_000) / 10, openMs: Math.round(median(openings) * 10_000) / 10 };
}
