import { isOfARun } from '#shared/events';
import type { EventData, EventType, KeptOutput, RunEventType, StudioEvent } from '#shared/events';
import type { WorkflowId } from '#shared/ids';
import { isTerminal } from '#shared/run/run';
import type { RunStatus } from '#shared/run/run';
import type { RunRow, TimelineRow } from './journal.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * What the projections need of a run, kept up event by event. Says what `evolve` says (a test compares them) at a tenth of the
 * price, because it changes in place: an append must cost little more than its inserts.
 */
export interface Tally {
  /** Of the run's WorkflowRequested. */
  readonly position: number;
  readonly row: Mutable<RunRow>;
  readonly attempts: Mutable<TimelineRow>[];
  /** Of `attempts`, those that run, by node. */
  readonly open: Map<string, Mutable<TimelineRow>[]>;
  /** Rows that have reached each sink: nodes that completed and have no output port. */
  readonly sinks: Map<string, number>;
}

type Step<T extends EventType> = (tally: Tally, data: EventData<T>, at: number) => void;

function close(tally: Tally, node: string, attempt: number | null, outcome: string, at: number): void {
  const open = tally.open.get(node);
  if (open === undefined) return;
  const still: Mutable<TimelineRow>[] = [];
  for (const one of open) {
    if (attempt !== null && one.attempt !== attempt) still.push(one);
    else {
      one.outcome = outcome;
      one.endedAt = at;
    }
  }
  if (still.length > 0) tally.open.set(node, still);
  else tally.open.delete(node);
}

function finish(tally: Tally, status: RunStatus, at: number, durationMs: number): void {
  tally.row.status = status;
  tally.row.endedAt = at;
  tally.row.durationMs = durationMs;
}

const nothing = (): void => undefined;

/** One entry an event: an event without one does not compile. */
const steps: { readonly [T in RunEventType]: Step<T> } = {
  WorkflowRequested: nothing,
  WorkflowStarted: (tally, _data, at) => {
    tally.row.status = 'running';
    tally.row.startedAt ??= at;
  },
  WorkflowCompleted: (tally, data, at) => finish(tally, 'completed', at, data.durationMs),
  WorkflowFailed: (tally, data, at) => {
    finish(tally, 'failed', at, data.durationMs);
    tally.row.error = data.error.message;
  },
  WorkflowCancelRequested: nothing,
  WorkflowCancelled: (tally, data, at) => finish(tally, 'cancelled', at, data.durationMs),
  WorkflowInterrupted: (tally) => {
    tally.row.status = 'interrupted';
  },
  WorkflowResumed: (tally, data) => {
    tally.row.status = 'running';
    for (const node of data.repeat) tally.sinks.delete(node);
  },
  WorkflowPaused: (tally) => {
    tally.row.status = 'paused';
  },
  WorkflowAnswered: (tally) => {
    tally.row.status = 'interrupted';
  },
  NodeExecutionStarted: (tally, data, at) => {
    tally.sinks.delete(data.node);
    const started = { run: tally.row.id, node: data.node, attempt: data.attempt, startedAt: at, endedAt: null, outcome: 'running' };
    tally.attempts.push(started);
    const open = tally.open.get(data.node);
    if (open === undefined) tally.open.set(data.node, [started]);
    else open.push(started);
  },
  NodeExecutionCompleted: (tally, data, at) => {
    let ports = 0;
    for (const _ in data.rowsOut) ports += 1;
    if (ports === 0) tally.sinks.set(data.node, data.rowsIn);
    else tally.sinks.delete(data.node);
    close(tally, data.node, data.attempt, 'completed', at);
  },
  NodeExecutionFailed: (tally, data, at) => {
    tally.sinks.delete(data.node);
    close(tally, data.node, data.attempt, 'failed', at);
  },
  NodeExecutionSkipped: (tally, data, at) => {
    tally.sinks.delete(data.node);
    close(tally, data.node, null, 'stopped', at);
  },
  NodeRetryScheduled: (tally, data) => void tally.sinks.delete(data.node),
  NodeOutputCommitted: nothing,
  NodeOutputReused: (tally, data) => {
    let ports = 0;
    for (const _ in data.rowsOut) ports += 1;
    if (ports === 0) tally.sinks.set(data.node, data.rowsIn);
    else tally.sinks.delete(data.node);
  },
  NodeFailureDiverted: nothing,
  NodeEffectIntended: nothing,
  NodeEffectConfirmed: nothing,
  NodeEffectDropped: nothing,
  NodeSettled: nothing,
  NodeAttemptLost: (tally, data, at) => {
    tally.sinks.delete(data.node);
    close(tally, data.node, data.attempt, 'lost', at);
  },
};

