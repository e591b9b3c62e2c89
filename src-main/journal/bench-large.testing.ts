import { randomUUID } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { NewEvent } from '#shared/events';
import { NodeId, RunId } from '#shared/ids';
import { replay } from '#shared/run/evolve';
import { runHistory } from '#shared/run/history.testing';
import { bareAppend, drop, figure, histories, median, pairs, parse, secondsOf } from './bench.testing.ts';
import type { JournalFigure } from './bench.testing.ts';
import { openDatabase } from './database.ts';
import { createJournal } from './sqlite.ts';

/** Runs that have been asked for already, and what is then written to each: 100 events of one durability. */
function streams(count: number, durable: boolean): { readonly stream: string; readonly request: NewEvent; readonly events: readonly NewEvent[] }[] {
  const node = NodeId.parse('node-1');
  return Array.from({ length: count }, (_, n) => {
    const run = `0199aa00-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const request = { ...runHistory({ run, nodes: 2 })[0], id: randomUUID() } as NewEvent;
    const events = Array.from({ length: 100 }, (_each, k): NewEvent => {
      const common = { at: 1_767_225_600_000 + k, id: randomUUID() };
      if (durable) return { ...common, type: 'NodeEffectIntended', data: { node, attempt: 1, effect: `e${k}`, what: 'Appends a line.', rows: 1, proof: null } };
      return { ...common, type: 'NodeExecutionStarted', data: { node, attempt: k + 1, segment: 's1' } };
    });
    return { stream: `run-${run}`, request, events };
  });
}

/** Events a second by durability (FULL waits for the disk at each commit, NORMAL does not) and by how many share a transaction. */
export function benchDurability({ folder, rounds = 3, transactions = 300 }: { readonly folder: string; readonly rounds?: number; readonly transactions?: number }): readonly JournalFigure[] {
  mkdirSync(folder, { recursive: true });
  const figures: JournalFigure[] = [];
  for (const durable of [true, false]) {
    for (const batch of [1, 10, 100]) {
      const made = streams(Math.max(1, Math.ceil((transactions * batch) / 100)), durable);
      const time = (bare: boolean): number => {
        const path = join(folder, 'durability.sqlite');
        drop(path);
        const journal = createJournal({ path });
        journal.together(() => made.forEach(({ stream, request }) => journal.append(stream, 'none', [request])));
        const db = openDatabase(path);
        const write = bare ? bareAppend(db) : (stream: string, after: number, some: readonly NewEvent[]): void => void journal.append(stream, after, some);
        const seconds = secondsOf(() => {
          for (const { stream, events } of made) for (let from = 0; from < events.length; from += batch) write(stream, from + 1, events.slice(from, from + batch));
        });
        journal.close();
        db.close();
        drop(path);
        return seconds;
      };
      figures.push(figure(`${durable ? 'FULL' : 'NORMAL'}, ${batch} a transaction`, made.length * 100, pairs(rounds, () => time(false), () => time(true))));
    }
  }
  return figures;
}

/** What a journal of many events costs. Seconds, but for the milliseconds of a start. */
export interface LargeJournal {
  readonly events: number;
  readonly runs: number;
  readonly megabytes: number;
  readonly writeSeconds: number;
  /** Opening it, the first page of the run list, and the runs that are unfinished: the median of five. */
  readonly startMs: number;
  /** The state of every run from its events; `bareReplaySeconds`: the same rows read, parsed and folded by hand. */
  readonly replaySeconds: number;
  readonly bareReplaySeconds: number;
  readonly verifySeconds: number;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

/** Writes that many events in runs of ten nodes, then starts, replays and verifies. Takes a minute for a million. */
export function benchLarge({ folder, events = 1_000_000 }: { readonly folder: string; readonly events?: number }): LargeJournal {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'large.sqlite');
  drop(path);
  const writer = createJournal({ path });
  const ids: RunId[] = [];
  let written = 0;
  const writeSome = (): void => {
    for (const { stream, events: own } of histories(Math.min(1_000, events - written), 10, ids.length)) {
      writer.append(stream, 'none', own);
      ids.push(RunId.parse(stream.slice(4)));
      written += own.length;
    }
  };
  const writeSeconds = secondsOf(() => {
    for (let batch = 0; batch < events / 1_000; batch += 1) writer.together(writeSome);
  });
  writer.close();
  const starts = Array.from({ length: 5 }, () =>
    secondsOf(() => {
      const journal = createJournal({ path });
      journal.runs({}, 0, 100);
      journal.unfinished();
      journal.close();
    }),
  );
  const journal = createJournal({ path });
  const bare = new Sqlite(path, { readonly: true });
  const ofStream = bare.prepare<[string], { data: unknown }>('SELECT position, stream, version, type, schema, at, id, correlation, causation, data FROM events WHERE stream = ? ORDER BY version');
  const [first, second] = [ids.slice(0, ids.length / 2), ids.slice(ids.length / 2)];
  const own = (some: readonly RunId[]): number => secondsOf(() => some.forEach((id) => journal.run(id)));
  const byHand = (some: readonly RunId[]): number => secondsOf(() => some.forEach((id) => replay(parse(ofStream.all(`run-${id}`)))));
  // In turn, so that neither finds every page warmed by the other.
  const firsts = [own(first), byHand(first)] as const;
  const seconds = [byHand(second), own(second)] as const;
  const replaySeconds = firsts[0] + seconds[1];
  const bareReplaySeconds = firsts[1] + seconds[0];
  bare.close();
  let problems = 0;
  const verifySeconds = secondsOf(() => {
    problems = journal.verify().problems.length;
  });
  journal.close();
  if (problems > 0) throw new Error(`${problems} problems in the journal that was measured`);
  const megabytes = statSync(path).size / 1e6;
  drop(path);
  return {
    events: written,
    runs: ids.length,
    megabytes: Math.round(megabytes),
    writeSeconds: tenths(writeSeconds),
    startMs: tenths(median(starts) * 1000),
    replaySeconds: tenths(replaySeconds),
    bareReplaySeconds: tenths(bareReplaySeconds),
    verifySeconds: tenths(verifySeconds),
  };
}
