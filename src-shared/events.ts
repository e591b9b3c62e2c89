import { z } from 'zod';
import { ErrorInfo } from '#shared/errors';
import { NodeId, RunId, ScheduleId, WorkflowId } from '#shared/ids';
import { JsonObject } from '#shared/json';
import { ScheduleDefinition } from '#shared/schedule/schedule';

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
  /** Only nodes that were pinned or whose outputs were reused would have read its rows. */
  z.object({ kind: z.literal('notNeeded') }),
]);
export type SkipReason = z.infer<typeof SkipReason>;

/**
 * The run that a run continues: again from where it failed, or from an event on with another workflow. `version`: of its events, up to
 * which. `from`: this node and what follows it run in any case.
 */
export const RunOrigin = z.object({ kind: z.enum(['rerun', 'fork']), run: RunId, version: z.int().min(1), from: NodeId.nullable() });
export type RunOrigin = z.infer<typeof RunOrigin>;

/** An output that rests as a Parquet file under the name of its content: `hash` is its SHA-256. */
export const KeptOutput = z.object({ port: z.string(), hash: z.string(), rows: z.int().min(0), bytes: z.int().min(0) });
export type KeptOutput = z.infer<typeof KeptOutput>;

/** What a file was: a rename keeps all three. `mtimeNs` and `ino` are decimal texts of 64-bit numbers. */
export const FileMark = z.object({ ino: z.string(), bytes: z.int().min(0), mtimeNs: z.string() });
export type FileMark = z.infer<typeof FileMark>;

/** A file that a sink has put under its final name. `mark`: what it was then; without one nothing tells whether it is still that. */
export const WrittenFile = z.object({ path: z.string(), rows: z.int().min(0), bytes: z.int().min(0), mark: FileMark.optional() });
export type WrittenFile = z.infer<typeof WrittenFile>;

/** How to tell afterwards whether an effect has happened: the file at `path` was `before` (null: was not there) and is to be `after`. */
export const EffectProof = z.object({ kind: z.literal('file'), path: z.string(), before: FileMark.nullable(), after: FileMark });
export type EffectProof = z.infer<typeof EffectProof>;

/** What a node has counted; see NodeExecutionCompleted. */
export const NodeCounts = z.object({ node: NodeId, rowsIn: z.int().min(0), rowsOut: z.record(z.string(), z.int().min(0)), durationMs: z.number(), report: z.record(z.string(), z.number()) });
export type NodeCounts = z.infer<typeof NodeCounts>;

/** What a paused run wants to know. `effects`: these may have happened already and would happen again. `recovery`: go on after a crash? */
export const PauseQuestion = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('effects'), effects: z.array(z.object({ node: NodeId, effect: z.string(), what: z.string() })) }),
  z.object({ kind: z.literal('recovery'), reason: z.string() }),
]);
export type PauseQuestion = z.infer<typeof PauseQuestion>;

/** `repeat`: do it (again). `skip`: take the effects for done and go on after them. `stop`: end the run as failed. */
export const PauseAnswer = z.enum(['repeat', 'skip', 'stop']);
export type PauseAnswer = z.infer<typeof PauseAnswer>;

/** Why an occurrence did not start a run when its time came. `invalid`: its workflow could not be started; the detail says why. */
export const MISSED_REASONS = ['asleep', 'notRunning', 'paused', 'clockJump', 'overlap', 'outsideWindow', 'misfire', 'invalid'] as const;
export const MissedReason = z.enum(MISSED_REASONS);
export type MissedReason = z.infer<typeof MissedReason>;

/** How an occurrence came to start its run: in time, after it waited for another run, after it had been missed, by the policy or because a person asked. */
export const FiredHow = z.enum(['onTime', 'buffered', 'catchUp', 'asked']);
export type FiredHow = z.infer<typeof FiredHow>;

/** In ms since 1970. `cursor`: all before and at it is settled; the next occurrence is later. */
const instant = z.int();
const ofSchedule = { scheduleId: ScheduleId, workflowId: WorkflowId };
const attempt = z.int().min(1);
const portRows = z.record(z.string(), z.int().min(0));
/** Same key, same rows: a hash of node, config, files read and the keys of its inputs; null where a repeat may give other rows. */
const outputKey = z.string().nullable();

/**
 * Every fact the journal can hold: its schema number and the shape of its data. A changed shape gets a new number here and an
 * upcast in run/upcast.ts; a new event gets a line here and an entry in run/evolve.ts, which does not compile without it.
 */
