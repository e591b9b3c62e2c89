import type { Run } from '#shared/run/run';
import type { Instant } from '../engine/record.ts';
import { stampOf } from './facts.ts';
import type { Stamp } from './facts.ts';

/**
 * Time as one run has it. `at` of its events is what the wall clock says. All that is compared or waited for goes by a clock that never
 * jumps, written as instants of a wall clock that does not either: the wall's as it was when this began.
 */
export interface RunClock {
  instant(): Instant;
  readonly stamp: Stamp;
  /** Milliseconds until such an instant, as `instant().iso` wrote it; not below 0. */
  until(iso: string): number;
  /** Its work has begun, or goes on. */
  work(): void;
  /** How long it has been worked on since `work`; 0 before. */
  worked(): number;
  /** It stands still: neither that nor the wait for its first worker is time that it takes. */
  rest(): void;
}

/** What was left of a retry's delay when its run was last seen going: at most the whole. */
export interface Delay {
  readonly dueAt: string;
  readonly delayMs: number;
}

/**
 * `run`: as it is found. `delays`: of its retries that still wait, written by another process whose wall clock may have been another: one
 * that seems to have more than its whole delay left has the whole one left.
 */
export function createRunClock(world: { readonly instant: () => Instant; readonly steady: () => number }, run: Pick<Run, 'workedMs'>, delays: readonly Delay[] = []): RunClock {
  const { instant, steady } = world;
  const began = steady();
  const wall = Math.max(instant().at, ...delays.map(({ dueAt, delayMs }) => Date.parse(dueAt) - delayMs));
  const now = (): number => wall + (steady() - began);
  /** Since when it is worked on. */
  let since: number | null = null;
  /** How long it was before. */
  let before = run.workedMs;
  const worked = (): number => (since === null ? 0 : Math.max(0, steady() - since));
  return {
    instant() {
      const real = instant();
      return { ...real, iso: (ms) => real.iso(Math.floor(ms - real.at + now())), elapsedMs: before + worked(), ...(since === null ? {} : { workedMs: worked() }) };
    },
    stamp: stampOf(instant),
    until: (iso) => Math.max(0, Date.parse(iso) - now()),
    work: () => {
      since ??= steady();
    },
    rest: () => {
      before += worked();
      since = null;
    },
    worked,
  };
}
