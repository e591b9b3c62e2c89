import { isOfARun } from '#shared/events';
import type { EventData, EventType, NewEvent, RunEventType } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import type { Attempt, Effect, NodeRun, Run } from '#shared/run/run';

/** What an event changes: something of the run, or something of one of its nodes. */
type Change = { readonly run: Partial<Run> } | { readonly node: NodeId; readonly change: Partial<NodeRun> };
type Fold<T extends EventType> = (run: Run, data: EventData<T>, at: number) => Change;

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
  key: null,
  reusedFrom: null,
  diverted: false,
  effects: [],
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
    folder: data.folder,
    trigger: data.trigger,
    scope: data.scope,
    priority: data.priority,
    origin: data.origin,
    status: 'queued',
    requestedAt: at,
    startedAt: null,
    endedAt: null,
    durationMs: null,
    error: null,
    failedNode: null,
    cancelRequested: false,
    interruption: null,
    question: null,
    workedMs: 0,
    resumedAt: null,
    achieved: 0,
    fruitless: 0,
    nodes: Object.fromEntries(listed.map((node) => [node.id, emptyNode(node.id)])),
    version: 0,
  };
}

const onNode = (run: Run, id: NodeId, change: (node: NodeRun) => Partial<NodeRun>): Change => ({ node: id, change: change(run.nodes[id] ?? emptyNode(id)) });
const onRun = (change: Partial<Run>): Change => ({ run: change });

const end = (attempts: readonly Attempt[], attempt: number, close: (open: Attempt) => Attempt): readonly Attempt[] =>
  attempts.map((one) => (one.attempt === attempt && one.outcome === 'running' ? close(one) : one));

const going = { status: 'running', interruption: null, question: null } as const;

/** Nodes whose attempts were lost, and those whose output is gone, are to run again. Their attempts stay, as what happened. */
function pendingAgain(nodes: Run['nodes'], repeat: readonly NodeId[]): Run['nodes'] {
  const again = [...Object.values(nodes).filter((node) => node.status === 'lost'), ...repeat.flatMap((id) => nodes[id] ?? [])];
  return { ...nodes, ...Object.fromEntries(again.map((node) => [node.id, { ...emptyNode(node.id), attempts: node.attempts, effects: node.effects }])) };
}

const settle = (effects: readonly Effect[], effect: string, state: Effect['state']): readonly Effect[] => effects.map((one) => (one.effect === effect ? { ...one, state } : one));

const afterwards = (what: JsonObject | undefined): Pick<NodeRun, 'afterwards'> => (what === undefined ? {} : { afterwards: { what, done: false } });

