import type { EventData, EventType, NewEvent } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { Attempt, NodeRun, Run } from '#shared/run/run';

type Fold<T extends EventType> = (run: Run, data: EventData<T>, at: number) => Run;
type RunEventType = Exclude<EventType, 'WorkflowRequested' | 'WorkflowSaved' | 'WorkflowImported' | 'WorkflowDeleted'>;

const emptyNode = (id: NodeId): NodeRun => ({
  id,
  status: 'pending',
  segment: null,
  attempts: [],
  rowsIn: 0,
  rowsOut: {},
  durationMs: null,
  report: {},
  outputs: [],
  error: null,
  skipped: null,
  retryAt: null,
});

function begin(data: EventData<'WorkflowRequested'>, at: number): Run {
  const listed = Array.isArray(data.workflow['nodes']) ? (data.workflow['nodes'] as readonly { id: NodeId }[]) : [];
  return {
    id: data.runId,
    workflowId: data.workflowId,
    workflowName: data.workflowName,
    revision: data.revision,
    workflow: data.workflow,
    file: data.file,
    trigger: data.trigger,
    scope: data.scope,
    status: 'queued',
    requestedAt: at,
    startedAt: null,
    endedAt: null,
    durationMs: null,
    error: null,
    failedNode: null,
    cancelRequested: false,
    nodes: Object.fromEntries(listed.map((node) => [node.id, emptyNode(node.id)])),
    version: 0,
  };
}

function onNode(run: Run, id: NodeId, change: (node: NodeRun) => Partial<NodeRun>): Run {
  const node = run.nodes[id] ?? emptyNode(id);
  return { ...run, nodes: { ...run.nodes, [id]: { ...node, ...change(node) } } };
}

const end = (attempts: readonly Attempt[], attempt: number, close: (open: Attempt) => Attempt): readonly Attempt[] =>
  attempts.map((one) => (one.attempt === attempt && one.outcome === 'running' ? close(one) : one));

/** One entry an event: an event without one does not compile. */
const folds: { readonly [T in RunEventType]: Fold<T> } = {
  WorkflowStarted: (run, _data, at) => ({ ...run, status: 'running', startedAt: run.startedAt ?? at }),
  WorkflowCompleted: (run, data, at) => ({ ...run, status: 'completed', endedAt: at, durationMs: data.durationMs }),
  WorkflowFailed: (run, data, at) => ({ ...run, status: 'failed', endedAt: at, durationMs: data.durationMs, error: data.error, failedNode: data.node }),
  WorkflowCancelRequested: (run) => ({ ...run, cancelRequested: true }),
  WorkflowCancelled: (run, data, at) => ({ ...run, status: 'cancelled', endedAt: at, durationMs: data.durationMs }),
  WorkflowInterrupted: (run) => ({ ...run, status: 'interrupted' }),
  WorkflowResumed: (run) => ({ ...run, status: 'running' }),
  NodeExecutionStarted: (run, data, at) =>
    onNode(run, data.node, (node) => ({
      status: 'running',
      segment: data.segment,
      attempts: [...node.attempts, { attempt: data.attempt, startedAt: at, outcome: 'running' }],
      error: null,
      retryAt: null,
    })),
  NodeExecutionCompleted: (run, data, at) =>
    onNode(run, data.node, (node) => ({
      status: 'completed',
      rowsIn: data.rowsIn,
      rowsOut: data.rowsOut,
      durationMs: data.durationMs,
      report: data.report,
      attempts: end(node.attempts, data.attempt, (open) => ({ ...open, outcome: 'completed', endedAt: at })),
    })),
  NodeExecutionFailed: (run, data, at) =>
    onNode(run, data.node, (node) => ({
      status: 'failed',
      durationMs: data.durationMs,
      error: data.error,
      attempts: end(node.attempts, data.attempt, (open) => ({ ...open, outcome: 'failed', endedAt: at, error: data.error })),
    })),
  NodeExecutionSkipped: (run, data, at) =>
    onNode(run, data.node, (node) => ({
      status: 'skipped',
      skipped: data.reason,
      attempts: node.attempts.map((one) => (one.outcome === 'running' ? { ...one, outcome: 'stopped', endedAt: at } : one)),
    })),
  NodeRetryScheduled: (run, data) => onNode(run, data.node, () => ({ status: 'retrying', retryAt: data.dueAt })),
  NodeOutputCommitted: (run, data) =>
    onNode(run, data.node, (node) => ({ outputs: [...node.outputs, { port: data.port, path: data.path, rows: data.rows, bytes: data.bytes }] })),
  NodeAttemptLost: (run, data, at) =>
    onNode(run, data.node, (node) => ({
      status: 'lost',
      attempts: end(node.attempts, data.attempt, (open) => ({ ...open, outcome: 'lost', endedAt: at, reason: data.reason })),
    })),
};

/**
 * The fold that a run is: pure, the same in the engine, the window, the command line and at any point of the past. `null` is a run
 * nobody has asked for; events before `WorkflowRequested`, and events that are not a run's, leave the state as it is.
 */
export function evolve(run: Run | null, event: NewEvent & { readonly version?: number }): Run | null {
  if (event.type === 'WorkflowRequested') return { ...begin(event.data, event.at), version: event.version ?? 1 };
  if (run === null || event.type === 'WorkflowSaved' || event.type === 'WorkflowImported' || event.type === 'WorkflowDeleted') return run;
  const fold = folds[event.type] as Fold<EventType>;
  return { ...fold(run, event.data, event.at), version: event.version ?? run.version + 1 };
}

/** Folds a whole stream, or what follows a snapshot. */
export const replay = (events: Iterable<NewEvent & { readonly version?: number }>, from: Run | null = null): Run | null => {
  let run = from;
  for (const event of events) run = evolve(run, event);
  return run;
};
