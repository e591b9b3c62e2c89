import { RUN_STATUSES } from '#shared/run/run';
import { DONE, duration, moment, number, printJson, table } from './output.ts';
import { reading } from './open-journal.ts';

export interface RunsOptions {
  readonly status: string | undefined;
  readonly workflow: string | undefined;
  readonly limit: number;
  readonly json: boolean;
}

/** The run list, newest first. */
export function runs(dataDir: string, { status, workflow, limit, json }: RunsOptions): Promise<number> {
  return reading(dataDir, (journal) => {
    const statuses = RUN_STATUSES.filter((one) => one === status);
    const page = journal.runs({ ...(status === undefined ? {} : { status: statuses }), ...(workflow === undefined ? {} : { workflowId: workflow }) }, 0, limit);
    if (json) {
      printJson({ runs: page.rows, total: page.total });
      return DONE;
    }
    const rows = page.rows.map((row) => [row.id, row.workflowName, row.status, moment(row.requestedAt), duration(row.durationMs), number(row.rowsOut), row.error ?? '']);
    process.stdout.write(rows.length === 0 ? 'No runs.\n' : table(['run', 'workflow', 'status', 'asked for', 'time', 'rows', ''], rows, [4, 5]));
    if (page.total > rows.length) process.stdout.write(`${rows.length} of ${number(page.total)} runs; see more with --limit.\n`);
    return DONE;
  });
}
