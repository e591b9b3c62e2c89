/** As a node's `retry` stands in the file, with its defaults. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly backoff: 'constant' | 'exponential';
  readonly initialMs: number;
  readonly maxMs: number;
  readonly jitter: number;
}

/**
 * Milliseconds to wait after failed attempt number `attempt` (from 1): initialMs, doubled each time when exponential, never above
 * maxMs, then spread evenly over ± jitter of itself by `chance` in [0, 1). The window tells a person what the engine will do.
 */
export function retryDelay(policy: RetryPolicy, attempt: number, chance: number): number {
  const plain = policy.backoff === 'constant' ? policy.initialMs : policy.initialMs * 2 ** (attempt - 1);
  const capped = Math.min(plain, policy.maxMs);
  return Math.round(Math.min(capped * (1 + policy.jitter * (2 * chance - 1)), policy.maxMs));
}
