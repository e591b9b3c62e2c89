import type { RunId } from '#shared/ids';
import { RUN_STATUSES } from '#shared/run/run';
import type { RunStatus } from '#shared/run/run';
import type { Database } from './database.ts';
import type { DayRow, KeptFile, RunFilter, RunPage, RunRow } from './journal.ts';

/** The version is not kept in the row: it would cost every node's event a write, and the events' index gives it. */
const COLUMNS = `id, workflow_id AS workflowId, workflow_name AS workflowName, status, trigger, requested_at AS requestedAt, started_at AS startedAt, ended_at AS endedAt,
  duration_ms AS durationMs, rows_out AS rowsOut, error, (SELECT max(version) FROM events WHERE stream = 'run-' || runs.id) AS version`;

interface Where {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

const pattern = (search: string): string => `%${search.replaceAll(/[\\%_]/g, (one) => `\\${one}`)}%`;

function whereOf(filter: RunFilter, withStatus: boolean): Where {
  const parts: Where[] = [];
  if (withStatus && filter.status !== undefined) parts.push({ sql: `status IN (${filter.status.map(() => '?').join(', ')})`, values: filter.status });
  if (filter.workflowId !== undefined) parts.push({ sql: 'workflow_id = ?', values: [filter.workflowId] });
  if (filter.trigger !== undefined) parts.push({ sql: 'trigger = ?', values: [filter.trigger] });
  if (filter.search !== undefined && filter.search !== '') {
    const text = pattern(filter.search);
    parts.push({ sql: String.raw`(workflow_name LIKE ? ESCAPE '\' OR id LIKE ? ESCAPE '\')`, values: [text, text] });
  }
  if (filter.from !== undefined) parts.push({ sql: 'requested_at >= ?', values: [filter.from] });
  if (filter.to !== undefined) parts.push({ sql: 'requested_at <= ?', values: [filter.to] });
  return { sql: parts.length === 0 ? '' : `WHERE ${parts.map((part) => part.sql).join(' AND ')}`, values: parts.flatMap((part) => part.values) };
}

/** Of all rows whose status the filter lets through. */
export function totalOf(counts: Readonly<Record<RunStatus, number>>, status: RunFilter['status']): number {
  return [...new Set(status ?? RUN_STATUSES)].reduce((sum, one) => sum + counts[one], 0);
}

export const noCounts = (): Record<RunStatus, number> => ({ queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0, interrupted: 0, paused: 0 });

export interface RunList {
  find(filter: RunFilter, offset: number, limit: number): RunPage;
  unfinished(): readonly RunId[];
  last(count: number): Readonly<Record<string, readonly RunRow[]>>;
  days(from: string): readonly DayRow[];
  keptOutputs(): readonly KeptFile[];
}

/** Questions to the run list. One pass counts by status (and so gives the total), one reads the page: both stay quick at 100,000 runs. */
export function createRunList(db: Database): RunList {
  const unfinished = db.prepare<[], RunId>(`SELECT id FROM runs WHERE status IN ('queued', 'running', 'interrupted', 'paused') ORDER BY position`).pluck();
  const nextWorkflow = db.prepare<[string], string | null>('SELECT min(workflow_id) FROM runs WHERE workflow_id > ?').pluck();
  const lastOf = db.prepare<[string, number], RunRow>(`SELECT ${COLUMNS} FROM runs WHERE workflow_id = ? ORDER BY position DESC LIMIT ?`);
  const days = db.prepare<[string], DayRow>(`SELECT day, workflow_id AS workflowId, completed, failed, cancelled, duration_us / 1000.0 AS durationMs, rows_out AS rowsOut
    FROM days WHERE day >= ? ORDER BY day, workflow_id`);
  // A run that is not in the list counts as one that has not ended: nothing is thrown away on a guess.
  const kept = db.prepare<[], KeptFile>(`SELECT hash, max(bytes) AS bytes, iif(sum(status IS NULL OR status NOT IN ('completed', 'failed', 'cancelled')) > 0, NULL, max(ended_at)) AS endedAt
    FROM outputs LEFT JOIN runs ON runs.position = outputs.run GROUP BY hash`);

  return {
    find(filter, offset, limit) {
      const all = whereOf(filter, false);
      const counts = noCounts();
      const byStatus = db.prepare<unknown[], { status: RunStatus; runs: number }>(`SELECT status, count(*) AS runs FROM runs ${all.sql} GROUP BY status`);
      for (const { status, runs } of byStatus.all(...all.values)) counts[status] = runs;
      const total = totalOf(counts, filter.status);
      if (total <= offset) return { rows: [], total, counts };
      const some = whereOf(filter, true);
      const rows = db.prepare<unknown[], RunRow>(`SELECT ${COLUMNS} FROM runs ${some.sql} ORDER BY position DESC LIMIT ? OFFSET ?`).all(...some.values, limit, offset);
      return { rows, total, counts };
    },
    unfinished: () => unfinished.all(),
    last(count) {
      const found: Record<string, readonly RunRow[]> = {};
      for (let id = nextWorkflow.get(''); id !== null && id !== undefined; id = nextWorkflow.get(id)) found[id] = lastOf.all(id, count);
      return found;
    },
    days: (from) => days.all(from),
    keptOutputs: () => kept.all(),
  };
}
