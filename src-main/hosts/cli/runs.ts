import { RUN_STATUSES } from '#shared/run/run';
import { DONE, duration, moment, number, printJson, table } from './output.ts';
import { reading } from './open-journal.ts';
import { askedFor, isHeld, standingRow } from './standing.ts';

export interface RunsOptions {
  readonly status: string | undefined;
  readonly workflow: string | undefined;
  readonly trigger: string | undefined;
  readonly search: string | undefined;
  /** Milliseconds since the epoch, of the request. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly limit: number;
  readonly json: boolean;
}

/** The run list, newest first. A run that nobody is working on is shown as interrupted. */
export function runs(dataDir: string, { status, workflow, trigger, search, from, to, limit, json }: RunsOptions): Promise<number> {
  return reading(dataDir, (journal) => {
    const held = isHeld(dataDir);
    const statuses = RUN_STATUSES.filter((one) => one === status).flatMap((one) => askedFor(one, held));
    const page = journal.runs(
      {
        ...(status === undefined ? {} : { status: statuses }),
        ...(workflow === undefined ? {} : { workflowId: workflow }),
        ...(trigger === undefined ? {} : { trigger }),
        ...(search === undefined ? {} : { search }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      },
      0,
      limit,
    );
    const found = page.rows.map((row) => standingRow(row, held));
    if (json) {
      printJson({ runs: found, total: page.total });
      return DONE;
    }
    const rows = found.map((row) => [row.id, row.workflowName, row.status, moment(row.requestedAt), duration(row.durationMs), number(row.rowsOut), row.error ?? '']);
    process.stdout.write(rows.length === 0 ? 'No runs.\n' : table(['run', 'workflow', 'status', 'asked for', 'time', 'rows', ''], rows, [4, 5]));
    if (page.total > rows.length) process.stdout.write(`${rows.length} of ${number(page.total)} runs; see more with --limit.\n`);
    return DONE;
  });
}
