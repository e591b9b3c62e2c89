import type { SchedulerTimers } from './options.ts';

/** Clocks that a test winds: nothing happens by itself, and days pass in no time. */
export interface HandWound {
  readonly clock: () => number;
  readonly steady: () => number;
  readonly uptime: () => number;
  readonly timers: SchedulerTimers;
  /** Timers that wait. */
  readonly pending: () => number;
  /** When they are due, by the steady clock. */
  readonly due: () => readonly number[];
  /** Timers that have gone off. */
  readonly fired: () => number;
  /** Lets what has begun come to rest. */
  settle(): Promise<void>;
  /** Time passes as it does for a process that runs. */
  pass(ms: number): Promise<void>;
  /** The machine sleeps: neither timers nor the steady clock go on. */
  sleep(ms: number): Promise<void>;
  /** Nothing runs for a while, but the clocks do: a busy machine. */
  stall(ms: number): Promise<void>;
  /** Somebody sets the wall clock. */
  set(ms: number): Promise<void>;
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export function handWound(start: number): HandWound {
  let wall = start;
  let steady = 5000;
  let up = 1_000_000;
  let fired = 0;
  const waiting = new Set<{ readonly at: number; readonly act: () => void }>();
  const go = (ms: number): void => {
    wall += ms;
    steady += ms;
    up += ms;
  };
  const runDue = async (): Promise<void> => {
    for (;;) {
      const due = [...waiting].filter((one) => one.at <= steady).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) return;
      waiting.delete(due);
      fired += 1;
      due.act();
      await settle();
    }
  };
  return {
    clock: () => wall,
    steady: () => steady,
    uptime: () => up,
    timers: {
      after(ms, act) {
        const one = { at: steady + ms, act };
        waiting.add(one);
        return () => void waiting.delete(one);
      },
    },
    pending: () => waiting.size,
    due: () => [...waiting].map((one) => one.at),
    fired: () => fired,
    settle,
    async pass(ms) {
      const end = steady + ms;
      await settle();
      for (;;) {
        const next = Math.min(...[...waiting].map((one) => one.at));
        if (next > end) break;
        go(Math.max(0, next - steady));
        await runDue();
      }
      go(end - steady);
      await settle();
    },
    async sleep(ms) {
      wall += ms;
      up += ms;
      await runDue();
      await settle();
    },
    async stall(ms) {
      go(ms);
      await runDue();
      await settle();
    },
    async set(ms) {
      wall += ms;
      await settle();
    },
  };
}
