import * as fc from 'fast-check';
import type { NewEvent, PauseQuestion } from '#shared/events';
import { NodeId, RunId, WorkflowId } from '#shared/ids';
import type { JsonObject } from '#shared/json';

export interface HistoryOptions {
  readonly run: string;
  readonly workflow?: string;
  readonly workflowName?: string;
  /** Of the request; each event is a millisecond later. */
  readonly at?: number;
  /** A source, then rows, then a sink: at least two. */
  readonly nodes?: number;
  readonly end?: 'completed' | 'failed' | 'cancelled' | 'none';
  readonly trigger?: 'manual' | 'cli';
  /** Put into the workflow, to make the request large. */
  readonly ballast?: string;
}

/** The events of one run as the executor writes them: asked for, started, every node started and completed, ended. Ids are `<run>-<n>`. */
export function runHistory(options: HistoryOptions): NewEvent[] {
  const { run, workflow = 'orders', workflowName = 'Orders', at = 1_767_225_600_000, nodes = 10, end = 'completed', trigger = 'manual', ballast } = options;
  const names = Array.from({ length: nodes }, (_, index) => NodeId.parse(`node-${index + 1}`));
  const events: NewEvent[] = [];
  const add = (event: Pick<NewEvent, 'type' | 'data'>): void => {
    events.push({ ...event, at: at + events.length, id: `${run}-${events.length + 1}` } as NewEvent);
  };
  const definition: JsonObject = { id: workflow, name: workflowName, nodes: names.map((id) => ({ id, type: 'transform', nodeType: 'filter.condition', config: { condition: 'amount > 50' } })) };
  add({
    type: 'WorkflowRequested',
    data: {
      runId: RunId.parse(run),
      workflowId: WorkflowId.parse(workflow),
      workflowName,
      revision: 'f'.repeat(64),
      workflow: ballast === undefined ? definition : { ...definition, ballast },
      file: null,
      folder: null,
      trigger: { kind: trigger },
      scope: { kind: 'all' },
      priority: 0,
      origin: null,
    },
  });
  add({ type: 'WorkflowStarted', data: {} });
  names.forEach((node, index) => {
    const rows = 1000 - index;
    add({ type: 'NodeExecutionStarted', data: { node, attempt: 1, segment: 's1' } });
    if (end !== 'completed' && index === nodes - 1) return;
    add({ type: 'NodeExecutionCompleted', data: { node, attempt: 1, rowsIn: rows, rowsOut: index === nodes - 1 ? {} : { out: rows - 1 }, durationMs: 1.25, report: {}, key: null } });
  });
  const last = names.at(-1) ?? NodeId.parse('none');
  const error = { code: 'node_failed' as const, message: 'The file is not there.' };
  if (end === 'failed') {
    add({ type: 'NodeExecutionFailed', data: { node: last, attempt: 1, durationMs: 2, error } });
    add({ type: 'WorkflowFailed', data: { durationMs: events.length, error, node: last } });
  }
  if (end === 'cancelled') add({ type: 'WorkflowCancelled', data: { durationMs: events.length } });
  if (end === 'completed') add({ type: 'WorkflowCompleted', data: { durationMs: events.length } });
  return events;
}

const node = fc.constantFrom('a', 'b', '3').map((id) => NodeId.parse(id));
const attempt = fc.integer({ min: 1, max: 3 });
const rows = fc.integer({ min: 0, max: 1_000_000 });
const durationMs = fc.double({ min: 0, max: 1e6, noNaN: true, noDefaultInfinity: true }).map((ms) => Math.round(ms * 1000) / 1000);
const text = fc.string({ maxLength: 12 });
const port = fc.constantFrom('out', 'rejected');
const hash = fc.constantFrom('aa', 'bb', 'cc').map((two) => two.repeat(32));
const effect = fc.constantFrom('e1', 'e2');
const error = text.map((message) => ({ code: 'node_failed' as const, message }));

const fileMark = fc.record({ ino: fc.constantFrom('1', '18446744073709551615'), bytes: rows, mtimeNs: fc.constant('1767225600000000001') });
const question: fc.Arbitrary<PauseQuestion> = fc.oneof(
  fc.record({ kind: fc.constant('recovery' as const), reason: text }),
  fc.record({ kind: fc.constant('effects' as const), effects: fc.array(fc.record({ node, effect, what: text }), { maxLength: 2 }) }),
);