export const EVENTS = {
  WorkflowRequested: {
    schema: 2,
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
      /** Where relative paths start; null is the studio's workflow folder. */
      folder: z.string().nullable(),
      trigger: Trigger,
      scope: RunScope,
      /** Higher comes first in the queue; 0 is usual. */
      priority: z.int(),
      origin: RunOrigin.nullable(),
    }),
  },
  WorkflowStarted: { schema: 1, data: z.object({}) },
  WorkflowCompleted: { schema: 1, data: z.object({ durationMs: z.number() }) },
  WorkflowFailed: { schema: 1, data: z.object({ durationMs: z.number(), error: ErrorInfo, node: NodeId.nullable() }) },
  WorkflowCancelRequested: { schema: 1, data: z.object({ by: z.string() }) },
  WorkflowCancelled: { schema: 1, data: z.object({ durationMs: z.number() }) },
  /**
   * It stands still: its studio ended, or the worker that held it. `workedMs`: how long it was worked on since it started or was last
   * resumed. `orderly`: the studio was closed; that says nothing against going on, however often it happens.
   */
  WorkflowInterrupted: { schema: 2, data: z.object({ reason: z.string(), workedMs: z.number().min(0), orderly: z.boolean().optional() }) },
  /** It goes on. `repeat`: nodes that had run and run again, because what they gave went with the process and was not kept. */
  WorkflowResumed: { schema: 2, data: z.object({ by: z.enum(['recovery', 'person', 'worker']), repeat: z.array(NodeId) }) },
  /** It waits for a person. `workedMs`: how long it was worked on since it started or was last resumed, where it was not interrupted before. */
  WorkflowPaused: { schema: 1, data: z.object({ question: PauseQuestion, workedMs: z.number().min(0).optional() }) },
  WorkflowAnswered: { schema: 1, data: z.object({ answer: PauseAnswer, by: z.string() }) },
  NodeExecutionStarted: { schema: 1, data: z.object({ node: NodeId, attempt, segment: z.string() }) },
  NodeExecutionCompleted: {
    schema: 2,
    data: z.object({
      node: NodeId,
      attempt,
      rowsIn: z.int().min(0),
      /** By output port; a sink has none. */
      rowsOut: portRows,
      durationMs: z.number(),
      /** What the node counted: label → number ("bad rows", "trimmed"). */
      report: z.record(z.string(), z.number()),
      /** Of the node its segment ends with; null for the others. */
      key: outputKey,
      /** What the node is to do once all work of the run is done; it alone knows what that says. */
      afterwards: JsonObject.optional(),
    }),
  },
  /** What it was to do once all work of the run was done has been done. */
  NodeSettled: { schema: 1, data: z.object({ node: NodeId }) },
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
      /** Of a sink's file, as it was put there. */
      mark: FileMark.optional(),
    }),
  },
  /** It did not run: what it gave in an earlier run stands, because node, config and inputs are the same. `rowsIn`, `rowsOut`: as they were there. `files`: what a sink had written. */
  NodeOutputReused: {
    schema: 1,
    data: z.object({ node: NodeId, from: RunId, rowsIn: z.int().min(0), rowsOut: portRows, key: outputKey, outputs: z.array(KeptOutput), files: z.array(WrittenFile).optional(), afterwards: JsonObject.optional() }),
  },
  /** The node failed, and its failure goes on as a row of its port `error`: what reads that port runs. */
  NodeFailureDiverted: { schema: 1, data: z.object({ node: NodeId, attempt }) },
  /**
   * Written, and durable, before something is done outside that a repeat would do twice. `what`: a sentence; `rows`: how many it is about.
   * `counts`: what the nodes of its segment have counted, where that is known by then: nobody else can tell once their process is gone.
   */
  NodeEffectIntended: {
    schema: 1,
    data: z.object({ node: NodeId, attempt, effect: z.string(), what: z.string(), rows: z.int().min(0), proof: EffectProof.nullable(), counts: z.array(NodeCounts).optional() }),
  },
  NodeEffectConfirmed: { schema: 1, data: z.object({ node: NodeId, effect: z.string() }) },
  /** It did not happen, or a person wants it again. */
  NodeEffectDropped: { schema: 1, data: z.object({ node: NodeId, effect: z.string(), reason: z.string() }) },
  NodeAttemptLost: { schema: 1, data: z.object({ node: NodeId, attempt, reason: z.string() }) },
  WorkflowSaved: { schema: 1, data: z.object({ workflowId: WorkflowId, name: z.string(), revision: z.string(), path: z.string() }) },
  WorkflowImported: { schema: 1, data: z.object({ workflowId: WorkflowId, name: z.string(), revision: z.string(), path: z.string(), from: z.string() }) },
  WorkflowDeleted: { schema: 1, data: z.object({ workflowId: WorkflowId, path: z.string() }) },
  /** `seen`: what a watch has found in its folder, as a text of hashes: what differs later has changed meanwhile. */
  ScheduleCreated: { schema: 1, data: z.object({ ...ofSchedule, workflowName: z.string(), definition: ScheduleDefinition, cursor: instant, seen: z.string().optional() }) },
  /** Its definition is another one now; nothing fires for the time before. */
  ScheduleEdited: { schema: 1, data: z.object({ ...ofSchedule, workflowName: z.string(), definition: ScheduleDefinition, cursor: instant, seen: z.string().optional() }) },
  SchedulePaused: { schema: 1, data: z.object({ ...ofSchedule, by: z.enum(['person', 'failure', 'all']), note: z.string() }) },
  /** Nothing fires for the time of the pause. */
  ScheduleResumed: { schema: 1, data: z.object({ ...ofSchedule, by: z.enum(['person', 'all']), cursor: instant, seen: z.string().optional() }) },
  /** Its workflow's file, or the schedule in it, is gone. */
  ScheduleDeleted: { schema: 1, data: z.object({ ...ofSchedule, reason: z.string() }) },
  /** In the same transaction as its run's WorkflowRequested. `nominalTime`: the identity of the occurrence within its schedule. */
  ScheduleFired: { schema: 1, data: z.object({ ...ofSchedule, nominalTime: instant, runId: RunId, how: FiredHow, cursor: instant, seen: z.string().optional() }) },
  /** Its time came while it ran still, or its workflow could not be started (`detail` says why). */
  OccurrenceSkipped: { schema: 1, data: z.object({ ...ofSchedule, nominalTime: instant, reason: MissedReason, detail: z.string().optional(), cursor: instant, seen: z.string().optional() }) },
  /** Occurrences from `nominalTime` to `lastNominalTime`, `count` in number, whose time passed without a start. */
  OccurrenceMissed: { schema: 1, data: z.object({ ...ofSchedule, nominalTime: instant, lastNominalTime: instant, count: z.int().min(1), reason: MissedReason, cursor: instant, seen: z.string().optional() }) },
  /** It waits until the run before it has ended. */
  OccurrenceBuffered: { schema: 1, data: z.object({ ...ofSchedule, nominalTime: instant, how: FiredHow, cursor: instant, seen: z.string().optional() }) },
  /** Retention removed whole runs; what they counted on their days stays. `durationUs` and `rowsOut` are sums. */
  RunsRemoved: {
    schema: 1,
    data: z.object({
      runs: z.int().min(1),
      days: z.array(z.object({ day: z.string(), workflowId: WorkflowId, completed: z.int(), failed: z.int(), cancelled: z.int(), durationUs: z.int(), rowsOut: z.int() })),
    }),
  },
} as const;

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType> = z.infer<(typeof EVENTS)[T]['data']>;