function begin(event: StudioEvent & { type: 'WorkflowRequested' }): Tally {
  const { runId, workflowId, workflowName, trigger } = event.data;
  return {
    position: event.position,
    row: {
      id: runId,
      workflowId,
      workflowName,
      status: 'queued',
      trigger: trigger.kind,
      requestedAt: event.at,
      startedAt: null,
      endedAt: null,
      durationMs: null,
      rowsOut: 0,
      error: null,
      version: event.version,
    },
    attempts: [],
    open: new Map(),
    sinks: new Map(),
  };
}

/** The tally after one more event; the one given is changed and returned. Null until the run has been asked for. */
export function count(tally: Tally | null, event: StudioEvent): Tally | null {
  if (event.type === 'WorkflowRequested') return tally ?? begin(event);
  if (tally === null || !isOfARun(event)) return tally;
  const step = steps[event.type] as Step<EventType>;
  step(tally, event.data, event.at);
  tally.row.version = event.version;
  if (isTerminal(tally.row.status)) {
    tally.row.rowsOut = 0;
    for (const rows of tally.sinks.values()) tally.row.rowsOut += rows;
  }
  return tally;
}

/** A day of one workflow. Durations are summed in whole microseconds, so that the order of adding does not show. */
export interface DayChange {
  readonly day: string;
  readonly workflowId: WorkflowId;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly durationUs: number;
  readonly rowsOut: number;
}

/** The day a time falls on, in UTC, so that a rebuild elsewhere makes the same rows. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** What an event that changed a run's status from `before` adds to the statistics of a day; null for nothing. A run ends once. */
export function dayChange(before: RunStatus | null, tally: Tally): DayChange | null {
  const { row } = tally;
  if ((before !== null && isTerminal(before)) || !isTerminal(row.status)) return null;
  return {
    day: dayOf(row.endedAt ?? row.requestedAt),
    workflowId: row.workflowId,
    completed: row.status === 'completed' ? 1 : 0,
    failed: row.status === 'failed' ? 1 : 0,
    cancelled: row.status === 'cancelled' ? 1 : 0,
    durationUs: Math.round((row.durationMs ?? 0) * 1000),
    rowsOut: row.rowsOut,
  };
}

/** The tally of a run's events; `onDay` hears what each end adds to its day. */
export function tallyOf(events: Iterable<StudioEvent>, onDay: (change: DayChange) => void = nothing): Tally | null {
  let tally: Tally | null = null;
  for (const event of events) {
    const before = tally?.row.status ?? null;
    tally = count(tally, event);
    const change = tally === null || tally.row.status === before ? null : dayChange(before, tally);
    if (change !== null) onDay(change);
  }
  return tally;
}

/** Adds to the sum of its day and workflow. */
export function addDays(sums: Map<string, DayChange>, change: DayChange): void {
  const key = `${change.day} ${change.workflowId}`;
  const sum = sums.get(key);
  if (sum === undefined) sums.set(key, change);
  else {
    sums.set(key, {
      day: sum.day,
      workflowId: sum.workflowId,
      completed: sum.completed + change.completed,
      failed: sum.failed + change.failed,
      cancelled: sum.cancelled + change.cancelled,
      durationUs: sum.durationUs + change.durationUs,
      rowsOut: sum.rowsOut + change.rowsOut,
    });
  }
}

/** The kept outputs an event refers to. */
export function keptBy(event: StudioEvent): readonly Pick<KeptOutput, 'hash' | 'bytes'>[] {
  if (event.type === 'NodeOutputReused') return event.data.outputs;
  if (event.type !== 'NodeOutputCommitted' || event.data.hash === null || event.data.port === null) return [];
  return [{ hash: event.data.hash, bytes: event.data.bytes ?? 0 }];
}