/** Any event a run can have after its request, sensible or not. */
const anyStep: fc.Arbitrary<Pick<NewEvent, 'type' | 'data'>> = fc.oneof(
  fc.constant({ type: 'WorkflowStarted' as const, data: {} }),
  fc.record({ type: fc.constant('NodeExecutionStarted' as const), data: fc.record({ node, attempt, segment: text }) }),
  fc.record({
    type: fc.constant('NodeExecutionCompleted' as const),
    data: fc.record({ node, attempt, rowsIn: rows, rowsOut: fc.dictionary(fc.constantFrom('out', 'rejected'), rows, { maxKeys: 2, noNullPrototype: true }), durationMs, report: fc.constant({ 'bad rows': 2 }), key: fc.constantFrom(null, 'k1') }),
  }),
  fc.record({ type: fc.constant('NodeExecutionFailed' as const), data: fc.record({ node, attempt, durationMs, error }) }),
  fc.record({ type: fc.constant('NodeExecutionSkipped' as const), data: fc.record({ node, reason: fc.constant({ kind: 'cancelled' as const }) }) }),
  fc.record({ type: fc.constant('NodeRetryScheduled' as const), data: fc.record({ node, attempt, delayMs: rows, dueAt: text }) }),
  fc.record({ type: fc.constant('NodeOutputCommitted' as const), data: fc.record({ node, attempt, port: fc.constant(null), path: text, rows, bytes: rows, hash: fc.constant(null), mark: fileMark }, { requiredKeys: ['node', 'attempt', 'port', 'path', 'rows', 'bytes', 'hash'] }) }),
  fc.record({ type: fc.constant('NodeOutputCommitted' as const), data: fc.record({ node, attempt, port, path: fc.constant(null), rows, bytes: rows, hash }) }),
  fc.record({
    type: fc.constant('NodeOutputReused' as const),
    data: fc.record({
      node,
      from: fc.constant(RunId.parse('earlier')),
      rowsIn: rows,
      rowsOut: fc.dictionary(port, rows, { maxKeys: 2, noNullPrototype: true }),
      key: fc.constant('k1'),
      outputs: fc.array(fc.record({ port, hash, rows, bytes: rows }), { maxLength: 2 }),
      files: fc.array(fc.record({ path: text, rows, bytes: rows, mark: fileMark }, { requiredKeys: ['path', 'rows', 'bytes'] }), { maxLength: 1 }),
    }),
  }),
  fc.record({ type: fc.constant('NodeFailureDiverted' as const), data: fc.record({ node, attempt }) }),
  fc.record({ type: fc.constant('NodeEffectIntended' as const), data: fc.record({ node, attempt, effect, what: text, rows, proof: fc.option(fc.record({ kind: fc.constant('file' as const), path: text, before: fc.option(fileMark), after: fileMark })), counts: fc.array(fc.record({ node, rowsIn: rows, rowsOut: fc.constant({ out: 1 }), durationMs, report: fc.constant({}) }), { maxLength: 1 }) }, { requiredKeys: ['node', 'attempt', 'effect', 'what', 'rows', 'proof'] }) }),
  fc.record({ type: fc.constant('NodeEffectConfirmed' as const), data: fc.record({ node, effect }) }),
  fc.record({ type: fc.constant('NodeEffectDropped' as const), data: fc.record({ node, effect, reason: text }) }),
  fc.record({ type: fc.constant('NodeSettled' as const), data: fc.record({ node }) }),
  fc.record({ type: fc.constant('NodeAttemptLost' as const), data: fc.record({ node, attempt, reason: text }) }),
  fc.record({ type: fc.constant('WorkflowCancelRequested' as const), data: fc.record({ by: text }) }),
  fc.record({ type: fc.constant('WorkflowInterrupted' as const), data: fc.record({ reason: text, workedMs: durationMs, orderly: fc.boolean() }, { requiredKeys: ['reason', 'workedMs'] }) }),
  fc.record({ type: fc.constant('WorkflowResumed' as const), data: fc.record({ by: fc.constantFrom('recovery' as const, 'person' as const, 'worker' as const), repeat: fc.array(node, { maxLength: 2 }) }) }),
  fc.record({ type: fc.constant('WorkflowPaused' as const), data: fc.record({ question }) }),
  fc.record({ type: fc.constant('WorkflowAnswered' as const), data: fc.record({ answer: fc.constantFrom('repeat' as const, 'skip' as const, 'stop' as const), by: text }) }),
);

const anyEnd: fc.Arbitrary<Pick<NewEvent, 'type' | 'data'> | null> = fc.oneof(
  fc.constant(null),
  fc.record({ type: fc.constant('WorkflowCompleted' as const), data: fc.record({ durationMs }) }),
  fc.record({ type: fc.constant('WorkflowFailed' as const), data: fc.record({ durationMs, error, node: fc.option(node) }) }),
  fc.record({ type: fc.constant('WorkflowCancelled' as const), data: fc.record({ durationMs }) }),
);

/** Histories of one run with events in any order: a request, up to `maxSteps` of anything, perhaps an end. */
export const anyHistory = (run: string, maxSteps: number): fc.Arbitrary<NewEvent[]> =>
  fc.tuple(fc.array(anyStep, { maxLength: maxSteps, size: 'max' }), anyEnd, fc.integer({ min: 0, max: 4_000_000_000_000 })).map(([steps, end, at]) => {
    const request = runHistory({ run, nodes: 2 }).slice(0, 1);
    return [...request, ...steps, ...(end === null ? [] : [end])].map((event, index) => ({ ...event, at: at + index * 37, id: `${run}-${index + 1}` }) as NewEvent);
  });
