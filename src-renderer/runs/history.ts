import type { StudioEvent } from '#shared/events';
import { evolve } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';

const EVERY = 64;

/** A run's events with a state kept every so often, so that the slider finds any moment by folding a few events. */
export interface RunHistory {
  readonly events: readonly StudioEvent[];
  /** marks[i] is the state after the first i * 64 events. */
  readonly marks: readonly (Run | null)[];
  readonly latest: Run | null;
}

export const emptyHistory: RunHistory = { events: [], marks: [null], latest: null };

/** The history after more events. What is known already (a stream that was opened again) is passed over. */
export function extend(history: RunHistory, more: readonly StudioEvent[]): RunHistory {
  const known = history.events.at(-1)?.version ?? 0;
  const fresh = more.filter((event) => event.version > known);
  if (fresh.length === 0) return history;
  const events = [...history.events];
  const marks = [...history.marks];
  let { latest } = history;
  for (const event of fresh) {
    latest = evolve(latest, event);
    events.push(event);
    if (events.length % EVERY === 0) marks.push(latest);
  }
  return { events, marks, latest };
}

/** The run after its first `count` events. */
export function stateAfter(history: RunHistory, count: number): Run | null {
  const upTo = Math.max(0, Math.min(count, history.events.length));
  if (upTo === history.events.length) return history.latest;
  const mark = Math.floor(upTo / EVERY);
  let run = history.marks[mark] ?? null;
  for (const event of history.events.slice(mark * EVERY, upTo)) run = evolve(run, event);
  return run;
}
