import type { AwayChoice } from '#shared/contract/schedules';
import type { FiredHow, MissedReason } from '#shared/events';
import type { RunId } from '#shared/ids';
import type { ScheduleState } from '#shared/schedule/state';
import type { Moment } from './next.ts';
import type { Passed } from './settle.ts';
import type { Watching } from './watching.ts';

/** A schedule in the scheduler's hands: its state, which only the journal's events change, and what goes on around it. */
export interface Live {
  state: ScheduleState;
  /** Its first occurrence that is not settled; undefined until somebody wants to know. */
  next: Moment | null | undefined;
  /** Its runs that have not ended. */
  readonly active: Map<RunId, FiredHow>;
  /** How its last fire came about: its run's request may be told of after it. */
  lastHow: { readonly run: RunId; readonly how: FiredHow } | null;
  lastEndedAt: number | null;
  /** A failure that has not been answered by a pause yet. */
  failure: string | null;
  /** When it was first seen that something is due; null while nothing is. */
  observedAt: number | null;
  /** Why time passed without anybody looking; null where somebody did. */
  unseen: MissedReason | null;
  /** What waits for a person to decide. */
  held: Held | null;
  /** Has it the turn to start one that is late? */
  mayCatchUp: boolean;
  /** Failed tries in a row, and when the next one is. */
  tries: number;
  retryAt: number | null;
  /** Why what is due can't be written down just now. */
  trouble: string | null;
  /** Why its workflow could not be started. */
  problem: string | null;
  watching: Watching | null;
  /** What a watch has noticed and nobody has settled. */
  changed: { readonly at: number; readonly seen: string; readonly unseen: MissedReason | null } | null;
  /** What a person, or the end of their time to answer, has decided on what was held. */
  decided: AwayChoice | 'policy' | null;
  /** The turn that goes on with it; null while none does. */
  turn: Promise<void> | null;
  again: boolean;
  /** Its place in the agenda. */
  at: number | null;
  stamp: number;
}

export interface Held {
  readonly passed: Passed;
  readonly reason: MissedReason;
}

export const createLive = (state: ScheduleState): Live => ({
  state,
  next: undefined,
  active: new Map(),
  lastHow: null,
  lastEndedAt: null,
  failure: null,
  observedAt: null,
  unseen: null,
  held: null,
  mayCatchUp: false,
  tries: 0,
  retryAt: null,
  trouble: null,
  problem: null,
  watching: null,
  changed: null,
  decided: null,
  turn: null,
  again: false,
  at: null,
  stamp: 0,
});
