import { toErrorInfo } from '#shared/errors';
import type { StudioEvent } from '#shared/events';
import { isTerminal } from '#shared/run/run';
import { dataProblem } from './check-event.ts';
import type { Database } from './database.ts';
import type { EventTable } from './event-table.ts';
import type { RunRow, VerifyReport } from './journal.ts';
import { isRunStream } from './projections.ts';
import { isScheduleStream } from './schedule-book.ts';
import type { Snapshots } from './snapshots.ts';
import { fromSqlite } from './sqlite-errors.ts';
import { fileProblems, lostLines } from './verify-file.ts';
import { verifyChain } from './verify-chain.ts';
import { createScheduleCheck } from './verify-schedules.ts';
import { addDays, keptBy, tallyOf } from './tally.ts';
import type { DayChange } from './tally.ts';

/** After so many problems the rest is not looked for: the journal is damaged, and a person reads this. */
const ENOUGH = 200;

const STORED_RUN = `SELECT position, id, workflow_id AS workflowId, workflow_name AS workflowName, status, trigger, requested_at AS requestedAt, started_at AS startedAt,
  ended_at AS endedAt, duration_ms AS durationMs, rows_out AS rowsOut, error FROM runs WHERE position = ?`;
const STORED_TIMELINE = 'SELECT attempts FROM timeline WHERE run = ?';
const STORED_DAYS = 'SELECT day, workflow_id AS workflowId, completed, failed, cancelled, duration_us AS durationUs, rows_out AS rowsOut FROM days';

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
  const report = { events: 0, streams: 0, snapshots: 0, chained: 0, head: null as string | null };
  const days = new Map<string, DayChange>();
  const schedules = createScheduleCheck(db);
  let outputs = 0;
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
    const tally = tallyOf(events, (change) => addDays(days, change));
    if (tally === null) return;
    runs += 1;
    const { version: _, ...row } = tally.row;
    const stored = db.prepare<[number], Omit<RunRow, 'version'> & { position: number }>(STORED_RUN).get(tally.position);
    if (JSON.stringify(stored) !== JSON.stringify({ position: tally.position, ...row })) problems.push(`${stream}: the run list does not say what the events say`);
    const attempts = db.prepare<[number], string>(STORED_TIMELINE).pluck().get(tally.position);
    if (attempts !== (isTerminal(tally.row.status) ? JSON.stringify(tally.attempts) : undefined)) problems.push(`${stream}: the timeline does not say what the events say`);
    const kept = new Map(events.flatMap(keptBy).map(({ hash, bytes }) => [hash, bytes]));
    outputs += kept.size;
    for (const hash of kept.keys()) {
      if (db.prepare('SELECT 1 FROM outputs WHERE hash = ? AND run = ?').get(hash, tally.position) === undefined) problems.push(`${stream}: its kept output ${hash} is not in the list of outputs`);
    }
    const wrong = snapshots.problems(stream, events);
    problems.push(...wrong);
    report.snapshots += snapshots.usable(stream);
  };

  const lookAtDays = (): void => {
    for (const sum of db.prepare<[], DayChange>(STORED_DAYS).all()) {
      const key = `${sum.day} ${sum.workflowId}`;
      if (JSON.stringify(days.get(key)) !== JSON.stringify(sum)) problems.push(`The statistics of ${key} do not say what the events say`);
      days.delete(key);
    }
    for (const key of days.keys()) problems.push(`The statistics of ${key} are missing`);
  };

  looking('The file', () => problems.push(...fileProblems(db)));
  looking('The chain', () => {
    const { problems: found, ...chain } = verifyChain(db, path, table.lastPosition());
    Object.assign(report, chain);
    problems.push(...found.slice(0, ENOUGH));
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
        if (isScheduleStream(stream)) problems.push(...schedules.problems(stream, events));
        for (const event of events) if (event.type === 'RunsRemoved') event.data.days.forEach((change) => addDays(days, change));
      });
    }
  });
  if (problems.length > 0) {
    looking('The console', () => problems.push(...lostLines(db)));
    return { ...report, problems };
  }
  looking('The run list', () => {
    const listed = Number(db.prepare('SELECT count(*) FROM runs').pluck().get());
    if (listed !== runs) problems.push(`The run list has ${listed} runs, the events ${runs}`);
    const referred = Number(db.prepare('SELECT count(*) FROM outputs').pluck().get());
    if (referred !== outputs) problems.push(`The list of outputs has ${referred} entries, the events ${outputs}`);
    const strays = Number(db.prepare('SELECT count(*) FROM timeline WHERE run NOT IN (SELECT position FROM runs)').pluck().get());
    if (strays > 0) problems.push(`The timelines have ${strays} rows of no run`);
  });
  looking('The statistics', lookAtDays);
  looking('The schedules', () => problems.push(...schedules.strays()));
  return { ...report, problems };
}
