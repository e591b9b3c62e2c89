import { expect, it } from 'vitest';
import { percentile } from './stats.ts';

it('takes the nearest rank, and nothing of nothing', () => {
  const sorted = Array.from({ length: 100 }, (_, at) => at + 1);
  expect([percentile(sorted, 0.5), percentile(sorted, 0.95), percentile([7], 0.95), percentile([], 0.5)]).toEqual([50, 95, 7, null]);
});
