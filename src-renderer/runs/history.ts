import type { StudioEvent } from '#shared/events';
import { replay } from '#shared/run/evolve';
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
  const events = [...history.events, ...fresh];
  const marks = [...history.marks];
  let { latest } = history;
  let done = history.events.length;
  while (done < events.length) {
    // Up to the next mark at once: a long run's nodes are copied once for all of it.
    const next = Math.min(events.length, (Math.floor(done / EVERY) + 1) * EVERY);
    latest = replay(events.slice(done, next), latest);
    if (next % EVERY === 0) marks.push(latest);
    done = next;
  }
  return { events, marks, latest };
}

/** The run after its first `count` events. */
export function stateAfter(history: RunHistory, count: number): Run | null {
  const upTo = Math.max(0, Math.min(count, history.events.length));
  if (upTo === history.events.length) return history.latest;
  const mark = Math.floor(upTo / EVERY);
  return replay(history.events.slice(mark * EVERY, upTo), history.marks[mark] ?? null);
}
