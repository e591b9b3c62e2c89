import { StudioError } from '#shared/errors';
import { EVENTS } from '#shared/events';
import type { NewEvent, StudioEvent } from '#shared/events';
import type { JsonObject } from '#shared/json';
import { isEventType, upcast } from '#shared/run/upcast';
import type { UpcastTable } from '#shared/run/upcast';
import { GENESIS, hex, linkOf, linkText } from './chain.ts';
import type { Database } from './database.ts';
import type { AppendOptions } from './journal.ts';
import type { Payloads } from './payloads.ts';
import { isDamage, isLoss } from './sqlite-errors.ts';
import { stepping } from './stepping.ts';

/** A row as SQLite gives it: StudioEvent with its data still text. */
interface Row {
  position: number;
  stream: string;
  version: number;
  type: string;
  schema: number;
  at: number;
  id: string;
  correlation: string | null;
  causation: string | null;
  data: string;
}

export interface EventTable {
  /** The data's text as the row will hold it; writes the payload file of a large one. Before the transaction. */
  pack(event: NewEvent): string;
  /** Inside a transaction: one link of the chain. Throws SQLite's constraint error where the version, an id or the position is taken. */
  insert(stream: string, after: number, events: readonly NewEvent[], packed: readonly string[], options: AppendOptions): StudioEvent[];
  /** The transaction was rolled back: where the chain ends is to be looked up again. */
  forgetHead(): void;
  /** 0 for a stream that does not exist. */
  version(stream: string): number;
  find(id: string): StudioEvent | undefined;
  stream(stream: string, afterVersion: number, limit: number): StudioEvent[];
  /** What can be read of a stream: an event whose data is damaged is left out. */
  legible(stream: string): StudioEvent[];
  all(afterPosition: number, limit: number): StudioEvent[];
  /** All of them, also those that only a whole walk finds where the index is damaged. */
  streams(): Iterable<string>;
  lastPosition(): number;
}

const COLUMNS = 'position, stream, version, type, schema, at, id, correlation, causation, data';

/** Where the chain ends: the newest event's position, and the hash the next link follows. */
interface Head {
  readonly position: number;
  readonly hash: string;
}

