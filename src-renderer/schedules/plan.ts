import type { ScheduleView } from '#shared/contract/schedules';
import { occurrences } from '#shared/schedule/occurrences';
import { isTimed, spanMs } from '#shared/schedule/schedule';
import type { ScheduleDefinition, TimedSpec } from '#shared/schedule/schedule';
import { findCollisions } from './collisions.ts';
import type { Collision } from './collisions.ts';
import type { Day } from './days.ts';

/** A run that is to come. `until`: when it has ended, if it takes as long as the last ones; `at` where nobody knows. */
export interface Planned {
  readonly kind: 'planned';
  readonly schedule: ScheduleView;
  readonly at: number;
  readonly until: number;
  readonly dst: 'gap' | 'repeat' | null;
}

/** So many runs of one schedule on one day that they are told together. `count`: null where there are more than were counted; `everyMs`: null where they do not come evenly. */
export interface Band {
  readonly kind: 'band';
  readonly schedule: ScheduleView;
  readonly at: number;
  readonly last: number;
  readonly count: number | null;
  readonly everyMs: number | null;
}

interface DayPlan {
  readonly planned: readonly Planned[];
  readonly bands: readonly Band[];
}

/** What is to come on each of some days, and where it gets in its own way. */
export interface Plan {
  readonly days: readonly DayPlan[];
  readonly collisions: readonly Collision[];
}

/** More than this of one schedule on one day is a band. */
export const MOST_A_DAY = 12;
/** So many times of a schedule are looked at in one go, then day by day so many. */
const LOOKED_TOGETHER = 400;
const LOOKED_A_DAY = 100;

interface DayTimes {
  readonly times: readonly number[];
  readonly marks: ReadonlyMap<number, 'gap' | 'repeat'>;
  /** There are more. */
  readonly more: boolean;
}
const nothing: DayTimes = { times: [], marks: new Map(), more: false };

/** A schedule that has not changed gives the same times: the list comes anew at each fire, the times need not. */
const known = new WeakMap<ScheduleDefinition, { readonly key: string; readonly days: readonly DayTimes[] }>();

function timesOf(definition: ScheduleDefinition, days: readonly Day[]): readonly DayTimes[] {
  const { times } = definition;
  const [first, end] = [days[0], days.at(-1)];
  if (!isTimed(times) || first === undefined || end === undefined) return days.map(() => nothing);
  const key = `${first.from} ${end.to} ${days.length}`;
  const before = known.get(definition);
  if (before?.key === key) return before.days;
  const found = lookUp(times, days, first.from, end.to);
  known.set(definition, { key, days: found });
  return found;
}

function lookUp(times: TimedSpec, days: readonly Day[], from: number, to: number): readonly DayTimes[] {
  const all = occurrences(times, from - 1, to - 1, LOOKED_TOGETHER);
  const few = all.length < LOOKED_TOGETHER;
  let next = 0;
  return days.map((day) => {
    const ofDay = few ? [] : occurrences(times, day.from - 1, day.to - 1, LOOKED_A_DAY);
    if (few) for (let one = all[next]; one !== undefined && one.at < day.to; one = all[(next += 1)]) (ofDay as (typeof one)[]).push(one);
    if (ofDay.length === 0) return nothing;
    return {
      times: ofDay.map(({ at }) => at),
      marks: new Map(ofDay.flatMap(({ at, dst }) => (dst === null ? [] : [[at, dst] as const]))),
      more: !few && ofDay.length === LOOKED_A_DAY,
    };
  });
}

/** The distance between times that come evenly. */
function evenGap(times: readonly number[]): number | null {
  const [first, second] = times;
  if (first === undefined || second === undefined) return null;
  const gap = second - first;
  return times.every((at, n) => n === 0 || at - (times[n - 1] ?? 0) === gap) ? gap : null;
}

function bandOf(schedule: ScheduleView, { times, more }: DayTimes, day: Day): Band {
  const [at = day.from] = times;
  const spec = schedule.definition.times;
  const everyMs = evenGap(times);
  const step = spec.kind === 'interval' ? spanMs(spec.every) : null;
  const end = Math.min(day.to - 1, 'endAt' in spec ? (spec.endAt ?? Infinity) : Infinity);
  const counted = more ? (step === null ? null : Math.floor((end - at) / step) + 1) : times.length;
  const last = !more ? (times.at(-1) ?? at) : step === null ? end : at + ((counted ?? 1) - 1) * step;
  return { kind: 'band', schedule, at, last, count: counted, everyMs };
}

/** What is left of a day after `now`, and of the fires that the schedule may still give. */
function leftOf(found: DayTimes, now: number, fires: number): DayTimes {
  if (found.times.length === 0 || ((found.times[0] ?? 0) > now && found.times.length <= fires && !(found.more && fires < Infinity))) return found;
  const times = found.times.filter((at) => at > now).slice(0, fires);
  return { ...found, times, more: found.more && times.length < fires };
}

/**
 * What these schedules do on these days after `now`, in small steps: each `yield` is a moment to let the window draw. `atOnce`: so many runs
 * can go on together. Schedules whose times nobody knows in advance stand there with their next one.
 */
export function* planDays(schedules: readonly ScheduleView[], days: readonly Day[], now: number, atOnce: number): Generator<undefined, Plan> {
  const planned: Planned[][] = days.map(() => []);
  const bands: Band[][] = days.map(() => []);
  const crowded: Planned[][] = days.map(() => []);
  for (const schedule of schedules) {
    const { policy, times } = schedule.definition;
    const takes = schedule.expectedMs ?? 0;
    const run = (at: number, dst: Planned['dst']): Planned => ({ kind: 'planned', schedule, at, until: at + takes, dst });
    if (!isTimed(times)) {
      const n = schedule.next === null ? -1 : days.findIndex((day) => (schedule.next ?? 0) >= day.from && (schedule.next ?? 0) < day.to);
      if (schedule.next !== null) planned[n]?.push(run(schedule.next, null));
    } else {
      let fires = policy.remainingRuns === undefined ? Infinity : Math.max(0, policy.remainingRuns - schedule.fires);
      for (const [n, whole] of timesOf(schedule.definition, days).entries()) {
        const day = days[n];
        const found = leftOf(whole, now, fires);
        if (day === undefined || found.times.length === 0) continue;
        fires -= found.times.length;
        const many = found.times.length > MOST_A_DAY || found.more;
        if (many) bands[n]?.push(bandOf(schedule, found, day));
        (many ? crowded : planned)[n]?.push(...found.times.map((at) => run(at, found.marks.get(at) ?? null)));
      }
    }
    yield;
  }
  for (const list of planned) {
    list.sort((a, b) => a.at - b.at);
    yield;
  }
  const collisions = yield* findCollisions(planned.map((list, n) => [...list, ...(crowded[n] ?? [])]), bands.flat(), atOnce);
  return { days: planned.map((list, n) => ({ planned: list, bands: bands[n] ?? [] })), collisions };
}
