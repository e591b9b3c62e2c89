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

/** What was remembered is not so any more. */
const STALE = new Error('stale');

/** How many streams' versions are remembered, so that an append need not ask for them. */
const VERSIONS = 10_000;

type Append = (stream: string, expected: ExpectedVersion, events: readonly NewEvent[], options: AppendOptions) => { readonly result: readonly StudioEvent[]; readonly written: readonly StudioEvent[] };

export interface Appending {
  readonly append: Append;
  /** Appends made inside share one durable commit. One that fails takes back itself alone; should the commit fail, none has happened. */
  readonly together: <T>(work: () => T) => T;
  /** Appends made inside are all written or none is, in one durable commit: the one that is shared, where there is one. */
  readonly atomic: <T>(work: () => T) => T;
  /** The stream is gone. */
  readonly forget: (stream: string) => void;
  /** Runs `work`, whose writes are worth no waiting for the disk. */
  readonly relaxed: <T>(work: () => T) => T;
}

/**
 * Appends in one BEGIN IMMEDIATE, `project` inside it. The way that nearly always succeeds asks nothing first: it writes at the
 * remembered version (forgotten where another connection has written since), and the table's own constraints say when that was wrong; only then the slower way looks at what is there.
 * Durability is `PRAGMA synchronous`, which SQLite changes only between transactions: so it is switched before, and only when the
 * class differs from the last one's (0.001 ms; the FULL commit itself is what costs).
 */
export function createAppend(db: Database, table: EventTable, project: (stream: string, written: readonly StudioEvent[]) => void, forget: (stream: string) => void): Appending {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const markOf = (name: string) => ({ set: db.prepare(`SAVEPOINT ${name}`), keep: db.prepare(`RELEASE ${name}`), drop: db.prepare(`ROLLBACK TO ${name}`) });
  const one = markOf('one');
  const several = markOf('several');
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  const versions = new Map<string, number>();
  let seen = dataVersion.get();
  let full = false;
  /** The streams written to so far in the commit that appends share. */
  let shared: Set<string> | null = null;

  const remember = (stream: string, version: number): void => {
    if (!versions.has(stream) && versions.size >= VERSIONS) versions.delete(versions.keys().next().value ?? stream);
    versions.set(stream, version);
  };

  /** Another connection has written since: a run may have been removed, and what is remembered of it and of the chain's end with it. */
  const lookAround = (): void => {
    const now = dataVersion.get();
    if (now === seen) return;
    seen = now;
    versions.clear();
    table.forgetHead();
  };
  const versionNow = (stream: string, expected: ExpectedVersion): number => (expected === 'none' ? 0 : (versions.get(stream) ?? table.version(stream)));

  /** What was written to these streams is taken back. */
  const takenBack = (streams: Iterable<string>): void => {
    table.forgetHead();
    for (const stream of streams) {
      versions.delete(stream);
      forget(stream);
    }
  };

  /** A part of the commit that is shared: when `work`, which writes to `streams`, fails, it takes back itself alone. */
  const partOfShared = <T>({ set, keep, drop }: typeof one, streams: Iterable<string>, work: () => T): T => {
    // A full disk has taken back all of it.
    if (!db.inTransaction) throw new StudioError('io', 'The journal could not be written, and nothing was half written.', { place: [...streams].join(', '), remedy: 'Make room on the disk and try again.' });
    set.run();
    try {
      const done = work();
      keep.run();
      return done;
    } catch (thrown) {
      if (db.inTransaction) {
        drop.run();
        keep.run();
      }
      takenBack(streams);
      throw thrown;
    }
  };

  const transaction = <T>(stream: string, durable: boolean, work: () => T): T => {
    if (shared !== null) {
      const done = partOfShared(one, [stream], work);
      shared.add(stream);
      return done;
    }
    return commitOf([stream], durable, work);
  };

  const durability = (durable: boolean): void => {
    if (durable === full || shared !== null) return;
    db.exec(durable ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL');
    full = durable;
  };

  const commitOf = <T>(streams: Iterable<string>, durable: boolean, work: () => T): T => {
    durability(durable);
    begin.run();
    try {
      lookAround();
      const done = work();
      commit.run();
      return done;
    } catch (thrown) {
      // A full disk has rolled back already.
      if (db.inTransaction) rollback.run();
      takenBack(streams);
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

  const append: Append = (stream, expected, events, options) => {
    const packed = events.map((event) => table.pack(event));
    const known = versionNow(stream, expected);
    if (expected !== 'any' && expected !== 'none' && expected !== known) return settle(stream, expected, events, packed, options);
    try {
      const written = transaction(stream, events.some(isDurable), () => {
        if (versionNow(stream, expected) !== known) throw STALE;
        const inserted = table.insert(stream, known, events, packed, options);
        project(stream, inserted);
        return inserted;
      });
      remember(stream, known + written.length);
      return { result: written, written };
    } catch (thrown) {
      if (thrown !== STALE && !sqliteCode(thrown).startsWith('SQLITE_CONSTRAINT')) throw thrown;
      return settle(stream, expected, events, packed, options);
    }
  };

  const together = <T>(work: () => T): T => {
    if (shared !== null) return work();
    const streams = new Set<string>();
    durability(true);
    shared = streams;
    try {
      return commitOf(streams, true, work);
    } finally {
      shared = null;
    }
  };

  return {
    append,
    together,
    atomic(work) {
      const all = shared;
      if (all === null) return together(work);
      const streams = new Set<string>();
      shared = streams;
      try {
        const done = partOfShared(several, streams, work);
        for (const stream of streams) all.add(stream);
        return done;
      } finally {
        shared = all;
      }
    },
    forget(stream) {
      versions.delete(stream);
      forget(stream);
    },
    relaxed(work) {
      durability(false);
      return work();
    },
  };
}
