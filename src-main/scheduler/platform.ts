import { uptime } from 'node:os';
import type { SchedulerOptions } from './options.ts';

/** The clocks and timers of this machine. The timer holds the process: a host that has nothing else to do still has its schedules. */
export const machineClocks: Pick<SchedulerOptions, 'steady' | 'uptime' | 'timers' | 'breathe'> = {
  steady: () => performance.now(),
  uptime: () => uptime() * 1000,
  timers: {
    after(ms, act) {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  },
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
};
