import { ORPCError, os } from '@orpc/server';
import { toErrorInfo } from '#shared/errors';
import type { ErrorCode, ErrorInfo } from '#shared/errors';

/** The HTTP status each code is answered with over REST. */
export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  invalid_input: 400,
  permission: 403,
  not_found: 404,
  conflict: 409,
  invalid_workflow: 422,
  node_failed: 422,
  read_only: 423,
  cancelled: 499,
  internal: 500,
  io: 500,
  unsupported: 501,
  worker_lost: 503,
  timeout: 504,
};

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}

const placeOf = (issue: Issue): string =>
  (issue.path ?? [])
    .map((step) => (typeof step === 'object' ? step.key : step))
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('');

/** What is wrong with the input, field by field; at most ten sentences, as a file of 50 MB can be wrong in a million places. */
function inputInfo(issues: readonly Issue[]): ErrorInfo {
  const sentences = issues.slice(0, 10).map((issue) => `${placeOf(issue) || 'input'}: ${issue.message}`);
  const place = issues[0] === undefined ? '' : placeOf(issues[0]);
  return {
    code: 'invalid_input',
    message: `The request does not fit the call: ${sentences.join('; ')}.`,
    ...(place === '' ? {} : { place }),
    ...(issues.length > 10 ? { detail: `${issues.length} problems in all.` } : {}),
  };
}

/** oRPC's own refusals, in our words. */
function transportInfo(error: ORPCError<string, unknown>): ErrorInfo | null {
  const issues = (error.data as { issues?: readonly Issue[] } | undefined)?.issues;
  if (error.code === 'BAD_REQUEST') return issues === undefined ? { code: 'invalid_input', message: error.message } : inputInfo(issues);
  if (error.code === 'PAYLOAD_TOO_LARGE') return { code: 'invalid_input', message: 'The request is larger than the studio takes.' };
  return null;
}

/** The info of anything thrown while a call was answered. What is nobody's sentence loses its stack. */
export function infoOf(thrown: unknown): ErrorInfo {
  if (thrown instanceof ORPCError) {
    const info = transportInfo(thrown);
    if (info !== null) return info;
  }
  const info = toErrorInfo(thrown);
  if (info.code !== 'internal') return info;
  return { code: 'internal', message: 'Something went wrong inside Millrace that it has no words for.', detail: info.message };
}

const isAnswered = (thrown: unknown): boolean => thrown instanceof ORPCError && Object.hasOwn(STATUS_OF, thrown.code);

/** The one form in which errors leave the studio: an oRPC error named by our code, whose data is `ErrorInfo`. */
export function toWireError(thrown: unknown): ORPCError<string, unknown> {
  if (isAnswered(thrown)) return thrown as ORPCError<string, unknown>;
  const info = infoOf(thrown);
  return new ORPCError(info.code, { status: STATUS_OF[info.code], message: info.message, data: info, cause: thrown });
}

async function* guarded(source: AsyncIterable<unknown>, fail: (thrown: unknown) => ORPCError<string, unknown>): AsyncGenerator {
  try {
    yield* source;
  } catch (thrown) {
    throw fail(thrown);
  }
}

const isStream = (output: unknown): output is AsyncIterable<unknown> => typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

/** Stands around every call, its checks of input and output included, and around what its stream throws later. */
export const answerErrors = os
  .$context<{ readonly onUnexpected: (thrown: unknown) => void }>()
  .middleware(async ({ next, context }) => {
    const fail = (thrown: unknown): ORPCError<string, unknown> => {
      const error = toWireError(thrown);
      if (error.code === 'internal') context.onUnexpected(thrown);
      return error;
    };
    try {
      const result = await next();
      return isStream(result.output) ? { ...result, output: guarded(result.output, fail) } : result;
    } catch (thrown) {
      throw fail(thrown);
    }
  });

/** For a handler's `interceptors`: a request that could not even be read is answered in the same form. */
export async function answerUnreadable<T>(options: { next(): Promise<T> }): Promise<T> {
  try {
    return await options.next();
  } catch (thrown) {
    throw toWireError(thrown instanceof SyntaxError ? new ORPCError('BAD_REQUEST', { message: 'The request is not well-formed JSON.' }) : thrown);
  }
}
