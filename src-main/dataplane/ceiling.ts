const MIB = 2 ** 20;
/** Seen 5 times a second: a value that grows by a gigabyte a second is caught before it has the machine. */
const EVERY_MS = 200;

/** What a worker that has outgrown its limit exits with. */
export const OVER_CEILING = 77;

/** In MiB. Far above the limit, because the engine keeps its own: only single values of a person's expression grow past that. */
export const ceilingMb = (limitMb: number): number => limitMb * 2 + 1024;

/** How a process with that exit code ended, in a few words. */
export const howItEnded = (code: number | null): string => (code === OVER_CEILING ? 'it needed far more memory than its limit: a single value was too large' : `exit code ${code}`);

/**
 * The engine's memory limit counts its tables and buffers, not the text or list that one call of `repeat` or `range` makes. Calls `end`
 * when the process holds more than its ceiling. `limitMb` is 0 while nothing is to be done.
 */
export function watchCeiling(limitMb: () => number, end: () => void, resident: () => number = process.memoryUsage.rss): NodeJS.Timeout {
  return setInterval(() => {
    const limit = limitMb();
    if (limit > 0 && resident() > ceilingMb(limit) * MIB) end();
  }, EVERY_MS).unref();
}
