import { instantOf } from '#shared/schedule/instant';
import { offsetAt } from '#shared/schedule/zone';

/** An instant as a field of date and time shows it: 2026-11-30T08:00, on the clock of a zone; seconds only where there are some. */
export function wallOf(timeZone: string, instant: number): string {
  const text = new Date(instant + offsetAt(timeZone, instant)).toISOString();
  return instant % 60_000 === 0 ? text.slice(0, 16) : text.slice(0, 19);
}

/** The instant at which the clock of a zone shows what such a field holds; null for what is no time. */
export function instantIn(timeZone: string, wall: string): number | null {
  const asUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/u.test(wall) ? Date.parse(`${wall}Z`) : Number.NaN;
  return Number.isNaN(asUtc) ? null : instantOf(timeZone, asUtc);
}
