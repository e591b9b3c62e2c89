import type { RunId } from '#shared/ids';
import { occurrences } from '#shared/schedule/occurrences';
import { isTimed } from '#shared/schedule/schedule';
import type { ScheduleDefinition } from '#shared/schedule/schedule';

const SECOND = 1000;
const CHUNK = 40 * 86_400_000;

/** One schedule, in the referee's own book: it shares no code with the scheduler, nor with the fold that a schedule is. */
export interface Own {
  readonly workflowId: string;
  definition: ScheduleDefinition;
  cursor: number;
  paused: boolean;
  pausedFrom: number;
  pausedTo: number;
  deleted: boolean;
  /** A person has decided on what was missed. */
  chosen: boolean;
  fires: number;
  readonly fired: Set<number>;
  buffered: { readonly nominal: number; readonly how: string }[];
  readonly active: Set<RunId>;
  lastEnd: number;
  /** Occurrences after `cursor` up to some instant. */
  ahead: number[];
  /** So many of those are settled. */
  passed: number;
  aheadUntil: number;
  /** What was said at one instant of what came late. */
  batch: { readonly at: number; readonly before: number; readonly left: number; readonly room: number; readonly missed: { first: number; last: number; count: number; reason: string }[]; readonly caught: number[]; readonly complaints: string[] } | null;
}

/** Counts its occurrences up to `until`. */
export const lookAhead = (one: Own, until: number): void => {
  const { times } = one.definition;
  if (!isTimed(times) || one.aheadUntil >= until) return;
  const to = Math.max(until, one.aheadUntil + CHUNK);
  for (const { at } of occurrences(times, one.aheadUntil, to, Number.POSITIVE_INFINITY)) one.ahead.push(at);
  one.aheadUntil = to;
};
/** Occurrences after the cursor, up to `until`. */
export const ahead = (one: Own, until: number): readonly number[] => {
  lookAhead(one, until);
  const found: number[] = [];
  for (let n = one.passed; (one.ahead[n] ?? Number.POSITIVE_INFINITY) <= until; n += 1) found.push(one.ahead[n] ?? 0);
  return found;
};
/** Its definition is another one. */
export const change = (one: Own): void => {
  one.ahead = [];
  one.passed = 0;
  one.aheadUntil = one.cursor;
};
/** All up to there is settled. */
export const moveTo = (one: Own, cursor: number): void => {
  one.cursor = Math.max(one.cursor, cursor);
  while ((one.ahead[one.passed] ?? Number.POSITIVE_INFINITY) <= one.cursor) one.passed += 1;
  if (one.aheadUntil <= one.cursor) change(one);
};
/** In ms: a start may be so much later than its time. */
export const jitterMost = ({ definition }: Own): number => definition.policy.jitterSeconds * SECOND;
/** In ms. */
export const graceOf = ({ definition }: Own): number => Math.max(definition.policy.graceSeconds * SECOND, SECOND);
/** How many fires it has left to give. */
export const left = (one: Own): number => (one.definition.policy.remainingRuns ?? Number.POSITIVE_INFINITY) - one.fires - one.buffered.length;
