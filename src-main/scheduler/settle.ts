import type { EventData, MissedReason } from '#shared/events';
import { occurrences } from '#shared/schedule/occurrences';
import { spanMs } from '#shared/schedule/schedule';
import type { SchedulePolicy, TimedSpec } from '#shared/schedule/schedule';
import type { ScheduleState } from '#shared/schedule/state';
import { dueAt, firesLeft } from './next.ts';
import { MOST_BUFFERED } from './overlap.ts';

/** Several occurrences in a row, by the first and last of their nominal times. */
export interface Range {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** What has come due, parted. All of `tooOld` come before all of `late`, and those before all of `onTime`. */
export interface Passed {
  /** Older than the catch-up window: never run. */
  readonly tooOld: Range | null;
  /** Later than the grace allows. `newest`: the last of them, ascending; enough to choose from. `oldest`: the first hundred. */
  readonly late: (Range & { readonly newest: readonly number[]; readonly oldest: readonly number[] }) | null;
  readonly onTime: readonly number[];
}

/**
 * `now`: until when to look. `observedAt`: when it was first seen that something is due; what came due after that was seen in time.
 * `undue`: what only its jitter keeps from starting counts too.
 */
export interface Look {
  readonly now: number;
  readonly observedAt: number;
  readonly undue?: boolean;
}

/** A timer is late by a little even where nothing is: nobody's grace is shorter. */
const TIMER_MS = 1000;
/** More than so many at once are not on time, whatever the grace. */
const MOST_ON_TIME = 1000;
const SHOWN = 100;
const SLICE = 2000;

const wider = (range: Range | null, at: number): Range => ({ first: range?.first ?? at, last: at, count: (range?.count ?? 0) + 1 });

/** Takes occurrences in nominal order, holds only what is needed of them, and parts them. */
export function createSieve(policy: Pick<SchedulePolicy, 'graceSeconds' | 'catchupWindow'>, { now, observedAt }: Look): { add(nominal: number, due: number): void; passed(): Passed } {
  const grace = Math.max(policy.graceSeconds * 1000, TIMER_MS);
  const oldestRun = observedAt - (spanMs(policy.catchupWindow) ?? 0);
  let tooOld: Range | null = null;
  let late: Range | null = null;
  const oldest: number[] = [];
  let newest: number[] = [];
  let onTime: number[] = [];
  const isLate = (nominal: number): void => {
    if (nominal < oldestRun) {
      tooOld = wider(tooOld, nominal);
      return;
    }
    late = wider(late, nominal);
    if (oldest.length < SHOWN) oldest.push(nominal);
    newest.push(nominal);
    // Cut now and then, not each time: that would move a thousand numbers a number.
    if (newest.length > 4 * MOST_BUFFERED) newest = newest.slice(-MOST_BUFFERED - 1);
  };
  return {
    add(nominal, due) {
      if (due > now) return;
      if (observedAt - due > grace) return isLate(nominal);
      onTime.push(nominal);
      if (onTime.length < 2 * MOST_ON_TIME) return;
      onTime.slice(0, -MOST_ON_TIME).forEach(isLate);
      onTime = onTime.slice(-MOST_ON_TIME);
    },
    passed() {
      onTime.slice(0, -MOST_ON_TIME).forEach(isLate);
      onTime = onTime.slice(-MOST_ON_TIME);
      return { tooOld, late: late === null ? null : { ...late, oldest, newest: newest.slice(-MOST_BUFFERED - 1) }, onTime };
    },
  };
}

/** What of a timed schedule's occurrences after its cursor has come due. However many there are: others have their turn in between. */
export async function passedSince(state: ScheduleState, spec: TimedSpec, look: Look, breathe: () => Promise<void>): Promise<Passed> {
  const sieve = createSieve(state.definition.policy, look);
  for (let after = state.cursor; after < look.now; ) {
    const found = occurrences(spec, after, look.now, SLICE);
    for (const [n, { at }] of found.entries()) sieve.add(at, look.undue === true ? at : dueAt(state, at, found[n + 1]?.at));
    const last = found.at(-1);
    if (last === undefined || found.length < SLICE) break;
    after = last.at;
    await breathe();
  }
  return sieve.passed();
}

/** What is said of an occurrence, but for whose it is. */
export type Said =
  | { readonly type: 'OccurrenceMissed'; readonly data: Omit<EventData<'OccurrenceMissed'>, 'scheduleId' | 'workflowId'> }
  | { readonly type: 'OccurrenceBuffered'; readonly data: Omit<EventData<'OccurrenceBuffered'>, 'scheduleId' | 'workflowId'> };

/** How what is late is treated: by the policy, or as a person chose. */
export interface Treatment {
  readonly misfire: SchedulePolicy['misfire'];
  readonly most: number;
  readonly how: 'catchUp' | 'asked';
  readonly reason: MissedReason;
}

export const byPolicy = ({ misfire, misfireMax }: SchedulePolicy, reason: MissedReason): Treatment => ({ misfire, most: misfireMax, how: 'catchUp', reason });

/**
 * What follows from what has passed: what is to be written, and what starts now. With `last` the newest of all that has passed runs, and
 * that may be one that is on time. With `all`, what is on time waits behind what is caught up, so that the order stays.
 * `cursorAt`: where the cursor is once an occurrence is settled.
 */
export function settlement(state: ScheduleState, { tooOld, late, onTime }: Passed, treatment: Treatment, cursorAt: (nominal: number) => number): { readonly said: readonly Said[]; readonly onTime: readonly number[] } {
  const { misfire, most, how, reason } = treatment;
  const left = firesLeft(state);
  const room = MOST_BUFFERED - state.buffered.length;
  const wanted = misfire === 'skip' || (misfire === 'last' && onTime.length > 0) ? 0 : misfire === 'last' ? 1 : most;
  const chosen = late === null ? 0 : Math.max(0, Math.min(wanted, late.count, MOST_BUFFERED, left - Math.min(left, onTime.length), room));
  const said: Said[] = [];
  const missed = (range: Range, why: MissedReason): void => void said.push({ type: 'OccurrenceMissed', data: { nominalTime: range.first, lastNominalTime: range.last, count: range.count, reason: why, cursor: cursorAt(range.last) } });
  const buffered = (nominalTime: number, by: 'catchUp' | 'asked' | 'buffered'): void => void said.push({ type: 'OccurrenceBuffered', data: { nominalTime, how: by, cursor: cursorAt(nominalTime) } });
  if (tooOld !== null) missed(tooOld, 'outsideWindow');
  if (late !== null) {
    const run = late.newest.slice(late.newest.length - chosen);
    const lastLeft = late.newest[late.newest.length - chosen - 1];
    if (lastLeft !== undefined) missed({ first: late.first, last: lastLeft, count: late.count - chosen }, reason);
    for (const nominal of run) buffered(nominal, how);
  }
  const follow = chosen > 0 && state.definition.policy.overlap !== 'allowAll' ? onTime.slice(0, Math.min(left - chosen, room - chosen)) : [];
  for (const nominal of follow) buffered(nominal, 'buffered');
  return { said, onTime: onTime.slice(follow.length) };
}

/** All that has passed as missed, for one reason: what a pause comes to. */
export function allMissed({ tooOld, late, onTime }: Passed): Range | null {
  const [first] = onTime;
  const onTimeRange = first === undefined ? null : { first, last: onTime.at(-1) ?? first, count: onTime.length };
  const ranges = [tooOld, late, onTimeRange].filter((range) => range !== null);
  const [oldest] = ranges;
  return oldest === undefined ? null : { first: oldest.first, last: ranges.at(-1)?.last ?? oldest.last, count: ranges.reduce((sum, range) => sum + range.count, 0) };
}
