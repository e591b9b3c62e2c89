import { covers, offsetAt, stretches } from '#shared/schedule/zone';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AROUND = 48 * HOUR;

/** A day on the clock of a zone: from <= t < to, not always 24 hours. `wall`: its midnight as if the clock were UTC. */
export interface Day {
  readonly from: number;
  readonly to: number;
  readonly wall: number;
}

/** The midnight of the local day of an instant, as if the clock were UTC. */
export const wallDay = (timeZone: string, at: number): number => Math.floor((at + offsetAt(timeZone, at)) / DAY) * DAY;

/** Days in a row, the first of them the one whose midnight is `wall`. Where the clock jumps over midnight, a day starts when the jump ends. */
export function daysFrom(timeZone: string, wall: number, count: number): readonly Day[] {
  const around = stretches(timeZone, wall - AROUND, wall + count * DAY + AROUND);
  const starts = Array.from({ length: count + 1 }, (_, n) => {
    const midnight = wall + n * DAY;
    const shown = around.find((one) => covers(one, midnight));
    return shown === undefined ? (around.find((one) => one.from + one.offset > midnight)?.from ?? midnight) : midnight - shown.offset;
  });
  return starts.slice(0, -1).map((from, n) => ({ from, to: starts[n + 1] ?? from, wall: wall + n * DAY }));
}

/** Weeks start on Monday. */
export const weekStart = (wall: number): number => wall - ((new Date(wall).getUTCDay() + 6) % 7) * DAY;

/** The six weeks that show the month of a day. */
export function monthStart(wall: number): number {
  const date = new Date(wall);
  return weekStart(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
}

/** The same day `by` months later; the last one where that month is shorter. */
export function addMonths(wall: number, by: number): number {
  const date = new Date(wall);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by + 1, 0)).getUTCDate();
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, Math.min(date.getUTCDate(), last));
}
export const addDays = (wall: number, by: number): number => wall + by * DAY;

/** What the clock of a zone does at an instant: it shows `before`, then `after` (walls, as if it were UTC). */
export interface ClockChange {
  readonly timeZone: string;
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** Every change of the clock in these zones, from <= t < to, in order. */
export const clockChanges = (zones: readonly string[], from: number, to: number): readonly ClockChange[] =>
  [...new Set(zones)]
    .flatMap((timeZone) => {
      const around = stretches(timeZone, from - 1000, to);
      return around.slice(1).map((after, n) => ({ timeZone, at: after.from, before: after.from + (around[n]?.offset ?? 0), after: after.from + after.offset }));
    })
    .filter(({ at }) => at >= from && at < to)
    .toSorted((a, b) => a.at - b.at);

/** `02:00`: a wall time without its day. */
export const wallTime = (wall: number): string => new Date(wall).toISOString().slice(11, 16);
