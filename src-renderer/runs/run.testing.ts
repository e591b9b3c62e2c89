import type { EventData, EventType, StudioEvent } from '#shared/events';
import type { NodeId, RunId, WorkflowId } from '#shared/ids';

/** Builds a run's events, one after the other, for tests. */
export function script(): { readonly events: StudioEvent[]; readonly add: <T extends EventType>(type: T, at: number, data: EventData<T>) => void } {
  const events: StudioEvent[] = [];
  return {
    events,
    add: (type, at, data) => {
      const version = events.length + 1;
      events.push({ type, at, data, id: `e${version}`, position: version, stream: 'run-r', version, schema: 1, correlation: null, causation: null } as unknown as StudioEvent);
    },
  };
}

export const id = (text: string): NodeId => text as NodeId;

/** A file's worth of nodes: read → keep → write, where read and keep are one query. */
export function sampleRun(): StudioEvent[] {
  const { events, add } = script();
  const nodes = [
    { id: 'write', type: 'sink', nodeType: 'file.text' },
    { id: 'read', type: 'source', nodeType: 'file.csv' },
    { id: 'keep', type: 'transform', nodeType: 'filter.condition' },
  ];
  const edges = [
    { id: 'a', source: 'read', target: 'keep' },
    { id: 'b', source: 'keep', target: 'write' },
  ];
  const workflow = { formatVersion: 1, id: 'w', name: 'W', nodes, edges };
  add('WorkflowRequested', 900, { runId: 'r' as RunId, workflowId: 'w' as WorkflowId, workflowName: 'W', revision: 'x', workflow, file: null, folder: null, trigger: { kind: 'manual' }, scope: { kind: 'all' }, priority: 0, origin: null });
  add('WorkflowStarted', 1000, {});
  add('NodeExecutionStarted', 1000, { node: id('read'), attempt: 1, segment: 's1' });
  add('NodeExecutionStarted', 1000, { node: id('keep'), attempt: 1, segment: 's1' });
  add('NodeExecutionCompleted', 1400, { node: id('read'), attempt: 1, rowsIn: 0, rowsOut: { out: 10 }, durationMs: 300, report: {}, key: null });
  add('NodeExecutionCompleted', 1400, { node: id('keep'), attempt: 1, rowsIn: 10, rowsOut: { out: 6, rejected: 4 }, durationMs: 100, report: {}, key: null });
  add('NodeExecutionStarted', 1500, { node: id('write'), attempt: 1, segment: 's2' });
  add('NodeExecutionFailed', 1600, { node: id('write'), attempt: 1, durationMs: 100, error: { code: 'io', message: 'full' } });
  add('NodeRetryScheduled', 1600, { node: id('write'), attempt: 2, delayMs: 100, dueAt: '1970-01-01T00:00:01.700Z' });
  add('NodeExecutionStarted', 1700, { node: id('write'), attempt: 2, segment: 's2' });
  add('NodeExecutionCompleted', 1900, { node: id('write'), attempt: 2, rowsIn: 6, rowsOut: {}, durationMs: 200, report: {}, key: null });
  add('WorkflowCompleted', 2000, { durationMs: 1000 });
  return events;
}

/** The same workflow, run again: read is reused, write is lost with its worker, eight hours pass, an effect is asked about, and it goes on. */
export function recoveredRun(): StudioEvent[] {
  const { events, add } = script();
  const [asked] = sampleRun();
  if (asked?.type !== 'WorkflowRequested') throw new Error('no request');
  const origin = { kind: 'rerun' as const, run: 'before' as RunId, version: 12, from: id('keep') };
  const later = 2000 + 8 * 3_600_000;
  add('WorkflowRequested', 900, { ...asked.data, origin });
  add('WorkflowStarted', 1000, {});
  add('NodeOutputReused', 1000, { node: id('read'), from: 'before' as RunId, rowsIn: 0, rowsOut: { out: 10 }, key: 'k', outputs: [{ port: 'out', hash: 'h', rows: 10, bytes: 2048 }] });
  add('NodeExecutionStarted', 1000, { node: id('keep'), attempt: 1, segment: 's1' });
  add('NodeExecutionCompleted', 2000, { node: id('keep'), attempt: 1, rowsIn: 10, rowsOut: { out: 6 }, durationMs: 1000, report: {}, key: null });
  add('NodeExecutionStarted', 2000, { node: id('write'), attempt: 1, segment: 's2' });
  add('NodeEffectIntended', 2500, { node: id('write'), attempt: 1, effect: 'e1', what: 'Append 6 rows to out.csv', rows: 6, proof: null });
  add('NodeAttemptLost', 3000, { node: id('write'), attempt: 1, reason: 'The worker ended.' });
  add('WorkflowInterrupted', 3000, { reason: 'The worker ended.', workedMs: 2000 });
  add('WorkflowPaused', 3000, { question: { kind: 'effects', effects: [{ node: id('write'), effect: 'e1', what: 'Append 6 rows to out.csv' }] } });
  add('WorkflowAnswered', later, { answer: 'repeat', by: 'manual' });
  add('NodeEffectDropped', later, { node: id('write'), effect: 'e1', reason: 'repeat' });
  add('WorkflowResumed', later, { by: 'person', repeat: [] });
  add('NodeExecutionStarted', later, { node: id('write'), attempt: 2, segment: 's2' });
  add('NodeExecutionCompleted', later + 900, { node: id('write'), attempt: 2, rowsIn: 6, rowsOut: {}, durationMs: 900, report: {}, key: null });
  add('WorkflowCompleted', later + 1000, { durationMs: 4000 });
  return events;
}
