import type { OccurrenceRow } from '#shared/contract/schedules';
import { scheduleStream } from '#shared/events';
import type { ScheduleId } from '#shared/ids';
import type { ScheduleState } from '#shared/schedule/state';
import type { Database } from './database.ts';
import type { EventTable } from './event-table.ts';
import type { OccurrenceFilter, OccurrencePage } from './journal.ts';
import { foldSchedule, stateIn } from './schedule-tables.ts';
import type { StateRow } from './schedule-tables.ts';

/** As `Journal` promises them. */
export interface ScheduleList {
  all(): readonly ScheduleState[];
  one(id: ScheduleId): ScheduleState | null;
  occurrences(filter: OccurrenceFilter, offset: number, limit: number): OccurrencePage;
  /** States that had to be folded from their events since this was last asked. */
  folded(): readonly ScheduleState[];
}

/** As a row is stored, without what the schedule's state says. */
type Listed = Omit<OccurrenceRow, 'workflowId' | 'workflowName'> & { readonly position: number };

interface Part {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

const STATE = `SELECT id, version, schema, hash, state, (SELECT max(version) FROM events WHERE stream = 'schedule-' || schedules.id) AS last FROM schedules`;
const SINGLE = 'SELECT nominal_time AS nominalTime, schedule_id AS scheduleId, 0 AS position, outcome, nominal_time AS lastNominalTime, 1 AS count, at, run_id AS runId, how, reason, detail FROM occurrences';
const RANGE = `SELECT nominal_time AS nominalTime, schedule_id AS scheduleId, position, 'missed' AS outcome, last_nominal_time AS lastNominalTime, count, at, NULL AS runId, NULL AS how, reason, NULL AS detail FROM missed`;

const where = (parts: readonly (Part | null)[]): Part => {
  const used = parts.filter((part) => part !== null);
  return { sql: used.length === 0 ? '' : ` WHERE ${used.map((part) => part.sql).join(' AND ')}`, values: used.flatMap((part) => part.values) };
};
const part = (sql: string, value: string | number | undefined): Part | null => (value === undefined ? null : { sql, values: [value] });

/** The tables a filter asks, each with its condition. */
function asked({ scheduleId, outcomes, from, to }: OccurrenceFilter): readonly { readonly select: string; readonly table: string; readonly condition: Part }[] {
  const single = outcomes?.filter((outcome) => outcome !== 'missed') ?? null;
  const ofSchedule = part('schedule_id = ?', scheduleId);
  const until = part('nominal_time <= ?', to);
  const chosen = single === null ? null : { sql: `outcome IN (${single.map(() => '?').join(', ')})${single.includes('fired') ? '' : ` AND outcome <> 'fired'`}`, values: single };
  return [
    ...(single?.length === 0 ? [] : [{ select: SINGLE, table: 'occurrences', condition: where([ofSchedule, part('nominal_time >= ?', from), until, chosen]) }]),
    ...(outcomes?.includes('missed') === false ? [] : [{ select: RANGE, table: 'missed', condition: where([ofSchedule, part('last_nominal_time >= ?', from), until]) }]),
  ];
}

/**
 * Questions to the tables of schedules. A state that is not as it was written, or behind its events, is folded from them, and kept here
 * until there are more; whoever writes may write it anew.
 */
export function createScheduleList(db: Database, table: Pick<EventTable, 'stream' | 'legible' | 'version'>): ScheduleList {
  const folded = new Map<string, { readonly last: number; readonly state: ScheduleState | null }>();
  let fresh: ScheduleState[] = [];
  const states = db.prepare<[], StateRow & { last: number | null }>(`${STATE} WHERE deleted = 0 ORDER BY id`);
  const stateOf = db.prepare<[string], StateRow & { last: number | null }>(`${STATE} WHERE id = ?`);

  const again = (id: string, last: number): ScheduleState | null => {
    const known = folded.get(id);
    if (known?.last === last) return known.state;
    const state = foldSchedule(table, id);
    folded.set(id, { last, state });
    if (state !== null) fresh.push(state);
    return state;
  };
  const open = (row: StateRow & { readonly last: number | null }): ScheduleState | null => (row.version === row.last ? stateIn(row) : null) ?? again(row.id, row.last ?? 0);

  const one = (id: ScheduleId): ScheduleState | null => {
    const row = stateOf.get(id);
    if (row !== undefined) return open(row);
    const last = table.version(scheduleStream(id));
    return last === 0 ? null : again(id, last);
  };

  return {
    all: () => states.all().flatMap((row) => open(row) ?? []).filter((state) => !state.deleted),
    one,
    folded() {
      const found = fresh;
      fresh = [];
      return found;
    },
    occurrences(filter, offset, limit) {
      const tables = asked(filter);
      const values = tables.flatMap(({ condition }) => condition.values);
      const count = (of: string, { sql, values: own }: Part): number => db.prepare<unknown[], number>(`SELECT count(*) FROM ${of}${sql}`).pluck().get(...own) ?? 0;
      const total = tables.reduce((sum, { table: of, condition }) => sum + count(of, condition), 0);
      if (total <= offset) return { rows: [], total };
      const sql = `${tables.map(({ select, condition }) => select + condition.sql).join(' UNION ALL ')} ORDER BY nominalTime DESC, scheduleId DESC, position DESC LIMIT ? OFFSET ?`;
      const found = db.prepare<unknown[], Listed>(sql).all(...values, limit, offset);
      const owners = new Map([...new Set(found.map((row) => row.scheduleId))].map((id) => [id, one(id)]));
      const rows = found.flatMap((listed) => {
        const { position: _, ...row } = listed;
        const owner = owners.get(row.scheduleId) ?? null;
        return owner === null ? [] : [{ ...row, workflowId: owner.workflowId, workflowName: owner.workflowName }];
      });
      return { rows, total };
    },
  };
}
