import { statSync } from 'node:fs';
import type { StudioEvent } from '#shared/events';
import type { Database } from './database.ts';
import type { JournalStats } from './journal.ts';
import { isRunStream } from './projections.ts';

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

export interface Stats {
  now(): JournalStats;
  /** What this process has just written. */
  add(stream: string, written: readonly StudioEvent[]): void;
}

/**
 * How much the journal holds. Counting walks an index, and the monitor asks every second: so it is counted once, then added to, and
 * counted again only when another process has written.
 */
export function createStats(db: Database, path: string): Stats {
  const countAll = db.prepare<[], { events: number; streams: number; runs: number }>(
    'SELECT (SELECT count(*) FROM events) AS events, (SELECT count(DISTINCT stream) FROM events) AS streams, (SELECT count(*) FROM runs) AS runs',
  );
  const snapshots = db.prepare<[], number>('SELECT count(*) FROM snapshots').pluck();
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  let counted: { events: number; streams: number; runs: number } | undefined;
  let seen: number | undefined;

  return {
    now() {
      const version = dataVersion.get();
      if (counted === undefined || version !== seen) counted = countAll.get();
      seen = version;
      return { events: 0, streams: 0, runs: 0, ...counted, snapshots: snapshots.get() ?? 0, bytes: bytesOf(path) + bytesOf(`${path}-wal`) };
    },
    add(stream, written) {
      if (counted === undefined) return;
      counted.events += written.length;
      if (written[0]?.version === 1) counted.streams += 1;
      if (isRunStream(stream)) counted.runs += written.filter((event) => event.type === 'WorkflowRequested').length;
    },
  };
}
