import type { StudioEvent } from '#shared/events';
import type { Database } from './database.ts';
import { bookOf } from './schedule-book.ts';
import { stateIn } from './schedule-tables.ts';
import type { StateRow } from './schedule-tables.ts';

export interface ScheduleCheck {
  /** What is wrong with the rows of a schedule, given the events of its stream. Throws where these can't follow one another. */
  problems(stream: string, events: readonly StudioEvent[]): Generator<string>;
  /** After all streams: rows of no stream. */
  strays(): Generator<string>;
}

/** Compares the tables of schedules with the events. */
export function createScheduleCheck(db: Database): ScheduleCheck {
  const stateRow = db.prepare<[string], StateRow & { position: number; deleted: number }>('SELECT position, id, version, deleted, schema, hash, state FROM schedules WHERE id = ?');
  const decided = db.prepare<[string], object>(
    'SELECT outcome, nominal_time AS nominalTime, at, run_id AS runId, how, reason, detail FROM occurrences WHERE schedule_id = ? ORDER BY nominal_time',
  );
  const missed = db.prepare<[string], object>('SELECT position, nominal_time AS nominalTime, last_nominal_time AS lastNominalTime, count, at, reason FROM missed WHERE schedule_id = ? ORDER BY position');
  const count = (table: string): number => Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const expected = { schedules: 0, occurrences: 0, missed: 0 };

  return {
    *problems(stream, events) {
      const book = bookOf(events);
      if (book.state === null) return;
      const { id, version, deleted } = book.state;
      expected.schedules += 1;
      expected.occurrences += book.decided.size;
      expected.missed += book.missed.length;
      const row = stateRow.get(id);
      const isIt = row !== undefined && row.position === events[0]?.position && row.version === version && row.deleted === (deleted ? 1 : 0) && row.state === JSON.stringify(book.state) && stateIn(row) !== null;
      if (!isIt) yield `${stream}: the list of schedules does not say what the events say`;
      const sorted = [...book.decided.values()].toSorted((a, b) => a.nominalTime - b.nominalTime);
      if (JSON.stringify(decided.all(id)) !== JSON.stringify(sorted)) yield `${stream}: the list of occurrences does not say what the events say`;
      if (JSON.stringify(missed.all(id)) !== JSON.stringify(book.missed)) yield `${stream}: the list of missed occurrences does not say what the events say`;
    },
    *strays() {
      for (const table of ['schedules', 'occurrences', 'missed'] as const) {
        if (count(table) !== expected[table]) yield `The table ${table} has ${count(table)} rows, the events ${expected[table]}`;
      }
    },
  };
}
