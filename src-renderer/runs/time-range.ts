/** How far back the list looks. `between`: from one day to another, both included. */
export const RANGES = ['any', 'hour', 'day', 'week', 'month', 'between'] as const;
export type Range = (typeof RANGES)[number];

const HOURS: Readonly<Record<Exclude<Range, 'any' | 'between'>, number>> = { hour: 1, day: 24, week: 24 * 7, month: 24 * 30 };
const MINUTE_MS = 60_000;

/** Days as date fields write them, `2026-01-31`; empty where there is no bound. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** The first moment of a day where this machine is, `later` days on; undefined where it is no day. */
function midnight(day: string, later: number): number | undefined {
  const [, year, month, date] = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  return year === undefined ? undefined : new Date(Number(year), Number(month) - 1, Number(date) + later).getTime();
}

/** Where a range begins and ends, in milliseconds since the epoch. Rounded to a minute, so that the same question keeps its answer for a while. */
export function boundsOf(range: Range, days: Days, now: number): { readonly from?: number; readonly to?: number } {
  if (range === 'any') return {};
  if (range !== 'between') return { from: Math.floor(now / MINUTE_MS) * MINUTE_MS - HOURS[range] * 60 * MINUTE_MS };
  const from = midnight(days.from, 0);
  const end = midnight(days.to, 1);
  return { ...(from === undefined ? {} : { from }), ...(end === undefined ? {} : { to: end - 1 }) };
}
