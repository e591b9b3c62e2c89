import { hash } from 'node:crypto';
import { isOfASchedule, scheduleStream } from '#shared/events';
import type { StudioEvent } from '#shared/events';
import { evolveSchedule } from '#shared/schedule/state';
import type { ScheduleState } from '#shared/schedule/state';
import type { Database } from './database.ts';
import type { EventTable } from './event-table.ts';
import { decisionOf, givenUp, hasFired, neverCreated, rangeOf, scheduleOf } from './schedule-book.ts';
import type { Decided } from './schedule-book.ts';
import { isLoss } from './sqlite-errors.ts';

/** Goes up by one whenever `ScheduleState` or `evolveSchedule` changes: states of an older one are folded again. */
export const STATE_SCHEMA = 1;
/** Events read at once where a state is folded again: a stream may be a million long. */
const PAGE = 2_000;

/** A schedule's row. */
export interface StateRow {
  readonly id: string;
  readonly version: number;
  readonly schema: number;
  readonly hash: string;
  readonly state: string;
}

export const stateHash = (id: string, version: number, state: string): string => hash('sha256', `${id} ${version} ${STATE_SCHEMA} ${state}`);

/** The state a row holds; null where it is of another schema or not as it was written. */
export const stateIn = (row: StateRow): ScheduleState | null => (row.schema === STATE_SCHEMA && row.hash === stateHash(row.id, row.version, row.state) ? (JSON.parse(row.state) as ScheduleState) : null);

/** What a row says of a state: version, deleted, schema, hash, state. */
function valuesOf(state: ScheduleState): readonly [number, number, number, string, string] {
  const text = JSON.stringify(state);
  return [state.version, state.deleted ? 1 : 0, STATE_SCHEMA, stateHash(state.id, state.version, text), text];
}

/** The fold of a schedule's events before version `before`; of a damaged stream, of those that can be read. */
export function foldSchedule(table: Pick<EventTable, 'stream' | 'legible'>, id: string, before = Number.MAX_SAFE_INTEGER): ScheduleState | null {
  const stream = scheduleStream(id);
  let state: ScheduleState | null = null;
  let after = 0;
  const add = (events: readonly StudioEvent[]): void => {
    for (const event of events) if (event.version < before) state = evolveSchedule(state, event);
  };
  try {
    for (;;) {
      const events = table.stream(stream, after, PAGE);
      add(events);
      after = events.at(-1)?.version ?? before;
      if (events.length < PAGE || after >= before - 1) return state;
    }
  } catch (thrown) {
    if (!isLoss(thrown)) throw thrown;
    state = null;
    add(table.legible(stream));
    return state;
  }
}

export interface ScheduleTables {
  /** Inside the transaction that wrote `events`, all of one schedule's stream. Throws conflict where an occurrence has fired before. */
  apply(stream: string, events: readonly StudioEvent[]): void;
  /** Writes states that were folded again over those that are of no use; a newer one stays. */
  restate(states: readonly ScheduleState[]): void;
  clear(): void;
}

/** Schedules and what became of their occurrences, as `record` says it, in tables: each event costs its own rows and the schedule's. */
export function createScheduleTables(db: Database, table: Pick<EventTable, 'stream' | 'legible'>): ScheduleTables {
  const stored = db.prepare<[string], StateRow>('SELECT id, version, schema, hash, state FROM schedules WHERE id = ?');
  const put = db.prepare(`INSERT INTO schedules (position, id, version, deleted, schema, hash, state) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, deleted = excluded.deleted, schema = excluded.schema, hash = excluded.hash, state = excluded.state`);
  const putAgain = db.prepare('UPDATE schedules SET version = ?, deleted = ?, schema = ?, hash = ?, state = ? WHERE id = ? AND version <= ?');
  const insertOne = db.prepare('INSERT INTO occurrences (schedule_id, nominal_time, outcome, at, run_id, how, reason, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const changeOne = db.prepare(`UPDATE occurrences SET outcome = ?, at = ?, run_id = ?, how = ?, reason = ?, detail = ? WHERE schedule_id = ? AND nominal_time = ? AND outcome <> 'fired'`);
  const insertRange = db.prepare('INSERT INTO missed (position, schedule_id, nominal_time, last_nominal_time, count, at, reason) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const rangeAround = db.prepare<[string, number, number], { position: number; count: number }>(
    'SELECT position, count FROM missed WHERE schedule_id = ? AND last_nominal_time >= ? AND nominal_time <= ? ORDER BY position DESC LIMIT 1',
  );
  const oneLess = db.prepare('UPDATE missed SET count = count - 1 WHERE position = ?');
  const dropRange = db.prepare('DELETE FROM missed WHERE position = ?');

  /** Whether it had not fired. */
  const change = (id: string, { nominalTime, outcome, at, runId, how, reason, detail }: Decided): boolean => changeOne.run(outcome, at, runId, how, reason, detail, id, nominalTime).changes > 0;
  const decide = (id: string, decided: Decided): void => {
    const { nominalTime, outcome, at, runId, how, reason, detail } = decided;
    if (insertOne.run(id, nominalTime, outcome, at, runId, how, reason, detail).changes === 0) {
      if (!change(id, decided)) throw hasFired(id, nominalTime);
      return;
    }
    const range = rangeAround.get(id, nominalTime, nominalTime);
    if (range !== undefined) (range.count === 1 ? dropRange : oneLess).run(range.position);
  };

  const before = (id: string, version: number): ScheduleState | null => {
    const row = stored.get(id);
    return (row?.version === version ? stateIn(row) : null) ?? foldSchedule(table, id, version + 1);
  };

  return {
    apply(stream, events) {
      const [first] = events;
      if (first === undefined) return;
      const id = scheduleOf(stream);
      let state = first.version === 1 ? null : before(id, first.version - 1);
      for (const event of events) {
        if (!isOfASchedule(event)) continue;
        for (const one of givenUp(state, event)) change(id, one);
        state = evolveSchedule(state, event);
        if (state === null) throw neverCreated(stream);
        const decided = decisionOf(event);
        if (decided !== null) decide(id, decided);
        const range = rangeOf(event);
        if (range !== null) insertRange.run(range.position, id, range.nominalTime, range.lastNominalTime, range.count, range.at, range.reason);
      }
      if (state === null) return;
      put.run(first.position, id, ...valuesOf(state));
    },
    restate(states) {
      for (const state of states) putAgain.run(...valuesOf(state), state.id, state.version);
    },
    clear: () => void db.exec('DELETE FROM schedules; DELETE FROM occurrences; DELETE FROM missed;'),
  };
}
