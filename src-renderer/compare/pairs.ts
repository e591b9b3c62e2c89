import type { EventType, StudioEvent } from '#shared/events';
import type { NodeRun, Run } from '#shared/run/run';

/** Which of the two runs. */
export type Side = 'A' | 'B';

/** A node as it was in either run; null where a run does not have it. */
export interface NodePair {
  readonly id: string;
  readonly left: NodeRun | null;
  readonly right: NodeRun | null;
}

/** The nodes of two runs side by side: in the order of the left one's file, then those that only the right one has. */
export function nodePairs(left: Run, right: Run): readonly NodePair[] {
  const ids = [...new Set([...Object.keys(left.nodes), ...Object.keys(right.nodes)])];
  return ids.map((id) => ({ id, left: left.nodes[id] ?? null, right: right.nodes[id] ?? null }));
}

/** An event of one of two runs, and how long it happened after its own run's first, in milliseconds. */
export interface SidedEvent {
  readonly side: Side;
  readonly event: StudioEvent;
  readonly ms: number;
}

const timed = (side: Side, events: readonly StudioEvent[]): SidedEvent[] => {
  const start = events[0]?.at ?? 0;
  let reached = 0;
  // A clock that was set back does not put an event before the one it follows.
  return events.map((event) => ({ side, event, ms: (reached = Math.max(reached, event.at - start)) }));
};

/** The events of two runs as one list, by the time since each run began; each run's own order is kept. */
export function mergeEvents(left: readonly StudioEvent[], right: readonly StudioEvent[]): readonly SidedEvent[] {
  return [...timed('A', left), ...timed('B', right)].toSorted((a, b) => a.ms - b.ms);
}

/** How many events of each kind either run has, in the order of their first appearance. */
export function countEvents(left: readonly StudioEvent[], right: readonly StudioEvent[]): readonly { readonly type: EventType; readonly left: number; readonly right: number }[] {
  const counts = new Map<EventType, { left: number; right: number }>();
  for (const { side, event } of mergeEvents(left, right)) {
    const count = counts.get(event.type) ?? { left: 0, right: 0 };
    counts.set(event.type, count);
    count[side === 'A' ? 'left' : 'right'] += 1;
  }
  return [...counts].map(([type, count]) => ({ type, ...count }));
}
