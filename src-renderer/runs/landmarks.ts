import type { EventType, StudioEvent } from '#shared/events';
import { nodeOf } from './run-facts.ts';

/** What one jumps to in a run: where something went wrong, or where a node was tried. */
export type Landmark = 'failure' | 'attempt';

const FAILURES: ReadonlySet<EventType> = new Set<EventType>(['WorkflowFailed', 'WorkflowInterrupted', 'WorkflowPaused', 'NodeExecutionFailed', 'NodeFailureDiverted']);

/** Is this where something went wrong, or the run stood still? Attempts are lost by an interruption, which is the place to look at. */
export const isFailure = (event: StudioEvent): boolean => FAILURES.has(event.type);

const is: Readonly<Record<Landmark, (event: StudioEvent) => boolean>> = { failure: isFailure, attempt: (event) => event.type === 'NodeExecutionStarted' };

/**
 * How many events to show to stand at the next landmark after the first `shown` of them, or at the previous one; null where there is
 * none. With a node, only its own attempts count.
 */
export function landmark(events: readonly StudioEvent[], shown: number, kind: Landmark, way: 1 | -1, node: string | null = null): number | null {
  const wanted = (event: StudioEvent): boolean => is[kind](event) && (kind === 'failure' || node === null || nodeOf(event) === node);
  for (let index = shown - 1 + way; index >= 0 && index < events.length; index += way) {
    const event = events[index];
    if (event !== undefined && wanted(event)) return index + 1;
  }
  return null;
}

const ENDS: ReadonlySet<EventType> = new Set<EventType>(['NodeExecutionStarted', 'NodeExecutionCompleted', 'NodeExecutionFailed', 'NodeAttemptLost']);

/** How many events to show to see how an attempt of a node ended, or how it stands; null where there is no such attempt. */
export function attemptAt(events: readonly StudioEvent[], node: string, attempt: number): number | null {
  const index = events.findLastIndex((event) => ENDS.has(event.type) && nodeOf(event) === node && 'attempt' in event.data && event.data.attempt === attempt);
  return index < 0 ? null : index + 1;
}
