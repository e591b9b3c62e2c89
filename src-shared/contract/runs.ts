import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { Sample } from '#shared/data';
import { PauseAnswer, RunScope, WireEvent } from '#shared/events';
import { NodeId, RunId, WorkflowId } from '#shared/ids';
import { JsonObject } from '#shared/json';
import { RUN_STATUSES } from '#shared/run/run';
import type { Run } from '#shared/run/run';
import { Workflow } from '#shared/workflow/workflow';

/** A row of the run list. Times are milliseconds since the epoch; `rowsOut` is what reached its sinks, 0 until it has ended. */
export const RunRow = z.object({
  id: RunId,
  workflowId: WorkflowId,
  workflowName: z.string(),
  status: z.enum(RUN_STATUSES),
  trigger: z.string(),
  requestedAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  durationMs: z.number().nullable(),
  rowsOut: z.number(),
  error: z.string().nullable(),
  version: z.number(),
});
export type RunRow = z.infer<typeof RunRow>;

export const RunFilter = z.object({
  status: z.array(z.enum(RUN_STATUSES)).optional(),
  workflowId: z.string().optional(),
  trigger: z.string().optional(),
  search: z.string().max(200).optional(),
  from: z.number().optional(),
  to: z.number().optional(),
});
export type RunFilter = z.infer<typeof RunFilter>;

/** `attempt`: of the node, null for lines of the run; `version`: of the run's last event when it was written. */
export const LogLine = z.object({
  node: z.string().nullable(),
  at: z.number(),
  level: z.enum(['info', 'warn', 'error']),
  text: z.string(),
  attempt: z.int().nullable(),
  version: z.int().min(0),
});
export type LogLine = z.infer<typeof LogLine>;

export const NodeProgress = z.object({
  node: NodeId,
  rowsIn: z.number(),
  rowsOut: z.record(z.string(), z.number()),
  /** Estimated from how far the sources have been read; exact once the node has completed. */
  estimated: z.boolean(),
  rowsPerSecond: z.number(),
});
export type NodeProgress = z.infer<typeof NodeProgress>;

/** What comes while a run is watched: journalled events, and what is never journalled. */
export const RunUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), event: WireEvent }),
  z.object({ kind: z.literal('progress'), segment: z.string(), fraction: z.number().nullable(), nodes: z.array(NodeProgress) }),
  z.object({ kind: z.literal('console'), lines: z.array(LogLine) }),
  /** A sample can be fetched now. */
  z.object({ kind: z.literal('sample'), node: NodeId, port: z.string() }),
]);
export type RunUpdate = z.infer<typeof RunUpdate>;

/** Workers and throughput now, durations and success over the last 24 hours. Times in milliseconds, sizes in bytes. */
export const MonitorStats = z.object({
  running: z.int(),
  queued: z.int(),
  completed: z.int(),
  failed: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  memoryBytes: z.number(),
  journalBytes: z.number(),
  diskFreeBytes: z.number(),
  events: z.int(),
});
export type MonitorStats = z.infer<typeof MonitorStats>;

/** Rows of two outputs held against each other, as bags of rows over the columns that both have. */
export const RowDifference = z.object({
  /** Whole outputs, or the samples kept of them (at most 1,000 rows a side). */
  basis: z.enum(['outputs', 'samples']),
  leftRows: z.int(),
  rightRows: z.int(),
  same: z.int(),
  onlyLeft: z.int(),
  onlyRight: z.int(),
  columns: z.array(z.object({ name: z.string(), left: z.string().nullable(), right: z.string().nullable() })),
  /** The first of each. */
  left: Sample,
  right: Sample,
});
export type RowDifference = z.infer<typeof RowDifference>;

const RunState = z.custom<Run>((value) => typeof value === 'object' && value !== null && 'nodes' in value);

