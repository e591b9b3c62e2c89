import { setTimeout as pause } from 'node:timers/promises';

/** Time and chance as the client uses them; a test brings its own. */
export interface Clock {
  /** Milliseconds since 1970: what an HTTP date is compared with. */
  now(): number;
  /** Milliseconds that never jump. */
  steady(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  random: () => Math.random(),
  async sleep(ms, signal) {
    try {
      await pause(ms, undefined, { signal });
    } catch (thrown) {
      throw signal.aborted ? signal.reason : thrown;
    }
  },
};
