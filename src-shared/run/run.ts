import type { ErrorInfo } from '#shared/errors';
import type { EffectProof, FileMark, KeptOutput, NodeCounts, PauseQuestion, RunOrigin, RunScope, SkipReason, Trigger, WrittenFile } from '#shared/events';
import type { NodeId, RunId, WorkflowId } from '#shared/ids';
import type { JsonObject } from '#shared/json';

export const RUN_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled', 'interrupted', 'paused'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
/** A run in one of these takes no further event. `interrupted` is not final: it is resumed or ended at the next start; `paused` waits for a person's answer. */
export const isTerminal = (status: RunStatus): boolean => status === 'completed' || status === 'failed' || status === 'cancelled';

export const NODE_STATUSES = ['pending', 'running', 'retrying', 'completed', 'failed', 'skipped', 'lost'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

interface AttemptBase {
  readonly attempt: number;
  readonly startedAt: number;
}
/** One try of a node. Times are milliseconds since the epoch. */
export type Attempt =
  | (AttemptBase & { readonly outcome: 'running' })
  | (AttemptBase & { readonly outcome: 'completed' | 'stopped'; readonly endedAt: number })
  | (AttemptBase & { readonly outcome: 'failed'; readonly endedAt: number; readonly error: ErrorInfo })
  | (AttemptBase & { readonly outcome: 'lost'; readonly endedAt: number; readonly reason: string });

export interface CommittedOutput {
  readonly port: string | null;
  readonly path: string | null;
  readonly rows: number;
  readonly bytes: number | null;
  /** SHA-256 of the content where the output was kept (`port` set); null for a sink's file. */
  readonly hash: string | null;
  /** What a sink's file was when it was put there. */
  readonly mark?: FileMark | undefined;
}

/** Something a node has done outside, or was about to do. */
export interface Effect {
  readonly effect: string;
  readonly attempt: number;
  readonly what: string;
  readonly rows: number;
  readonly proof: EffectProof | null;
  /** What the nodes of its segment have counted, where that was known before it happened. */
  readonly counts?: readonly NodeCounts[] | undefined;
  /** `intended`: nobody knows whether it happened. */
  readonly state: 'intended' | 'confirmed' | 'dropped';
}

export interface NodeRun {
  readonly id: NodeId;
  readonly status: NodeStatus;
  /** The segment it ran in: nodes with the same one were one query. */
  readonly segment: string | null;
  readonly attempts: readonly Attempt[];
  readonly rowsIn: number;
  readonly rowsOut: Readonly<Record<string, number>>;
  /** The node's own measured time of its last attempt, in milliseconds; a fused node's is its operators' share. */
  readonly durationMs: number | null;
  readonly report: Readonly<Record<string, number>>;
  readonly outputs: readonly CommittedOutput[];
  readonly error: ErrorInfo | null;
  readonly skipped: SkipReason | null;
  readonly retryAt: string | null;
  /** See NodeExecutionCompleted; null until it has completed. */
  readonly key: string | null;
  /** The run whose output stands for this node's. */
  readonly reusedFrom: RunId | null;
  /** Its failure went to its port `error`. */
  readonly diverted: boolean;
  readonly effects: readonly Effect[];
  /** What it is to do once all work of the run is done; left out where that is nothing. */
  readonly afterwards?: { readonly what: JsonObject; readonly done: boolean } | undefined;
}

/** A run's state: nothing but the fold of its events. */
export interface Run {
  readonly id: RunId;
  readonly workflowId: WorkflowId;
  readonly workflowName: string;
  readonly revision: string;
  readonly workflow: JsonObject;
  readonly file: string | null;
  readonly folder: string | null;
  readonly trigger: Trigger;
  readonly scope: RunScope;
  readonly priority: number;
  readonly origin: RunOrigin | null;
  readonly status: RunStatus;
  readonly requestedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly durationMs: number | null;
  readonly error: ErrorInfo | null;
  readonly failedNode: NodeId | null;
  readonly cancelRequested: boolean;
  /** Why it stands still while it is interrupted. */
  readonly interruption: string | null;
  /** What it waits for while it is paused. */
  readonly question: PauseQuestion | null;
  /** Milliseconds it was worked on up to its last interruption or pause. */
  readonly workedMs: number;
  /** When it was last started or resumed. */
  readonly resumedAt: number | null;
  /** Attempts that had completed or failed when it was last interrupted, and interruptions since another one did: those of a studio that was closed don't count. */
  readonly achieved: number;
  readonly fruitless: number;
  /** In the order of the workflow's file. */
  readonly nodes: Readonly<Record<string, NodeRun>>;
  /** The version of the last event folded. */
  readonly version: number;
}

export const rowsOutTotal = (node: NodeRun): number => Object.values(node.rowsOut).reduce((sum, rows) => sum + rows, 0);

/** Outputs of a node that rest as files and can be read again, by port. */
export const keptOutputs = (node: NodeRun): readonly KeptOutput[] =>
  node.outputs.flatMap(({ port, hash, rows, bytes }) => (port === null || hash === null ? [] : [{ port, hash, rows, bytes: bytes ?? 0 }]));

/** Files that a sink has written. */
export const writtenFiles = (node: NodeRun): readonly WrittenFile[] => node.outputs.flatMap(({ path, rows, bytes, mark }) => (path === null ? [] : [{ path, rows, bytes: bytes ?? 0, ...(mark === undefined ? {} : { mark }) }]));
