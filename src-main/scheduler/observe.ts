import type { MissedReason } from '#shared/events';
import type { SchedulerOptions } from './options.ts';

/** The three clocks at one moment. */
export interface Reading {
  readonly wall: number;
  readonly steady: number;
  readonly up: number;
}

/** Clocks that move against each other by less are only measured badly. */
const MOVED_MS = 2000;
/** Somebody looks each minute: who has not for so long could not. */
const STOOD_STILL_MS = 300_000;

export const readClocks = ({ clock, steady, uptime }: Pick<SchedulerOptions, 'clock' | 'steady' | 'uptime'>): Reading => ({ wall: clock(), steady: steady(), up: uptime() });

/**
 * Whether time passed between two readings that no process could see, and why: the machine slept (its uptime counts that, the steady clock
 * does not everywhere; then nobody has looked for long), or somebody moved the wall clock. Null where the clocks agree.
 */
export function moved(before: Reading, after: Reading): Extract<MissedReason, 'asleep' | 'clockJump'> | null {
  const steady = after.steady - before.steady;
  const slept = after.up - before.up - steady;
  if (slept > MOVED_MS || steady > STOOD_STILL_MS) return 'asleep';
  return Math.abs(after.wall - before.wall - steady) > MOVED_MS ? 'clockJump' : null;
}
