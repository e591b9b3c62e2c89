import { assert, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { spanMs } from '#shared/schedule/schedule';
import { spanText } from './span.ts';

it.each([
  [0, '0s'],
  [30_000, '30s'],
  [90_000, '90s'],
  [5_400_000, '90m'],
  [86_400_000, '1d'],
  [1400, '1s'],
])('%s ms is %s', (ms, text) => expect(spanText(ms)).toBe(text));

it('is read back', () => {
  assert(property(integer({ min: 0, max: 400 * 86_400 }), (seconds) => {
    expect(spanMs(spanText(seconds * 1000))).toBe(seconds * 1000);
  }));
});
