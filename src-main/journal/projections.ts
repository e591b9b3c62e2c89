import type { StudioEvent } from '#shared/events';
import { isTerminal } from '#shared/run/run';
import type { ScheduleState } from '#shared/schedule/state';
import type { Database } from './database.ts';
import type { EventTable } from './event-table.ts';
import type { TimelineRow } from './journal.ts';
import { isScheduleStream } from './schedule-book.ts';
import { createScheduleTables } from './schedule-tables.ts';
import { isDamage } from './sqlite-errors.ts';
import { count, dayChange, keptBy, tallyOf } from './tally.ts';
import type { DayChange, Tally } from './tally.ts';

const RUN_PREFIX = 'run-';
/** The tallies of this many live runs stay in memory; a run beyond is counted again from its events when it goes on. */
const TALLIES = 5_000;

export const isRunStream = (stream: string): boolean => stream.startsWith(RUN_PREFIX);

export interface Projections {
  /** Inside the transaction that wrote `events`, all of one stream: brings the tables up to them. Throws conflict where an occurrence has fired before. */
  apply(stream: string, events: readonly StudioEvent[]): void;
  /** The transaction did not come about, or somebody else wrote to the stream. */
  forget(stream: string): void;
  /** Takes from the statistics what was added. */
  takeDays(days: readonly DayChange[]): void;
  /** Empties the tables; apply() is then called with everything, in order of position. */
  clear(): void;
  timeline(stream: string): readonly TimelineRow[];
  /** Writes states of schedules that were folded again over those that are of no use; a newer one stays. */
  restate(states: readonly ScheduleState[]): void;
}

/**
 * Run list, timelines, daily statistics, who refers to which kept output, and schedules, each a function of the events alone. Written only when a
 * run's status changes, which is three times in a run's life, or where an output is kept: a node's event costs no row here. The timeline of a live run is therefore counted from its events.
 */
export function createProjections(db: Database, table: Pick<EventTable, 'stream' | 'legible'>): Projections {
  const schedules = createScheduleTables(db, table);
  const tallies = new Map<string, Tally>();
  const insertRun = db.prepare('INSERT INTO runs (position, id, workflow_id, workflow_name, status, trigger, requested_at, rows_out) VALUES (?, ?, ?, ?, ?, ?, ?, 0)');
  const updateRun = db.prepare('UPDATE runs SET status = ?, started_at = ?, ended_at = ?, duration_ms = ?, rows_out = ?, error = ? WHERE position = ?');
  const putTimeline = db.prepare('INSERT OR REPLACE INTO timeline (run, attempts) VALUES (?, ?)');
  const addDay = db.prepare(`INSERT INTO days (day, workflow_id, completed, failed, cancelled, duration_us, rows_out) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (day, workflow_id) DO UPDATE SET completed = completed + excluded.completed, failed = failed + excluded.failed,
    cancelled = cancelled + excluded.cancelled, duration_us = duration_us + excluded.duration_us, rows_out = rows_out + excluded.rows_out`);
  const storedTimeline = db
    .prepare<[string], string>(`SELECT attempts FROM timeline WHERE run = (SELECT position FROM events WHERE stream = ? AND type = 'WorkflowRequested' ORDER BY version LIMIT 1)`)
    .pluck();

  const putOutput = db.prepare('INSERT OR IGNORE INTO outputs (hash, run, bytes) VALUES (?, ?, ?)');

  const recount = (stream: string, before: number): Tally | null => tallyOf(table.legible(stream).filter((event) => event.version < before));

  const saveDay = (change: DayChange): void => {
    addDay.run(change.day, change.workflowId, change.completed, change.failed, change.cancelled, change.durationUs, change.rowsOut);
  };

  const keep = (stream: string, tally: Tally): void => {
    if (isTerminal(tally.row.status)) {
      tallies.delete(stream);
      return;
    }
    if (!tallies.has(stream) && tallies.size >= TALLIES) tallies.delete(tallies.keys().next().value ?? stream);
    tallies.set(stream, tally);
  };

  return {
    apply(stream, events) {
      if (isScheduleStream(stream)) return schedules.apply(stream, events);
      for (const event of events) if (event.type === 'RunsRemoved') event.data.days.forEach(saveDay);
      const first = events[0];
      if (first === undefined || !isRunStream(stream)) return;
      let tally = first.version === 1 ? null : (tallies.get(stream) ?? null);
      if (first.version > 1 && tally?.row.version !== first.version - 1) tally = recount(stream, first.version);
      const stored = tally !== null;
      const endedBefore = tally !== null && isTerminal(tally.row.status);
      let changed = false;
      for (const event of events) {
        const before = tally === null ? null : tally.row.status;
        tally = count(tally, event);
        if (tally === null || (tally.row.status === before && event.type !== 'WorkflowStarted')) continue;
        changed = true;
        const change = dayChange(before, tally);
        if (change !== null) saveDay(change);
      }
      if (tally === null) return;
      const { position, row } = tally;
      if (!stored) insertRun.run(position, row.id, row.workflowId, row.workflowName, row.status, row.trigger, row.requestedAt);
      if ((changed && row.version > 1) || endedBefore) updateRun.run(row.status, row.startedAt, row.endedAt, row.durationMs, row.rowsOut, row.error, position);
      for (const event of events) for (const { hash, bytes } of keptBy(event)) putOutput.run(hash, position, bytes);
      if (isTerminal(row.status)) putTimeline.run(position, JSON.stringify(tally.attempts));
      keep(stream, tally);
    },
    forget: (stream) => void tallies.delete(stream),
    takeDays(days) {
      for (const { day, workflowId, completed, failed, cancelled, durationUs, rowsOut } of days) saveDay({ day, workflowId, completed: -completed, failed: -failed, cancelled: -cancelled, durationUs: -durationUs, rowsOut: -rowsOut });
    },
    clear() {
      tallies.clear();
      schedules.clear();
      db.exec('DELETE FROM runs; DELETE FROM timeline; DELETE FROM days; DELETE FROM outputs;');
    },
    restate: (states) => schedules.restate(states),
    timeline(stream) {
      try {
        const stored = storedTimeline.get(stream);
        if (stored !== undefined) return JSON.parse(stored) as TimelineRow[];
      } catch (thrown) {
        if (!isDamage(thrown)) throw thrown;
      }
      return tallyOf(table.legible(stream))?.attempts ?? [];
    },
  };
}