export const runsContract = {
  /** Starts the saved workflow, or the one given (a draft). Throws invalid_workflow with every problem as detail. */
  start: oc
    .route({ method: 'POST', path: '/runs', summary: 'Start a run' })
    .input(z.object({ workflowId: WorkflowId.optional(), workflow: Workflow.optional(), scope: RunScope.default({ kind: 'all' }) }))
    .output(z.object({ runId: RunId })),
  cancel: oc.route({ method: 'POST', path: '/runs/{runId}/cancel', summary: 'Cancel a run' }).input(z.object({ runId: RunId })).output(z.object({})),
  /** Tells a paused run how to go on. Throws conflict where it is not paused. */
  answer: oc.route({ method: 'POST', path: '/runs/{runId}/answer', summary: 'Answer a paused run' }).input(z.object({ runId: RunId, answer: PauseAnswer })).output(z.object({})),
  /** A new run of the workflow as it ran, which reuses what still stands; `from` and what follows it run in any case. */
  rerun: oc
    .route({ method: 'POST', path: '/runs/{runId}/rerun', summary: 'Run again from where it failed, or from a node' })
    .input(z.object({ runId: RunId, from: NodeId.optional() }))
    .output(z.object({ runId: RunId })),
  /** A new run of an edited workflow, which reuses what had been given up to the event of `version` and is still the same. */
  fork: oc
    .route({ method: 'POST', path: '/runs/{runId}/fork', summary: 'Fork a run from an event on' })
    .input(z.object({ runId: RunId, version: z.int().min(1), workflow: Workflow }))
    .output(z.object({ runId: RunId })),
  /** Rows of an output that two runs do not share. Throws not_found where one has none. */
  difference: oc
    .route({ method: 'POST', path: '/runs/difference', summary: "Compare two runs' rows" })
    .input(z.object({ left: RunId, right: RunId, node: NodeId, port: z.string(), limit: z.int().min(1).max(1000).default(100) }))
    .output(RowDifference),
  /** A run as one file, secrets redacted; `data` takes its samples along. */
  export: oc
    .route({ method: 'GET', path: '/runs/{runId}/export', summary: 'A run as one file' })
    .input(z.object({ runId: RunId, data: z.stringbool().or(z.boolean()).default(true) }))
    .output(z.object({ text: z.string(), fileName: z.string() })),
  /** Opens an exported run to be looked at: the id that it answers works in `get`, `events`, `console`, `sample`, `workflow`, `watch`. */
  openFile: oc.route({ method: 'POST', path: '/runs/open', summary: 'Open an exported run' }).input(z.object({ text: z.string() })).output(z.object({ runId: RunId })),
  list: oc
    .route({ method: 'POST', path: '/runs/search', summary: 'Find runs, newest first' })
    .input(z.object({ filter: RunFilter.default({}), offset: z.int().min(0).default(0), limit: z.int().min(1).max(500).default(100) }))
    .output(z.object({ rows: z.array(RunRow), total: z.int(), counts: z.record(z.enum(RUN_STATUSES), z.int()) })),
  /** The state after all events, or after the event of version `at`. */
  get: oc.route({ method: 'GET', path: '/runs/{runId}', summary: "A run's state" }).input(z.object({ runId: RunId, at: z.coerce.number().int().min(1).optional() })).output(RunState),
  events: oc
    .route({ method: 'GET', path: '/runs/{runId}/events', summary: "A run's events" })
    .input(z.object({ runId: RunId, after: z.coerce.number().int().min(0).default(0) }))
    .output(z.array(WireEvent)),
  console: oc.route({ method: 'GET', path: '/runs/{runId}/console', summary: "A run's console" }).input(z.object({ runId: RunId })).output(z.array(LogLine)),
  /** The rows kept of a node's output; null where none were. */
  sample: oc
    .route({ method: 'GET', path: '/runs/{runId}/samples/{node}/{port}', summary: "A sample of a node's output" })
    .input(z.object({ runId: RunId, node: NodeId, port: z.string() }))
    .output(Sample.nullable()),
  /** Everything since the run was asked for, then what comes, until the run has ended and its samples are in. */
  watch: oc.route({ method: 'GET', path: '/runs/{runId}/watch', summary: 'Watch a run' }).input(z.object({ runId: RunId })).output(eventIterator(RunUpdate)),
  /** Rows of the run list that have changed. */
  changes: oc.route({ method: 'GET', path: '/runs/changes', summary: 'Watch the run list' }).output(eventIterator(z.object({ runId: RunId, workflowId: WorkflowId, status: z.enum(RUN_STATUSES) }))),
  stats: oc.route({ method: 'GET', path: '/monitor', summary: 'What the studio is doing' }).output(MonitorStats),
  workflow: oc.route({ method: 'GET', path: '/runs/{runId}/workflow', summary: 'The workflow as it ran' }).input(z.object({ runId: RunId })).output(JsonObject),
};
