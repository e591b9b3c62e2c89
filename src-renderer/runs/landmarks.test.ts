import { describe, expect, it } from 'vitest';
import { attemptAt, landmark } from './landmarks.ts';
import { recoveredRun, sampleRun } from './run.testing.ts';

const events = sampleRun();
/** All the places that jumping from the end, or from the beginning, comes to. */
function tour(all: typeof events, kind: 'failure' | 'attempt', way: 1 | -1, node: string | null = null): number[] {
  const seen: number[] = [];
  for (let at: number | null = landmark(all, way === 1 ? 0 : all.length + 1, kind, way, node); at !== null; at = landmark(all, at, kind, way, node)) seen.push(at);
  return seen;
}

describe('jumping through a run', () => {
  it('stands right after what went wrong', () => expect(events[(landmark(events, events.length, 'failure', -1) ?? 0) - 1]?.type).toBe('NodeExecutionFailed'));
  it('stops where the run stood still, too', () => expect(tour(recoveredRun(), 'failure', 1).map((at) => recoveredRun()[at - 1]?.type)).toEqual(['WorkflowInterrupted', 'WorkflowPaused']));
  it('comes to the same places both ways', () => {
    for (const kind of ['failure', 'attempt'] as const) expect(tour(events, kind, -1)).toEqual(tour(events, kind, 1).toReversed());
  });
  it('keeps to the attempts of a node that is chosen', () => {
    expect(tour(events, 'attempt', 1)).toHaveLength(4);
    expect(tour(events, 'attempt', 1, 'write')).toEqual([7, 10]);
  });
  it('ends where there is nothing more', () => expect([landmark(events, 10, 'attempt', 1), landmark(events, 3, 'attempt', -1), landmark([], 0, 'failure', 1)]).toEqual([null, null, null]));
});

describe('an attempt of a node', () => {
  it('is seen when it ended', () => expect([attemptAt(events, 'write', 1), attemptAt(events, 'write', 2)]).toEqual([8, 11]));
  it('is seen as it stands while it goes on', () => expect(attemptAt(events.slice(0, 10), 'write', 2)).toBe(10));
  it('was lost, and is seen so', () => expect(recoveredRun()[(attemptAt(recoveredRun(), 'write', 1) ?? 0) - 1]?.type).toBe('NodeAttemptLost'));
  it('may not be there', () => expect(attemptAt(events, 'write', 3)).toBeNull());
});
