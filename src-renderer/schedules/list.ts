import { SCHEDULE_STATUSES } from '#shared/contract/schedules';
import type { ScheduleView } from '#shared/contract/schedules';

export type ScheduleStatus = (typeof SCHEDULE_STATUSES)[number];
export type SortKey = 'workflow' | 'status' | 'next' | 'last' | 'takes';
export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** What words are looked for in, made once a schedule: ten thousand are searched at each letter. */
const texts = new WeakMap<ScheduleView, string>();

function textOf(schedule: ScheduleView): string {
  const known = texts.get(schedule);
  if (known !== undefined) return known;
  const { definition, workflowName, paused, problem, id } = schedule;
  const { times } = definition;
  const text = [workflowName, definition.label, id, paused?.note, problem, ...Object.values(times)].filter((one) => typeof one === 'string').join('\n').toLowerCase();
  texts.set(schedule, text);
  return text;
}

const rank = (status: ScheduleStatus): number => SCHEDULE_STATUSES.indexOf(status);
type Order = (a: ScheduleView, b: ScheduleView) => number;

/** Those without a value stand last, whichever way the others go. */
const byNumber =
  (value: (schedule: ScheduleView) => number | null, sign: number): Order =>
  (a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    return sign * (left - right);
  };

/** The schedules that a search and the chosen states leave (none chosen: all), in order. Every word has to be found. */
export function arrange(schedules: readonly ScheduleView[], search: string, statuses: readonly ScheduleStatus[], sorting: Sorting, compare: (a: string, b: string) => number): readonly ScheduleView[] {
  const words = search.toLowerCase().split(/\s+/u).filter(Boolean);
  const found = schedules.filter((schedule) => (statuses.length === 0 || statuses.includes(schedule.status)) && words.every((word) => textOf(schedule).includes(word)));
  const sign = sorting.descending ? -1 : 1;
  const name: Order = (a, b) => compare(a.workflowName, b.workflowName) || compare(a.definition.label, b.definition.label);
  const orders: Readonly<Record<SortKey, Order>> = {
    workflow: (a, b) => sign * name(a, b),
    status: (a, b) => sign * (rank(a.status) - rank(b.status)),
    next: byNumber((one) => one.next, sign),
    last: byNumber((one) => one.lastFired?.at ?? null, sign),
    takes: byNumber((one) => one.expectedMs, sign),
  };
  const order = orders[sorting.key];
  return found.toSorted((a, b) => order(a, b) || name(a, b));
}

/** How many there are of each state. */
export function countStatuses(schedules: readonly ScheduleView[]): Readonly<Record<ScheduleStatus, number>> {
  const counts = { scheduled: 0, running: 0, paused: 0, disabled: 0, manual: 0, done: 0 } satisfies Record<ScheduleStatus, number>;
  for (const { status } of schedules) counts[status] += 1;
  return counts;
}

/** The zone that a schedule's times are shown in; null where it has none of its own. */
export const zoneOf = ({ definition: { times } }: Pick<ScheduleView, 'definition'>): string | null => ('timeZone' in times ? (times.timeZone ?? null) : null);

/** Of several schedules of one workflow, the one that runs next. */
export function nextOfWorkflows(schedules: readonly ScheduleView[]): ReadonlyMap<string, ScheduleView> {
  const found = new Map<string, ScheduleView>();
  for (const schedule of schedules) {
    const known = found.get(schedule.workflowId);
    if (known === undefined || (schedule.next ?? Infinity) < (known.next ?? Infinity)) found.set(schedule.workflowId, schedule);
  }
  return found;
}
