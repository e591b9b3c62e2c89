import type { OccurrenceRow } from '#shared/contract/schedules';
import type { Day } from './days.ts';
import { MOST_A_DAY } from './plan.ts';

export type Outcome = OccurrenceRow['outcome'];

/** What became of one occurrence, or of several in a row that were missed together. */
export interface Settled {
  readonly kind: 'settled';
  readonly at: number;
  readonly row: OccurrenceRow;
}

/** What became of the many occurrences that one schedule had on one day. */
export interface SettledBand {
  readonly kind: 'settledBand';
  readonly at: number;
  readonly last: number;
  /** Of the newest of them. */
  readonly row: OccurrenceRow;
  readonly counts: Readonly<Record<Outcome, number>>;
}

interface DayPast {
  readonly settled: readonly Settled[];
  readonly bands: readonly SettledBand[];
  readonly counts: Readonly<Record<Outcome, number>>;
}

const none = (): Record<Outcome, number> => ({ fired: 0, skipped: 0, missed: 0, buffered: 0 });

/** Shares out what the journal remembers (in any order) among days: few of a schedule one by one, many together. */
export function pastOf(rows: readonly OccurrenceRow[], days: readonly Day[]): readonly DayPast[] {
  const sorted = rows.toSorted((a, b) => a.nominalTime - b.nominalTime);
  let next = 0;
  return days.map((day) => {
    const bySchedule = new Map<string, OccurrenceRow[]>();
    const counts = none();
    for (let row = sorted[next]; row !== undefined && row.nominalTime < day.to; row = sorted[(next += 1)]) {
      if (row.nominalTime < day.from) continue;
      counts[row.outcome] += row.count;
      bySchedule.set(row.scheduleId, [...(bySchedule.get(row.scheduleId) ?? []), row]);
    }
    const settled: Settled[] = [];
    const bands: SettledBand[] = [];
    for (const own of bySchedule.values()) {
      const [first, last] = [own[0], own.at(-1)];
      if (own.length <= MOST_A_DAY) settled.push(...own.map((row) => ({ kind: 'settled' as const, at: row.nominalTime, row })));
      else if (first !== undefined && last !== undefined) bands.push({ kind: 'settledBand', at: first.nominalTime, last: last.lastNominalTime, row: last, counts: own.reduce((sum, row) => ({ ...sum, [row.outcome]: sum[row.outcome] + row.count }), none()) });
    }
    return { settled: settled.toSorted((a, b) => a.at - b.at), bands, counts };
  });
}