/** The events of a schedule's stream. */
export type ScheduleEventType = Extract<EventType, `Schedule${string}` | `Occurrence${string}`>;
/** The events of a run's stream; the others are of workflow files, of schedules and of the journal itself. */
export type RunEventType = Exclude<EventType, ScheduleEventType | 'WorkflowSaved' | 'WorkflowImported' | 'WorkflowDeleted' | 'RunsRemoved'>;

/** An event before it has a place in a stream. `at` is milliseconds since the epoch; the caller's clock. */
export type NewEvent = { [T in EventType]: { readonly type: T; readonly data: EventData<T>; readonly at: number; readonly id: string } }[EventType];

const OTHER: Readonly<Record<Exclude<EventType, RunEventType>, true>> = {
  WorkflowSaved: true,
  WorkflowImported: true,
  WorkflowDeleted: true,
  RunsRemoved: true,
  ScheduleCreated: true,
  ScheduleEdited: true,
  SchedulePaused: true,
  ScheduleResumed: true,
  ScheduleDeleted: true,
  ScheduleFired: true,
  OccurrenceSkipped: true,
  OccurrenceMissed: true,
  OccurrenceBuffered: true,
};

/** Is this one of a run's own events? */
export const isOfARun = <T extends { readonly type: EventType }>(event: T): event is T & { readonly type: RunEventType } => !Object.hasOwn(OTHER, event.type);
/** Is this one of a schedule's own events? */
export const isOfASchedule = <T extends { readonly type: EventType }>(event: T): event is T & { readonly type: ScheduleEventType } => /^(?:Schedule|Occurrence)/u.test(event.type);

/** An event as the journal holds it. `version` counts from 1 within its stream, `position` from 1 over the whole journal. */
export type StudioEvent = NewEvent & {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly schema: number;
  readonly correlation: string | null;
  readonly causation: string | null;
};

/** Streams are named `run-<id>`, `workflow-<id>`, `schedule-<id>`; the journal's own facts are in `journal`. */
export const JOURNAL_STREAM = 'journal';
export const runStream = (run: string): string => `run-${run}`;
export const scheduleStream = (schedule: string): string => `schedule-${schedule}`;
export const workflowStream = (workflow: string): string => `workflow-${workflow}`;

/** What crosses the window's border: the envelope checked, the data trusted, because the journal wrote it. */
export const WireEvent = z.custom<StudioEvent>((value) => typeof value === 'object' && value !== null && 'type' in value && 'position' in value);
