import type { OccurrenceRow } from '#shared/contract/schedules';
import { ScheduleId } from '#shared/ids';
import { reading } from './open-journal.ts';
import { DONE, number, printJson, table } from './output.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** What became of occurrences, newest first: those of one schedule, or all. */
export function history(dataDir: string, { id, limit, json }: { readonly id: string | undefined; readonly limit: number; readonly json: boolean }): Promise<number> {
  return reading(dataDir, (journal) => {
    const { rows, total } = journal.occurrences(id === undefined ? {} : { scheduleId: ScheduleId.parse(id) }, 0, limit);
    if (json) {
      printJson({ rows: rows.map((row) => ({ ...row, nominalTime: iso(row.nominalTime), lastNominalTime: iso(row.lastNominalTime), at: iso(row.at) })), total });
      return DONE;
    }
    process.stdout.write(rows.length === 0 ? 'Nothing has come of a schedule yet.\n' : table(['time', 'schedule', 'outcome', 'why', 'run'], rows.map(line)));
    if (total > rows.length) process.stdout.write(`${rows.length} of ${number(total)}; see more with --limit.\n`);
    return DONE;
  });
}

function line({ nominalTime, lastNominalTime, count, scheduleId, outcome, how, reason, detail, runId }: OccurrenceRow): readonly string[] {
  const time = count === 1 ? iso(nominalTime) : `${iso(nominalTime)} to ${iso(lastNominalTime)} (${number(count)})`;
  return [time, scheduleId, outcome, [reason ?? how, detail].filter(Boolean).join(': '), runId ?? ''];
}
