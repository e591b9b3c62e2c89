import { expect, it } from 'vitest';
import { EVENTS } from '#shared/events';
import type { EventData, EventType, StudioEvent } from '#shared/events';
import { follows, isActive, nodeLive, noRun, runClock } from './live.ts';
import type { LiveState } from './live.ts';

const nodes = ['a', 'b'].map((id) => ({ id, type: 'transform', nodeType: 'filter.condition', config: {} }));
const requested = {
  runId: 'r1', workflowId: 'w', workflowName: 'W', revision: 'x', workflow: { nodes }, file: null, folder: null,
  trigger: { kind: 'manual' }, scope: { kind: 'all' }, priority: 0, origin: null,
} as unknown as EventData<'WorkflowRequested'>;

/** A watched run after these events, the first at 0. */
function after(...events: readonly (readonly [type: EventType, at: number, data: object])[]): LiveState {
  return [['WorkflowRequested', 0, requested] as const, ...events].reduce<LiveState>((state, [type, at, data], index) => {
    const event = { type, data: EVENTS[type].data.parse(data), at, id: String(index), version: index + 1, position: index + 1 } as unknown as StudioEvent;
    return follows(state, { kind: 'event', event });
  }, noRun);
}
const started = (node: string, at: number, attempt = 1) => ['NodeExecutionStarted', at, { node, attempt, segment: 'b' }] as const;
const clock = (state: LiveState, now: number): number => runClock(state.run!, now);
const error = { code: 'node_failed', message: 'No.' };

it('a run that stands still is on its way; only one that has ended is not', () => {
  const crashed = after(['WorkflowStarted', 10, {}], ['WorkflowInterrupted', 50, { reason: 'Gone.', workedMs: 40 }]);
  expect(crashed.run?.status).toBe('interrupted');
  expect(isActive(crashed)).toBe(true);
  expect(isActive(after(['WorkflowStarted', 10, {}], ['WorkflowCompleted', 50, { durationMs: 40 }]))).toBe(false);
});

it('the clock of a run leaves out the time in which it stood still', () => {
  const start = ['WorkflowStarted', 100, {}] as const;
  const crash = ['WorkflowInterrupted', 500, { reason: 'Gone.', workedMs: 400 }] as const;
  expect(clock(after(), 70)).toBe(70);
  expect(clock(after(start), 350)).toBe(250);
  expect(clock(after(start, crash), 90_000)).toBe(400);
  const resumed = after(start, crash, ['WorkflowResumed', 10_000, { by: 'recovery', repeat: [] }]);
  expect(clock(resumed, 10_300)).toBe(700);
  expect(clock(after(start, crash, ['WorkflowResumed', 10_000, { by: 'recovery', repeat: [] }], ['WorkflowCompleted', 10_400, { durationMs: 800 }]), 99_999)).toBe(800);
});

it('a node that waits for its next try says when and which; what was stopped with it waits too', () => {
  const dueAt = '2026-01-01T00:00:05.000Z';
  const state = after(
    started('a', 10),
    started('b', 10),
    ['NodeExecutionFailed', 20, { node: 'a', attempt: 1, durationMs: 10, error }],
    ['NodeExecutionSkipped', 20, { node: 'b', reason: { kind: 'segmentFailed', node: 'a' } }],
    ['NodeRetryScheduled', 20, { node: 'a', attempt: 2, delayMs: 5000, dueAt }],
  );
  expect(nodeLive(state, 'a')).toMatchObject({ status: 'retrying', attempt: 2, retryAt: Date.parse(dueAt) });
  expect(nodeLive(state, 'b')).toMatchObject({ status: 'pending', stopped: false });
  const again = follows(state, { kind: 'event', event: { type: 'NodeExecutionFailed', data: { node: 'a', attempt: 2, durationMs: 1, error }, at: 30, id: 'x', version: 7, position: 7 } as unknown as StudioEvent });
  expect(nodeLive(again, 'b')).toMatchObject({ status: 'skipped', stopped: true });
});

it('tells what was reused and what was handed on', () => {
  const state = after(
    ['NodeOutputReused', 5, { node: 'a', from: 'r0', rowsIn: 4, rowsOut: { out: 3 }, key: null, outputs: [] }],
    started('b', 10),
    ['NodeExecutionFailed', 20, { node: 'b', attempt: 1, durationMs: 10, error }],
    ['NodeFailureDiverted', 20, { node: 'b', attempt: 1 }],
  );
  expect(nodeLive(state, 'a')).toMatchObject({ status: 'completed', reused: true, rowsOut: 3 });
  expect(nodeLive(state, 'b')).toMatchObject({ status: 'failed', diverted: true, error: 'No.' });
});
