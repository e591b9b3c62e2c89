import { StudioError } from '#shared/errors';
import type { NewEvent, StudioEvent } from '#shared/events';
import { isDurable } from './check-event.ts';
import type { Database } from './database.ts';
import type { EventTable } from './event-table.ts';
import type { AppendOptions, ExpectedVersion } from './journal.ts';
import { sqliteCode } from './sqlite-errors.ts';

const conflict = (stream: string, expected: ExpectedVersion, found: number): StudioError =>
  new StudioError('conflict', 'Somebody else has written to this history meanwhile.', { place: stream, remedy: 'Read it again and decide anew.', detail: `expected version ${expected}, found ${found}` });

/** The version an append must find. `any` takes what is there. */
export function checkExpected(stream: string, expected: ExpectedVersion, found: number): void {
  if (expected !== 'any' && (expected === 'none' ? 0 : expected) !== found) throw conflict(stream, expected, found);
}

/**
 * Parts a batch into what the journal holds already and what is new. An id in another stream is a conflict; one that comes twice in
 * the batch counts once. Without anything new the append is a repeat, and is answered with what is stored, whatever it expected.
 */
export function sift(stream: string, events: readonly NewEvent[], find: (id: string) => StudioEvent | undefined): { readonly stored: Map<string, StudioEvent>; readonly fresh: NewEvent[] } {
  const stored = new Map<string, StudioEvent>();
  const fresh = new Map<string, NewEvent>();
  for (const event of events) {
    const known = find(event.id);
    if (known === undefined) fresh.set(event.id, fresh.get(event.id) ?? event);
    else if (known.stream === stream) stored.set(event.id, known);
    else throw new StudioError('conflict', 'An event with this id is in another history already.', { place: stream, detail: `${event.id} is in ${known.stream}` });
  }
  return { stored, fresh: [...fresh.values()] };
}

/** How many streams' versions are remembered, so that an append need not ask for them. */
const VERSIONS = 10_000;

export type Append = (stream: string, expected: ExpectedVersion, events: readonly NewEvent[], options: AppendOptions) => { readonly result: readonly StudioEvent[]; readonly written: readonly StudioEvent[] };

/**
 * Appends in one BEGIN IMMEDIATE, `project` inside it. The way that nearly always succeeds asks nothing first: it writes at the
 * remembered version, and the table's own constraints say when that was wrong; only then the slower way looks at what is there.
 * Durability is `PRAGMA synchronous`, which SQLite changes only between transactions: so it is switched before, and only when the
 * class differs from the last one's (0.001 ms; the FULL commit itself is what costs).
 */
export function createAppend(db: Database, table: EventTable, project: (stream: string, written: readonly StudioEvent[]) => void, forget: (stream: string) => void): Append {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const versions = new Map<string, number>();
  let full = false;

  const remember = (stream: string, version: number): void => {
    if (!versions.has(stream) && versions.size >= VERSIONS) versions.delete(versions.keys().next().value ?? stream);
    versions.set(stream, version);
  };

  const transaction = <T>(stream: string, durable: boolean, work: () => T): T => {
    if (durable !== full) {
      db.exec(durable ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL');
      full = durable;
    }
    begin.run();
    try {
      const done = work();
      commit.run();
      return done;
    } catch (thrown) {
      // A full disk has rolled back already.
      if (db.inTransaction) rollback.run();
      versions.delete(stream);
      forget(stream);
      throw thrown;
    }
  };

  const settle = (stream: string, expected: ExpectedVersion, events: readonly NewEvent[], packed: readonly string[], options: AppendOptions): ReturnType<Append> =>
    transaction(stream, events.some(isDurable), () => {
      const found = table.version(stream);
      const { stored, fresh } = sift(stream, events, (id) => table.find(id));
      if (fresh.length > 0) checkExpected(stream, expected, found);
      const written = table.insert(stream, found, fresh, fresh.map((event) => packed[events.indexOf(event)] ?? table.pack(event)), options);
      project(stream, written);
      for (const event of written) stored.set(event.id, event);
      remember(stream, found + written.length);
      return { result: events.flatMap((event) => stored.get(event.id) ?? []), written };
    });

  return (stream, expected, events, options) => {
    const packed = events.map((event) => table.pack(event));
    const known = expected === 'none' ? 0 : (versions.get(stream) ?? table.version(stream));
    if (expected !== 'any' && expected !== 'none' && expected !== known) return settle(stream, expected, events, packed, options);
    try {
      const written = transaction(stream, events.some(isDurable), () => {
        const inserted = table.insert(stream, known, events, packed, options);
        project(stream, inserted);
        return inserted;
      });
      remember(stream, known + written.length);
      return { result: written, written };
    } catch (thrown) {
      if (!sqliteCode(thrown).startsWith('SQLITE_CONSTRAINT')) throw thrown;
      return settle(stream, expected, events, packed, options);
    }
  };
}
