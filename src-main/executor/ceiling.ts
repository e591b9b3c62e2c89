import { residentBytes } from './memory.ts';

const MIB = 2 ** 20;
/** A value that grows by a gigabyte a second is caught before it has the machine. */
const EVERY_MS = 200;

/** In MiB. Far above the limit, because the engine keeps its own: only single values of a person's expression grow past that. */
export const ceilingMb = (limitMb: number): number => limitMb * 2 + 1024;

/** How a worker ended that `watchCeiling` ended, in a few words. */
export const OVER_CEILING = 'it needed far more memory than its limit: a single value was too large';

/**
 * The engine's memory limit counts its tables and buffers, not the text or list that one call of `repeat` or `range` makes, and a
 * worker deep in one hears nothing: so it is watched from outside. Calls `end` when the process holds more than its ceiling; `limitMb`
 * is 0 while it has no work. Returns the way to stop.
 */
export function watchCeiling(pid: number, limitMb: () => number, end: () => void, resident: (pid: number) => number = (one) => residentBytes([one])): () => void {
  const timer = setInterval(() => {
    const limit = limitMb();
    if (limit > 0 && resident(pid) > ceilingMb(limit) * MIB) end();
  }, EVERY_MS).unref();
  return () => clearInterval(timer);
}