/** The events of a journal's file: rows in, events out, with what an older program wrote brought up to date while it is read. */
export function createEventTable(db: Database, payloads: Payloads, upcasts: UpcastTable): EventTable {
  const insertOne = db.prepare('INSERT INTO events (position, stream, version, type, schema, at, id, correlation, causation, data, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const lastOne = db.prepare<[], { position: number; hash: Buffer | null }>('SELECT position, hash FROM events ORDER BY position DESC LIMIT 1');
  const versionOf = db.prepare<[string], number | null>('SELECT max(version) FROM events WHERE stream = ?').pluck();
  const versionsOf = db.prepare<[string], number>('SELECT count(*) FROM events INDEXED BY sqlite_autoindex_events_2 WHERE stream = ?').pluck();
  const byId = db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM events WHERE id = ?`);
  const ofStream = db.prepare<[string, number, number], Row>(`SELECT ${COLUMNS} FROM events WHERE stream = ? AND version > ? ORDER BY version LIMIT ?`);
  // "at least", not "after": a reader that steps over a damaged page then lands on the first whole one and nothing is lost.
  const from = db.prepare<[number, number], Row>(`SELECT ${COLUMNS} FROM events WHERE position >= ? ORDER BY position LIMIT ?`);
  const nextStream = db.prepare<[string], string | null>('SELECT min(stream) FROM events WHERE stream > ?').pluck();
  const last = db.prepare<[], number | null>('SELECT max(position) FROM events').pluck();
  const lastById = db.prepare<[], number | null>('SELECT max(position) FROM (SELECT position FROM events INDEXED BY sqlite_autoindex_events_1)').pluck();

  let head: Head | null = null;
  const headNow = (): Head => {
    const found = lastOne.get();
    return { position: found?.position ?? 0, hash: found === undefined || found.hash === null ? GENESIS : hex(found.hash) };
  };

  const toEvent = (row: Row): StudioEvent => {
    const { type } = row;
    if (!isEventType(type)) throw new StudioError('unsupported', `The journal holds an event of a type this Millrace does not know: ${type}.`, { remedy: 'Install the newer version.' });
    let data: JsonObject;
    try {
      data = JSON.parse(payloads.unpack(row.data)) as JsonObject;
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown;
      throw new StudioError('io', `Event ${row.position} of the journal is damaged: its data cannot be read.`, { place: row.stream, detail: thrown.message, cause: thrown });
    }
    const current = EVENTS[type].schema;
    if (row.schema !== current) data = upcast(type, row.schema, data, current, upcasts);
    // The row becomes the event in place: on a replay of 100,000 a copy of each would be felt.
    const event = row as unknown as { data: JsonObject };
    event.data = data;
    return event as unknown as StudioEvent;
  };

  const toEvents = (rows: readonly Row[]): StudioEvent[] => {
    for (const row of rows) toEvent(row);
    return rows as unknown as StudioEvent[];
  };

  /** Rows of everything, in order; whether one was lost on the way. */
  const walk = (take: (row: Row) => void): boolean => {
    let lost = false;
    for (const step of stepping(lastPosition(), (at, limit) => from.all(at, limit))) {
      if ('rows' in step) step.rows.forEach(take);
      else lost = true;
    }
    return lost;
  };

  /** A stream whose index is damaged is found by walking over everything; one that has lost a row is not passed off as whole. */
  const rowsOfStream = (stream: string, afterVersion: number, limit: number): Row[] => {
    try {
      return ofStream.all(stream, afterVersion, limit);
    } catch (thrown) {
      if (!isDamage(thrown) || indexHolds(stream)) throw thrown;
      const rows: Row[] = [];
      const lost = walk((row) => {
        if (row.stream === stream && row.version > afterVersion) rows.push(row);
      });
      if (lost) throw thrown;
      return limit < 0 ? rows : rows.slice(0, limit);
    }
  };

  const indexHolds = (stream: string): boolean => {
    try {
      versionsOf.all(stream);
      return true;
    } catch {
      return false;
    }
  };

  const lastPosition = (): number => {
    try {
      return last.get() ?? 0;
    } catch {
      // The last page is damaged: an index still knows how far it went.
      return lastById.get() ?? 0;
    }
  };

  return {
    pack: (event) => payloads.pack(JSON.stringify(event.data)),
    insert(stream, after, events, packed, options) {
      // Remembered, not asked for: should another process have written meanwhile, the position is taken and the insert says so.
      const { position: before, hash: previous } = (head ??= headNow());
      const correlation = options.correlation ?? null;
      const causation = options.causation ?? null;
      let texts = '';
      let end = previous;
      const written = events.map((event, index) => {
        const position = before + 1 + index;
        const version = after + 1 + index;
        const { schema } = EVENTS[event.type];
        const { type, at, id, data } = event;
        const stored = packed[index] ?? '';
        texts += linkText({ position, stream, version, type, schema, at, id, correlation, causation, data: stored });
        const isLast = index === events.length - 1;
        if (isLast) end = linkOf(previous, texts);
        insertOne.run(position, stream, version, type, schema, at, id, correlation, causation, stored, isLast ? Buffer.from(end, 'hex') : null);
        // Written out, not spread: the shape of what is returned is the shape of what is read.
        return { position, stream, version, type, schema, at, id, correlation, causation, data } as StudioEvent;
      });
      head = { position: before + written.length, hash: end };
      return written;
    },
    forgetHead() {
      head = null;
    },
    version: (stream) => versionOf.get(stream) ?? 0,
    find(id) {
      const row = byId.get(id);
      return row === undefined ? undefined : toEvent(row);
    },
    stream: (stream, afterVersion, limit) => toEvents(rowsOfStream(stream, afterVersion, limit)),
    legible: (stream) =>
      rowsOfStream(stream, 0, -1).flatMap((row) => {
        try {
          return [toEvent(row)];
        } catch (thrown) {
          if (!isLoss(thrown)) throw thrown;
          return [];
        }
      }),
    all: (afterPosition, limit) => toEvents(from.all(afterPosition + 1, limit)),
    streams() {
      const found = new Set<string>();
      try {
        for (let stream = nextStream.get(''); stream !== null && stream !== undefined; stream = nextStream.get(stream)) found.add(stream);
      } catch (thrown) {
        if (!isDamage(thrown)) throw thrown;
        walk((row) => found.add(row.stream));
      }
      return found;
    },
    lastPosition,
  };
}
