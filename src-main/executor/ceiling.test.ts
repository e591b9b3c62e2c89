import { afterEach, expect, test, vi } from 'vitest';
import { ceilingMb, watchCeiling } from './ceiling.ts';

afterEach(() => void vi.useRealTimers());

test('a worker far above its limit is ended, one at work within it is not', () => {
  vi.useFakeTimers();
  let resident = 600;
  const end = vi.fn();
  const stop = watchCeiling(1, () => 300, end, () => resident * 2 ** 20);
  vi.advanceTimersByTime(1000);
  expect(end).not.toHaveBeenCalled();
  resident = ceilingMb(300) + 1;
  vi.advanceTimersByTime(250);
  expect(end).toHaveBeenCalledOnce();
  stop();
  vi.advanceTimersByTime(1000);
  expect(end).toHaveBeenCalledOnce();
});
