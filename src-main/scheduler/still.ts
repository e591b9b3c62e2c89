import { StudioError } from '#shared/errors';
import type { Scheduler } from '../studio-types.ts';

const refuse = (): Promise<never> => Promise.reject(new StudioError('unsupported', 'This studio runs no schedules.', { remedy: 'Open the window, or start `millrace serve` or `millrace scheduler`.' }));

/** Of a host that only runs what it is told to: it has no clock. */
export const stillScheduler: Scheduler = {
  running: false,
  list: () => Promise.resolve({ schedules: [], refused: [], allPaused: null, running: false }),
  pause: refuse,
  resume: refuse,
  pauseAll: refuse,
  resumeAll: refuse,
  runNow: refuse,
  runMissed: refuse,
  away: () => null,
  settleAway: refuse,
  summary: () => ({ next: null, allPaused: false, scheduled: 0 }),
  power: () => undefined,
  subscribe: () => () => undefined,
  ready: Promise.resolve(),
  close: () => Promise.resolve(),
};
