import { statSync } from 'node:fs';
import type { StudioEvent } from '#shared/events';
import { hex } from './chain.ts';
import type { Database } from './database.ts';
import type { JournalStats } from './journal.ts';
import { isRunStream } from './projections.ts';
import { isDamage } from './sqlite-errors.ts';

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

interface Counts {
  events: number;
  streams: number;
  runs: number;
  unchained: number;
}

/** What can't be counted because a page is damaged is not counted: the monitor goes on, and verify tells. */
function unlessDamaged<T>(count: () => T): T | undefined {
  try {
    return count();
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown;
    return undefined;
  }
}

export interface Stats {
  now(): JournalStats;
  /** What this process has just written. */
  add(stream: string, written: readonly StudioEvent[]): void;
  /** It has removed something. */
  forget(): void;
}

/**
 * How much the journal holds. Counting walks an index, and the monitor asks every second: so it is counted once, then added to, and
 * counted again only when another process has written.
 */
export function createStats(db: Database, path: string): Stats {
  const countAll = db.prepare<[], Counts>(`SELECT (SELECT count(*) FROM events) AS events, (SELECT count(DISTINCT stream) FROM events) AS streams, (SELECT count(*) FROM runs) AS runs,
    (SELECT count(*) FROM events WHERE position <= (SELECT max(begins) FROM chain)) AS unchained`);
  const lastHash = db.prepare<[], Buffer | null>('SELECT hash FROM events ORDER BY position DESC LIMIT 1').pluck();
  const snapshots = db.prepare<[], number>('SELECT count(*) FROM snapshots').pluck();
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  let counted: Counts | undefined;
  let seen: number | undefined;

  return {
    now() {
      const version = dataVersion.get();
      if (counted === undefined || version !== seen) counted = unlessDamaged(() => countAll.get());
      seen = version;
      const { events, streams, runs, unchained } = counted ?? { events: 0, streams: 0, runs: 0, unchained: 0 };
      const last = unlessDamaged(() => lastHash.get()) ?? null;
      return { events, streams, runs, chained: events - unchained, head: last === null ? null : hex(last), snapshots: unlessDamaged(() => snapshots.get()) ?? 0, bytes: bytesOf(path) + bytesOf(`${path}-wal`) };
    },
    forget() {
      counted = undefined;
    },
    add(stream, written) {
      if (counted === undefined) return;
      counted.events += written.length;
      if (written[0]?.version === 1) counted.streams += 1;
      if (isRunStream(stream)) counted.runs += written.filter((event) => event.type === 'WorkflowRequested').length;
    },
  };
}
