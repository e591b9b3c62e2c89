import { toErrorInfo } from '#shared/errors';
import type { StudioEvent } from '#shared/events';
import { isTerminal } from '#shared/run/run';
import { dataProblem } from './check-event.ts';
import type { Database } from './database.ts';
import type { EventTable } from './event-table.ts';
import type { RunRow, VerifyReport } from './journal.ts';
import { isRunStream } from './projections.ts';
import type { Snapshots } from './snapshots.ts';
import { fromSqlite } from './sqlite-errors.ts';
import { count, dayChange } from './tally.ts';
import type { DayChange, Tally } from './tally.ts';

/** After so many problems the rest is not looked for: the journal is damaged, and a person reads this. */
const ENOUGH = 200;

type Days = Map<string, Omit<DayChange, 'day' | 'workflowId'>>;

const STORED_RUN = `SELECT position, id, workflow_id AS workflowId, workflow_name AS workflowName, status, trigger, requested_at AS requestedAt, started_at AS startedAt,
  ended_at AS endedAt, duration_ms AS durationMs, rows_out AS rowsOut, error FROM runs WHERE position = ?`;
const STORED_TIMELINE = 'SELECT attempts FROM timeline WHERE run = ?';
const STORED_DAYS = 'SELECT day, workflow_id AS workflowId, completed, failed, cancelled, duration_us AS durationUs, rows_out AS rowsOut FROM days';

function addDay(days: Days, { day, workflowId, ...change }: DayChange): void {
  const key = `${day} ${workflowId}`;
  const sum = days.get(key);
  days.set(
    key,
    sum === undefined
      ? change
      : {
          completed: sum.completed + change.completed,
          failed: sum.failed + change.failed,
          cancelled: sum.cancelled + change.cancelled,
          durationUs: sum.durationUs + change.durationUs,
          rowsOut: sum.rowsOut + change.rowsOut,
        },
  );
}

function* streamProblems(stream: string, events: readonly StudioEvent[]): Generator<string> {
  let version = 0;
  let position = 0;
  for (const event of events) {
    if (event.version !== version + 1) yield `${stream}: version ${event.version} follows ${version}`;
    if (event.position <= position) yield `${stream}: version ${event.version} has position ${event.position}, not after ${position}`;
    const problem = dataProblem(event.type, event.data);
    if (problem !== null) yield `${stream}: event ${event.version} (${event.type}, position ${event.position}): ${problem}`;
    ({ version, position } = event);
  }
}

/** The tally of a run's events, its days counted on the way. */
function tallyOf(events: readonly StudioEvent[], days: Days): Tally | null {
  let tally: Tally | null = null;
  for (const event of events) {
    const before = tally?.row.status ?? null;
    tally = count(tally, event);
    const change = tally === null || tally.row.status === before ? null : dayChange(before, tally);
    if (change !== null) addDay(days, change);
  }
  return tally;
}

/**
 * Looks at everything the journal holds, as it is at one moment, and changes nothing. What cannot be read is a problem too, and the
 * rest is still looked at.
 */
export function verify(db: Database, path: string, table: EventTable, snapshots: Snapshots): VerifyReport {
  db.exec('BEGIN');
  try {
    return look(db, path, table, snapshots);
  } finally {
    // A damaged page may have ended it already.
    if (db.inTransaction) db.exec('ROLLBACK');
  }
}

function look(db: Database, path: string, table: EventTable, snapshots: Snapshots): VerifyReport {
  const problems: string[] = [];
  const report = { events: 0, streams: 0, snapshots: 0 };
  const days: Days = new Map();
  let runs = 0;

  const looking = (place: string, work: () => void): void => {
    try {
      work();
    } catch (thrown) {
      const { message, detail } = toErrorInfo(fromSqlite(thrown, path));
      problems.push(`${place}: ${message}${detail === undefined ? '' : ` (${detail.split('\n')[0]})`}`);
    }
  };

  const lookAtRun = (stream: string, events: readonly StudioEvent[]): void => {
    const tally = tallyOf(events, days);
    if (tally === null) return;
    runs += 1;
    const { version: _, ...row } = tally.row;
    const stored = db.prepare<[number], Omit<RunRow, 'version'> & { position: number }>(STORED_RUN).get(tally.position);
    if (JSON.stringify(stored) !== JSON.stringify({ position: tally.position, ...row })) problems.push(`${stream}: the run list does not say what the events say`);
    const attempts = db.prepare<[number], string>(STORED_TIMELINE).pluck().get(tally.position);
    if (attempts !== (isTerminal(tally.row.status) ? JSON.stringify(tally.attempts) : undefined)) problems.push(`${stream}: the timeline does not say what the events say`);
    const wrong = snapshots.problems(stream, events);
    problems.push(...wrong);
    report.snapshots += snapshots.usable(stream);
  };

  const lookAtDays = (): void => {
    for (const { day, workflowId, ...sum } of db.prepare<[], DayChange>(STORED_DAYS).all()) {
      const key = `${day} ${workflowId}`;
      if (JSON.stringify(days.get(key)) !== JSON.stringify(sum)) problems.push(`The statistics of ${key} do not say what the events say`);
      days.delete(key);
    }
    for (const key of days.keys()) problems.push(`The statistics of ${key} are missing`);
  };

  looking('The file', () => {
    for (const line of db.pragma('integrity_check(20)') as { integrity_check: string }[]) {
      if (line.integrity_check !== 'ok') problems.push(`The file: ${line.integrity_check}`);
    }
  });
  looking('The streams', () => {
    for (const stream of table.streams()) {
      if (problems.length > ENOUGH) return;
      report.streams += 1;
      looking(stream, () => {
        const events = table.stream(stream, 0, -1);
        report.events += events.length;
        problems.push(...streamProblems(stream, events));
        if (isRunStream(stream)) lookAtRun(stream, events);
      });
    }
  });
  if (problems.length > 0) return { ...report, problems };
  looking('The run list', () => {
    const listed = Number(db.prepare('SELECT count(*) FROM runs').pluck().get());
    if (listed !== runs) problems.push(`The run list has ${listed} runs, the events ${runs}`);
    const strays = Number(db.prepare('SELECT count(*) FROM timeline WHERE run NOT IN (SELECT position FROM runs)').pluck().get());
    if (strays > 0) problems.push(`The timelines have ${strays} rows of no run`);
  });
  looking('The statistics', lookAtDays);
  return { ...report, problems };
}
