import type { PreviewTime } from '#shared/contract/schedules';
import type { Json } from '#shared/json';
import { occurrences } from '#shared/schedule/occurrences';
import { readSchedules } from '#shared/schedule/read-schedules';
import { isTimed } from '#shared/schedule/schedule';
import type { ScheduleDefinition, ScheduleTimes } from '#shared/schedule/schedule';
import { describeSchedule } from '#shared/schedule/sentence';
import { clockChangeOn, localText } from '#shared/schedule/zone';
import type { Problem } from '#shared/workflow/workflow';

/** What a schedule means. With a problem of severity error it means nothing: `definition` is null then. */
export interface SchedulePreview {
  readonly definition: ScheduleDefinition | null;
  readonly problems: readonly Problem[];
  readonly sentence: { readonly en: string; readonly zh: string } | null;
  readonly times: readonly PreviewTime[];
}

/** The first schedule of what a file says of schedules, its sentence and its next `count` times after `from` (ms, inclusive): what the window and the command line show. */
export function previewSchedule(value: Json, from: number, count: number): SchedulePreview {
  const { schedules, problems } = readSchedules(value);
  const [definition = null] = schedules;
  if (definition === null) return { definition, problems, sentence: null, times: [] };
  return { definition, problems, sentence: { en: describeSchedule(definition, 'en'), zh: describeSchedule(definition, 'zh') }, times: previewTimes(definition.times, from, count) };
}

/** The next `count` times after `from` (ms, inclusive), as far as they are known in advance: a watch, a delay and a manual schedule have none. */
export function previewTimes(times: ScheduleTimes, from: number, count: number): readonly PreviewTime[] {
  if (!isTimed(times)) return [];
  const zone = times.timeZone ?? 'UTC';
  return occurrences(times, from - 1, Infinity, count).map(({ at, nominalLocal, dst }) => ({ at, nominalLocal, localTime: localText(zone, at), dst, clockChange: clockChangeOn(zone, at) }));
}
