import { occurrences } from '#shared/schedule/occurrences';
import { isTimed, spanMs } from '#shared/schedule/schedule';
import type { TimedSpec } from '#shared/schedule/schedule';
import type { ScheduleState } from '#shared/schedule/state';
import { jitterMs } from './jitter.ts';

/** An occurrence that is to come: `at` is when it starts, jitter included. */
export interface Moment {
  readonly nominal: number;
  readonly at: number;
}

/** What a state does not say of its runs. */
export interface RunsOf {
  readonly active: number;
  /** When the last of its runs ended; null where none has. */
  readonly lastEndedAt: number | null;
}

const DAY = 86_400_000;

/** The first occurrence after an instant. Most come within a day: looking there first is the quicker. */
function firstAfter(spec: TimedSpec, after: number): number | null {
  const [near] = occurrences(spec, after, after + DAY, 1);
  const [first] = near === undefined ? occurrences(spec, after + DAY, Number.POSITIVE_INFINITY, 1) : [near];
  return first?.at ?? null;
}

/** When an occurrence starts. `next`: the occurrence after it, where that is known already. */
export function dueAt({ id, definition }: Pick<ScheduleState, 'id' | 'definition'>, nominal: number, next?: number): number {
  const { times, policy } = definition;
  if (policy.jitterSeconds === 0) return nominal;
  const following = next ?? (isTimed(times) ? firstAfter(times, nominal) : null);
  return nominal + jitterMs(id, nominal, policy.jitterSeconds, following === null ? Number.POSITIVE_INFINITY : following - nominal);
}

/** How many fires it has left to give, what waits counted as fired. */
export const firesLeft = ({ definition, fires, buffered }: Pick<ScheduleState, 'definition' | 'fires' | 'buffered'>): number =>
  Math.max(0, (definition.policy.remainingRuns ?? Number.POSITIVE_INFINITY) - fires - buffered.length);

/**
 * The first occurrence that is not settled; null where none is known: it has been spent, nothing more comes, or (a watch, a delay whose
 * run still goes) something else has to happen first. It is paused or not, all the same.
 */
export function nextMoment(state: ScheduleState, runs: RunsOf): Moment | null {
  const { times } = state.definition;
  if (state.deleted || firesLeft(state) === 0) return null;
  const nominal = isTimed(times) ? firstAfter(times, state.cursor) : times.kind === 'delay' ? afterTheLast(state, times, runs) : null;
  return nominal === null ? null : { nominal, at: dueAt(state, nominal) };
}

/** N after its last run ended, or after what was settled last: an occurrence that did not start a run, or its activation. */
function afterTheLast({ cursor, buffered }: ScheduleState, { every, startAt, endAt }: { readonly every: string; readonly startAt?: number | undefined; readonly endAt?: number | undefined }, { active, lastEndedAt }: RunsOf): number | null {
  if (active > 0 || buffered.length > 0) return null;
  const nominal = Math.max(Math.max(cursor, lastEndedAt ?? cursor) + (spanMs(every) ?? 0), startAt ?? Number.NEGATIVE_INFINITY);
  return endAt !== undefined && nominal > endAt ? null : nominal;
}
