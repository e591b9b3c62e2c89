import type { Clock } from './clock.ts';

/** Lets requests through at a steady pace, however many ask at once. */
export interface Pace {
  /** Resolves when it is this request's turn. */
  turn(signal: AbortSignal): Promise<void>;
}

/** `perSecond` requests a second, evenly spaced; 0 is without a limit. Turns are given in the order in which they are asked for. */
export function createPace(perSecond: number, clock: Clock): Pace {
  if (perSecond <= 0) return { turn: async (signal) => signal.throwIfAborted() };
  const gap = 1000 / perSecond;
  let next = Number.NEGATIVE_INFINITY;
  return {
    async turn(signal) {
      signal.throwIfAborted();
      const now = clock.steady();
      const at = Math.max(now, next);
      next = at + gap;
      if (at > now) await clock.sleep(at - now, signal);
    },
  };
}
