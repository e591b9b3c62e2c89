import type { PreviewTime } from '#shared/contract/schedules';
import { isTimed } from '#shared/schedule/schedule';
import type { ScheduleTimes } from '#shared/schedule/schedule';
import { occurrences } from '#shared/schedule/occurrences';
import { clockChangeOn, localText } from '#shared/schedule/zone';

/** The next `count` times after `from` (ms, inclusive), as far as they are known in advance: a watch, a delay and a manual schedule have none. */
export function previewTimes(times: ScheduleTimes, from: number, count: number): readonly PreviewTime[] {
  if (!isTimed(times)) return [];
  const zone = times.timeZone ?? 'UTC';
  return occurrences(times, from - 1, Infinity, count).map(({ at, dst }) => ({ at, localTime: localText(zone, at), dst, clockChange: clockChangeOn(zone, at) }));
}
