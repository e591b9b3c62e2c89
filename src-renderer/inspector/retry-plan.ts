import { retryDelay } from '#shared/run/retry';
import type { RetryPolicy } from '#shared/run/retry';

/** Waits told one by one. */
const TOLD = 5;

/** What a retry policy comes to: the waits between its tries without their spread, by the engine's own arithmetic. */
export interface RetryPlan {
  readonly attempts: number;
  /** Milliseconds; the first ones, or one alone where all are the same. */
  readonly waits: readonly number[];
  readonly steady: boolean;
  /** Waits that are not told, and the longest of them. */
  readonly more: number;
  readonly longest: number;
  readonly total: number;
  readonly jitter: number;
}

/** Works a policy out. A policy with one attempt has no waits. */
export function retryPlan(policy: RetryPolicy): RetryPlan {
  const all = Array.from({ length: Math.max(0, policy.attempts - 1) }, (_, index) => retryDelay({ ...policy, jitter: 0 }, index + 1, 0.5));
  const steady = all.every((wait) => wait === all[0]);
  return {
    attempts: policy.attempts,
    waits: all.slice(0, steady ? 1 : TOLD),
    steady,
    more: steady ? 0 : Math.max(0, all.length - TOLD),
    longest: all.at(-1) ?? 0,
    total: all.reduce((sum, wait) => sum + wait, 0),
    jitter: policy.jitter,
  };
}
