/** How far back the list looks. */
export const RANGES = ['any', 'hour', 'day', 'week', 'month'] as const;
export type Range = (typeof RANGES)[number];

const HOURS: Readonly<Record<Exclude<Range, 'any'>, number>> = { hour: 1, day: 24, week: 24 * 7, month: 24 * 30 };
const MINUTE_MS = 60_000;

/** Where a range begins, in milliseconds since the epoch. Rounded to a minute, so that the same question keeps its answer for a while. */
export const rangeStart = (range: Range, now: number): number | undefined => (range === 'any' ? undefined : Math.floor(now / MINUTE_MS) * MINUTE_MS - HOURS[range] * 60 * MINUTE_MS);
