import type { ErrorInfo } from '#shared/errors';
import type { SkipReason } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { Plan } from './plan.ts';
import type { RetryPolicy } from './retry.ts';

/** What the executor is to do next. It performs them in order, writes their events in one append, and asks again. */
export type Command =
  | { readonly kind: 'Begin' }
  | { readonly kind: 'Skip'; readonly node: NodeId; readonly reason: SkipReason }
  /** `timeoutMs`: when to give up on it, and the node whose patience that is. */
  | { readonly kind: 'StartSegment'; readonly segment: string; readonly nodes: readonly NodeId[]; readonly attempt: number; readonly timeout: { readonly ms: number; readonly node: NodeId } | null }
  | { readonly kind: 'StopSegment'; readonly segment: string }
  /** `failed` is the number of the attempt that failed; how long to wait is retryDelay's to say. */
  | { readonly kind: 'ScheduleRetry'; readonly node: NodeId; readonly failed: number; readonly policy: RetryPolicy }
  | { readonly kind: 'Complete' }
  | { readonly kind: 'Fail'; readonly error: ErrorInfo; readonly node: NodeId | null }
  | { readonly kind: 'Cancel' };

/** What a node's own settings say about failing; taken from the workflow as it runs. */
export interface NodePolicy {
  readonly onError: 'stop' | 'continue';
  readonly retry: RetryPolicy | undefined;
  readonly timeoutMs: number | undefined;
}

/** A plan with the policies of its nodes. */
export interface RunPlan extends Plan {
  readonly policies: Readonly<Record<string, NodePolicy>>;
}
