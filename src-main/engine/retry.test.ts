import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayRetry, retryDelay } from './retry.ts';
import type { RetryPolicy } from './retry.ts';

const policy: RetryPolicy = { attempts: 4, backoff: 'exponential', initialMs: 1000, maxMs: 5000, jitter: 0 };

test('waits double up to the most, or stay', () => {
  expect([1, 2, 3, 4].map((attempt) => retryDelay(policy, attempt, 0.5))).toEqual([1000, 2000, 4000, 5000]);
  expect([1, 2, 3].map((attempt) => retryDelay({ ...policy, backoff: 'constant' }, attempt, 0.5))).toEqual([1000, 1000, 1000]);
});

test('a delay stays within its jitter and under the most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, chance, jitter) => {
      const plain = retryDelay({ ...policy, jitter: 0 }, attempt, chance);
      const spread = retryDelay({ ...policy, jitter }, attempt, chance);
      expect(spread).toBeLessThanOrEqual(policy.maxMs);
      expect(Math.abs(spread - plain)).toBeLessThanOrEqual(plain * jitter + 1);
    }),
  );
});

test('the last attempt and hopeless failures are not tried again', () => {
  expect([1, 3, 4].map((attempt) => mayRetry(policy, attempt, 'node_failed'))).toEqual([true, true, false]);
  expect(mayRetry(policy, 1, 'cancelled')).toBe(false);
  expect(mayRetry(undefined, 1, 'io')).toBe(false);
});
