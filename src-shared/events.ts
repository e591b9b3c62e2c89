import { z } from 'zod';
import { ErrorInfo } from '#shared/errors';
import { NodeId, RunId, WorkflowId } from '#shared/ids';
import { JsonObject } from '#shared/json';

/** Who or what asked for a run. */
export const Trigger = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('manual') }),
  z.object({ kind: z.literal('cli') }),
  z.object({ kind: z.literal('api') }),
  z.object({ kind: z.literal('schedule'), scheduleId: z.string(), nominalTime: z.string() }),
]);
export type Trigger = z.infer<typeof Trigger>;

/** Run everything, everything up to one node, or one node and what follows it. */
export const RunScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('to'), node: NodeId }),
  z.object({ kind: z.literal('from'), node: NodeId }),
]);
export type RunScope = z.infer<typeof RunScope>;

export const SkipReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('disabled') }),
  z.object({ kind: z.literal('outOfScope') }),
  z.object({ kind: z.literal('upstreamFailed'), node: NodeId }),
  /** It was fused into one query with the node that failed. */
  z.object({ kind: z.literal('segmentFailed'), node: NodeId }),
  z.object({ kind: z.literal('cancelled') }),
]);
export type SkipReason = z.infer<typeof SkipReason>;

const attempt = z.int().min(1);
const portRows = z.record(z.string(), z.int().min(0));

/**
 * Every fact the journal can hold: its schema number and the shape of its data. A changed shape gets a new number here and an
 * upcast in run/upcast.ts; a new event gets a line here and an entry in run/evolve.ts, which does not compile without it.
 */
export const EVENTS = {
  WorkflowRequested: {
    schema: 1,
    data: z.object({
      runId: RunId,
      workflowId: WorkflowId,
      workflowName: z.string(),
      /** SHA-256 of the canonical text of the workflow that runs. */
      revision: z.string(),
      /** The workflow as it runs: a run stays readable after its file has changed or gone. */
      workflow: JsonObject,
      /** The file it was read from, and the folder relative paths start at. */
      file: z.string().nullable(),
      trigger: Trigger,
      scope: RunScope,
    }),
  },
  WorkflowStarted: { schema: 1, data: z.object({}) },
  WorkflowCompleted: { schema: 1, data: z.object({ durationMs: z.number() }) },
  WorkflowFailed: { schema: 1, data: z.object({ durationMs: z.number(), error: ErrorInfo, node: NodeId.nullable() }) },
  WorkflowCancelRequested: { schema: 1, data: z.object({ by: z.string() }) },
  WorkflowCancelled: { schema: 1, data: z.object({ durationMs: z.number() }) },
  WorkflowInterrupted: { schema: 1, data: z.object({ reason: z.string() }) },
  WorkflowResumed: { schema: 1, data: z.object({}) },
  NodeExecutionStarted: { schema: 1, data: z.object({ node: NodeId, attempt, segment: z.string() }) },
  NodeExecutionCompleted: {
    schema: 1,
    data: z.object({
      node: NodeId,
      attempt,
      rowsIn: z.int().min(0),
      /** By output port; a sink has none. */
      rowsOut: portRows,
      durationMs: z.number(),
      /** What the node counted: label → number ("bad rows", "trimmed"). */
      report: z.record(z.string(), z.number()),
    }),
  },
  NodeExecutionFailed: { schema: 1, data: z.object({ node: NodeId, attempt, durationMs: z.number(), error: ErrorInfo }) },
  NodeExecutionSkipped: { schema: 1, data: z.object({ node: NodeId, reason: SkipReason }) },
  NodeRetryScheduled: { schema: 1, data: z.object({ node: NodeId, attempt, delayMs: z.number(), dueAt: z.string() }) },
  NodeOutputCommitted: {
    schema: 1,
    data: z.object({
      node: NodeId,
      attempt,
      port: z.string().nullable(),
      path: z.string().nullable(),
      rows: z.int().min(0),
      bytes: z.int().min(0).nullable(),
      hash: z.string().nullable(),
    }),
  },
  NodeAttemptLost: { schema: 1, data: z.object({ node: NodeId, attempt, reason: z.string() }) },
  WorkflowSaved: { schema: 1, data: z.object({ workflowId: WorkflowId, name: z.string(), revision: z.string(), path: z.string() }) },
  WorkflowImported: { schema: 1, data: z.object({ workflowId: WorkflowId, name: z.string(), revision: z.string(), path: z.string(), from: z.string() }) },
  WorkflowDeleted: { schema: 1, data: z.object({ workflowId: WorkflowId, path: z.string() }) },
} as const;

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType> = z.infer<(typeof EVENTS)[T]['data']>;

/** An event before it has a place in a stream. `at` is milliseconds since the epoch; the caller's clock. */
export type NewEvent = { [T in EventType]: { readonly type: T; readonly data: EventData<T>; readonly at: number; readonly id: string } }[EventType];

/** An event as the journal holds it. `version` counts from 1 within its stream, `position` from 1 over the whole journal. */
export type StudioEvent = NewEvent & {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly schema: number;
  readonly correlation: string | null;
  readonly causation: string | null;
};

/** Streams are named `run-<id>`, `workflow-<id>`, `schedule-<id>`. */
export const runStream = (run: string): string => `run-${run}`;
export const workflowStream = (workflow: string): string => `workflow-${workflow}`;

/** What crosses the window's border: the envelope checked, the data trusted, because the journal wrote it. */
export const WireEvent = z.custom<StudioEvent>((value) => typeof value === 'object' && value !== null && 'type' in value && 'position' in value);
