import type { ErrorCode } from '#shared/errors';
import type { RetryPolicy } from '#shared/run/retry';

export { retryDelay } from '#shared/run/retry';
export type { RetryPolicy } from '#shared/run/retry';

/** Trying again can't help: the input is wrong, somebody said stop, or the rows it needs went with their worker. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set(['invalid_input', 'invalid_workflow', 'unsupported', 'cancelled', 'worker_lost', 'internal']);

/** May attempt number `attempt`, which failed with `code`, be followed by another? */
export const mayRetry = (policy: RetryPolicy | undefined, attempt: number, code: ErrorCode): policy is RetryPolicy =>
  policy !== undefined && attempt < policy.attempts && !HOPELESS.has(code);
