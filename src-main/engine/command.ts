import type { ErrorInfo } from '#shared/errors';
import type { PauseQuestion, SkipReason } from '#shared/events';
import type { NodeId, RunId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import type { NodeRun } from '#shared/run/run';
import type { Plan } from './plan.ts';
import type { RetryPolicy } from './retry.ts';

/** What the executor is to do next. It performs them in order, writes their events in one append, and asks again. */
export type Command =
  | { readonly kind: 'Begin' }
  | { readonly kind: 'Skip'; readonly node: NodeId; readonly reason: SkipReason }
  /** `timeoutMs`: when to give up on it, and the node whose patience that is. */
  | { readonly kind: 'StartSegment'; readonly segment: string; readonly nodes: readonly NodeId[]; readonly attempt: number; readonly timeout: { readonly ms: number; readonly node: NodeId } | null }
  | { readonly kind: 'StopSegment'; readonly segment: string }
  /** Its failure becomes a row of its port `error`, and what reads that port runs. */
  | { readonly kind: 'Divert'; readonly node: NodeId; readonly error: ErrorInfo }
  | { readonly kind: 'Pause'; readonly question: PauseQuestion }
  | { readonly kind: 'Resume'; readonly by: 'recovery' | 'person' | 'worker'; readonly repeat: readonly NodeId[] }
  /** What it gave in run `from` stands. */
  | { readonly kind: 'Reuse'; readonly from: RunId; readonly node: NodeRun }
  /** `failed` is how many attempts have failed; how long to wait is retryDelay's to say. */
  | { readonly kind: 'ScheduleRetry'; readonly node: NodeId; readonly failed: number; readonly policy: RetryPolicy }
  /** All work is done: what the node has asked for then (`what`) is to be done now. It may have been done already, by a process that has ended. */
  | { readonly kind: 'Settle'; readonly node: NodeId; readonly what: JsonObject }
  | { readonly kind: 'Complete' }
  | { readonly kind: 'Fail'; readonly error: ErrorInfo; readonly node: NodeId | null }
  | { readonly kind: 'Cancel' };

/** What a node's own settings say about failing; taken from the workflow as it runs. */
export interface NodePolicy {
  readonly onError: 'stop' | 'continue' | 'errorPort';
  readonly retry: RetryPolicy | undefined;
  readonly timeoutMs: number | undefined;
}

/** A plan with the policies of its nodes. */
export interface RunPlan extends Plan {
  readonly policies: Readonly<Record<string, NodePolicy>>;
}
