import { assertNever } from '#shared/errors';
import type { Buffered } from '#shared/schedule/state';
import type { SchedulePolicy } from '#shared/schedule/schedule';

/** So many occurrences of a schedule wait at most. */
export const MOST_BUFFERED = 1000;

/** What a schedule has in hand when an occurrence's time comes. */
export interface InHand {
  /** Runs of it that have not ended: those that are paused or interrupted are among them. */
  readonly active: number;
  /** Occurrences that wait, oldest first. */
  readonly buffered: readonly Buffered[];
}

/** `replace`: what runs is cancelled and what waits is skipped, then it runs; `drop` names those that wait. */
export type OverlapDecision = { readonly kind: 'start' } | { readonly kind: 'skip' } | { readonly kind: 'buffer' } | { readonly kind: 'replace'; readonly drop: readonly number[] };

/** What becomes of an occurrence whose time has come. What waits to be caught up counts as running: it is about to. */
export function decideOverlap(overlap: SchedulePolicy['overlap'], { active, buffered }: InHand): OverlapDecision {
  if (overlap === 'allowAll' || (active === 0 && buffered.length === 0)) return { kind: 'start' };
  switch (overlap) {
    case 'skip':
      return { kind: 'skip' };
    case 'bufferOne':
      return buffered.some((one) => one.how === 'buffered') || buffered.length >= MOST_BUFFERED ? { kind: 'skip' } : { kind: 'buffer' };
    case 'bufferAll':
      return buffered.length >= MOST_BUFFERED ? { kind: 'skip' } : { kind: 'buffer' };
    case 'cancelOther':
      // What a person asked for is not given up for what the clock asks for.
      return { kind: 'replace', drop: buffered.flatMap((one) => (one.how === 'asked' ? [] : [one.nominalTime])) };
    default:
      return assertNever(overlap);
  }
}
