import type { Journal } from '../journal/journal.ts';
import type { Executor, Library, SettingsStore } from '../studio-types.ts';

/** What the scheduler needs of the world; all of it can be a test's. */
export interface SchedulerOptions {
  readonly journal: Pick<Journal, 'append' | 'atomic' | 'together' | 'read' | 'run' | 'schedules' | 'schedule' | 'occurrences' | 'unfinished' | 'lastRuns' | 'lastPosition' | 'readAll' | 'subscribe'>;
  readonly executor: Pick<Executor, 'start' | 'cancel'>;
  /** Opened at the first call. */
  readonly library: () => Promise<Pick<Library, 'open' | 'schedules' | 'subscribe'>>;
  readonly settings: Pick<SettingsStore, 'get' | 'save' | 'subscribe'>;
  /** How long missed occurrences are held for a person; 0: the policies decide at once. */
  readonly askMissedMs: number;
  /** The wall clock, in ms since 1970. */
  readonly clock: () => number;
  /** Ms by a clock that nobody sets. Whether it counts the machine's sleep does not matter. */
  readonly steady: () => number;
  /** Ms since the machine was started, its sleep counted. */
  readonly uptime: () => number;
  readonly timers: SchedulerTimers;
  /** Ids of events. */
  readonly id: () => string;
  /** Lets everybody else have their turn. */
  readonly breathe: () => Promise<void>;
}

export interface SchedulerTimers {
  /** Calls `act` once, not before `ms` have passed by the steady clock. Returns the way to stop it. */
  after(ms: number, act: () => void): () => void;
}
