import { moved, readClocks } from './observe.ts';
import type { SchedulerOptions } from './options.ts';

/** Sees that time passed which no process could see: the machine slept, by the host's word or by its clocks, or the wall clock was set. */
export interface Vigil {
  /** Does the machine sleep, as far as its host says? Then nothing that comes due is settled yet. */
  asleep(): boolean;
  /** A timer went off. */
  tick(): void;
  suspend(): void;
  /** Awake again; where nobody had said that it sleeps, the clocks are compared. */
  wake(): void;
  /** Compares the clocks, unless the machine sleeps. */
  look(): void;
}

/** A machine that goes on ticking does not sleep, whatever its host says. */
const TICKS_AWAKE = 10;

/** `unseen` is told why, and since when, once it is over. */
export function createVigil(options: SchedulerOptions, unseen: (why: 'asleep' | 'clockJump', since: number) => void): Vigil {
  let reading = readClocks(options);
  let sleeping: { readonly since: number; readonly ticks: number } | null = null;

  const compare = (): ReturnType<typeof moved> => {
    const before = reading;
    reading = readClocks(options);
    return moved(before, reading);
  };
  const look = (): void => {
    if (sleeping !== null) return;
    const since = reading.wall;
    const why = compare();
    if (why !== null) unseen(why, since);
  };
  const wake = (): void => {
    if (sleeping === null) return look();
    const { since } = sleeping;
    sleeping = null;
    reading = readClocks(options);
    unseen('asleep', since);
  };
  return {
    asleep: () => sleeping !== null,
    tick() {
      if (sleeping === null) return look();
      // It may be half awake now and then, for a moment.
      sleeping = { since: sleeping.since, ticks: compare() === null ? sleeping.ticks + 1 : 0 };
      if (sleeping.ticks >= TICKS_AWAKE) wake();
    },
    suspend() {
      look();
      sleeping ??= { since: reading.wall, ticks: 0 };
    },
    wake,
    look,
  };
}
