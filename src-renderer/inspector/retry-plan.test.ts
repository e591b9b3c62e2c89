import { expect, it } from 'vitest';
import { retryPlan } from './retry-plan.ts';

const policy = { attempts: 4, backoff: 'exponential', initialMs: 1000, maxMs: 60_000, jitter: 0.2 } as const;

it('tells the waits one by one', () => {
  expect(retryPlan(policy)).toEqual({ attempts: 4, waits: [1000, 2000, 4000], steady: false, more: 0, longest: 4000, total: 7000, jitter: 0.2 });
});

it('tells of many waits the first, how many more, and the longest', () => {
  expect(retryPlan({ ...policy, attempts: 12 })).toEqual({ attempts: 12, waits: [1000, 2000, 4000, 8000, 16_000], steady: false, more: 6, longest: 60_000, total: 31_000 + 32_000 + 5 * 60_000, jitter: 0.2 });
});

it('tells waits that are all the same once', () => {
  expect(retryPlan({ ...policy, attempts: 9, backoff: 'constant' })).toMatchObject({ waits: [1000], steady: true, more: 0, total: 8000 });
  expect(retryPlan({ ...policy, initialMs: 90_000 })).toMatchObject({ waits: [60_000], steady: true, total: 180_000 });
  expect(retryPlan({ ...policy, attempts: 1 })).toMatchObject({ waits: [], total: 0 });
});
