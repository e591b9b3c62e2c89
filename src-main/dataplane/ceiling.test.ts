import { afterEach, expect, test, vi } from 'vitest';
import { ceilingMb, howItEnded, OVER_CEILING, watchCeiling } from './ceiling.ts';

afterEach(() => void vi.useRealTimers());

test('a worker far above its limit ends, one at work within it does not', () => {
  vi.useFakeTimers();
  let resident = 600;
  const end = vi.fn();
  const timer = watchCeiling(() => 300, end, () => resident * 2 ** 20);
  vi.advanceTimersByTime(1000);
  expect(end).not.toHaveBeenCalled();
  resident = ceilingMb(300) + 1;
  vi.advanceTimersByTime(250);
  expect(end).toHaveBeenCalledOnce();
  clearInterval(timer);
});

test('why it ended is told in words', () => {
  expect(howItEnded(OVER_CEILING)).toContain('memory');
  expect(howItEnded(1)).toBe('exit code 1');
});
