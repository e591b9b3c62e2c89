import type { ErrorInfo } from '#shared/errors';
import type { RunScope, SkipReason, Trigger } from '#shared/events';
import type { NodeId, RunId, WorkflowId } from '#shared/ids';
import type { JsonObject } from '#shared/json';

export const RUN_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled', 'interrupted'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
/** A run in one of these takes no further event. `interrupted` is not final: it is resumed or ended at the next start. */
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
}

/** A run's state: nothing but the fold of its events. */
export interface Run {
  readonly id: RunId;
  readonly workflowId: WorkflowId;
  readonly workflowName: string;
  readonly revision: string;
  readonly workflow: JsonObject;
  readonly file: string | null;
  readonly trigger: Trigger;
  readonly scope: RunScope;
  readonly status: RunStatus;
  readonly requestedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly durationMs: number | null;
  readonly error: ErrorInfo | null;
  readonly failedNode: NodeId | null;
  readonly cancelRequested: boolean;
  /** In the order of the workflow's file. */
  readonly nodes: Readonly<Record<string, NodeRun>>;
  /** The version of the last event folded. */
  readonly version: number;
}

export const rowsOutTotal = (node: NodeRun): number => Object.values(node.rowsOut).reduce((sum, rows) => sum + rows, 0);