/** One entry an event: an event without one does not compile. */
const folds: { readonly [T in Exclude<RunEventType, 'WorkflowRequested'>]: Fold<T> } = {
  WorkflowStarted: (run, _data, at) => onRun({ status: 'running', startedAt: run.startedAt ?? at, resumedAt: at }),
  WorkflowCompleted: (_run, data, at) => onRun({ status: 'completed', endedAt: at, durationMs: data.durationMs }),
  WorkflowFailed: (_run, data, at) => onRun({ status: 'failed', endedAt: at, durationMs: data.durationMs, error: data.error, failedNode: data.node }),
  WorkflowCancelRequested: () => onRun({ cancelRequested: true }),
  WorkflowCancelled: (_run, data, at) => onRun({ status: 'cancelled', endedAt: at, durationMs: data.durationMs }),
  WorkflowInterrupted: (run, data) => {
    const achieved = Object.values(run.nodes).reduce((sum, node) => sum + node.attempts.filter((one) => one.outcome === 'completed' || one.outcome === 'failed').length, 0);
    return onRun({ status: 'interrupted', interruption: data.reason, workedMs: run.workedMs + data.workedMs, achieved, fruitless: (achieved > run.achieved ? 0 : run.fruitless) + (data.orderly === true ? 0 : 1) });
  },
  WorkflowResumed: (run, data, at) => onRun({ ...going, resumedAt: at, nodes: pendingAgain(run.nodes, data.repeat) }),
  WorkflowPaused: (run, data) => onRun({ status: 'paused', question: data.question, workedMs: run.workedMs + (data.workedMs ?? 0) }),
  WorkflowAnswered: () => onRun({ status: 'interrupted', question: null }),
  NodeExecutionStarted: (run, data, at) =>
    onNode(run, data.node, (node) => ({
      status: 'running',
      segment: data.segment,
      attempts: [...node.attempts, { attempt: data.attempt, startedAt: at, outcome: 'running' }],
      error: null,
      skipped: null,
      retryAt: null,
    })),
  NodeExecutionCompleted: (run, data, at) =>
    onNode(run, data.node, (node) => ({
      status: 'completed',
      rowsIn: data.rowsIn,
      rowsOut: data.rowsOut,
      durationMs: data.durationMs,
      report: data.report,
      key: data.key,
      ...afterwards(data.afterwards),
      error: null,
      skipped: null,
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
    onNode(run, data.node, (node) => ({ outputs: [...node.outputs, { port: data.port, path: data.path, rows: data.rows, bytes: data.bytes, hash: data.hash, ...(data.mark === undefined ? {} : { mark: data.mark }) }] })),
  NodeOutputReused: (run, data) =>
    onNode(run, data.node, () => ({
      status: 'completed',
      rowsIn: data.rowsIn,
      rowsOut: data.rowsOut,
      key: data.key,
      ...afterwards(data.afterwards),
      reusedFrom: data.from,
      outputs: [
        ...data.outputs.map(({ port, hash, rows, bytes }) => ({ port, path: null, rows, bytes, hash })),
        ...(data.files ?? []).map((file) => ({ port: null, hash: null, ...file })),
      ],
    })),
  NodeFailureDiverted: (run, data) => onNode(run, data.node, () => ({ diverted: true })),
  NodeEffectIntended: (run, { effect, attempt, what, rows, proof, counts, node }) =>
    onNode(run, node, (before) => ({ effects: [...before.effects.filter((one) => one.effect !== effect), { effect, attempt, what, rows, proof, ...(counts === undefined ? {} : { counts }), state: 'intended' }] })),
  NodeEffectConfirmed: (run, data) => onNode(run, data.node, (node) => ({ effects: settle(node.effects, data.effect, 'confirmed') })),
  NodeEffectDropped: (run, data) => onNode(run, data.node, (node) => ({ effects: settle(node.effects, data.effect, 'dropped') })),
  NodeSettled: (run, data) => onNode(run, data.node, ({ afterwards: before }) => (before === undefined ? {} : { afterwards: { ...before, done: true } })),
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
  if (run === null || !isOfARun(event)) return run;
  const change = (folds[event.type] as Fold<EventType>)(run, event.data, event.at);
  const version = event.version ?? run.version + 1;
  if ('run' in change) return { ...run, ...change.run, version };
  const node = run.nodes[change.node] ?? emptyNode(change.node);
  return { ...run, nodes: { ...run.nodes, [change.node]: { ...node, ...change.change } }, version };
}

type Changeable<T> = { -readonly [K in keyof T]: T[K] };

/** A run that is folded in place: copying the nodes for each event would cost more than the work where there are thousands. */
export interface Folding {
  /** The state after all events so far. It changes with the next one: who keeps it, copies it. A node's own state is never changed, only replaced. */
  run(): Run | null;
  add(event: NewEvent & { readonly version?: number }): void;
}

/** Goes on from a state, which stays as it is. After each event the fold is what `evolve` gives. */
export function folding(from: Run | null = null): Folding {
  let run: Changeable<Run> | null = from;
  let own: Record<string, NodeRun> | null = null;
  return {
    run: () => run,
    add(event) {
      if (run === null || !event.type.startsWith('Node') || !('node' in event.data) || event.data.node === null || !Object.hasOwn(run.nodes, event.data.node)) {
        const next: Run | null = evolve(run, event);
        if (next === null || next.nodes !== own) own = null;
        run = next;
        return;
      }
      if (own === null) {
        own = { ...run.nodes };
        run = { ...run, nodes: own };
      }
      const change: Change = (folds[event.type as Exclude<RunEventType, 'WorkflowRequested'>] as Fold<EventType>)(run, event.data, event.at);
      if ('node' in change) own[change.node] = { ...(own[change.node] ?? emptyNode(change.node)), ...change.change };
      run.version = event.version ?? run.version + 1;
    },
  };
}

/** Folds a whole stream, or what follows a snapshot. Neither `from` nor what it holds is changed. */
export function replay(events: Iterable<NewEvent & { readonly version?: number }>, from: Run | null = null): Run | null {
  const folded = folding(from);
  for (const event of events) folded.add(event);
  return folded.run();
}
