import { z } from 'zod';

/** Every way Millrace refuses or fails. Closed: a new code is added here, and each place that maps codes then fails to compile. */
export const ERROR_CODES = [
  'invalid_input',
  'invalid_workflow',
  'not_found',
  'conflict',
  'io',
  'permission',
  'read_only',
  'node_failed',
  'timeout',
  'cancelled',
  'worker_lost',
  'unsupported',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What crosses a process boundary: `message` is a sentence for a person; `detail` is the technical text, shown on demand. */
export const ErrorInfo = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  /** Where: a file, a node, a field, a line. */
  place: z.string().optional(),
  /** What a person can try next. */
  remedy: z.string().optional(),
  detail: z.string().optional(),
});
export type ErrorInfo = z.infer<typeof ErrorInfo>;

/** The one error class. Recognised by its `code`, not by `instanceof`, so that it survives a process boundary. */
export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly place: string | undefined;
  readonly remedy: string | undefined;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, message: string, more: { place?: string; remedy?: string; detail?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'StudioError';
    this.code = code;
    this.place = more.place;
    this.remedy = more.remedy;
    this.detail = more.detail;
  }
}

const isCode = (code: unknown): code is ErrorCode => ERROR_CODES.some((known) => known === code);

/** Turns anything thrown into what may cross a boundary. What is not ours becomes `internal` with its text as detail. */
export function toErrorInfo(thrown: unknown): ErrorInfo {
  if (thrown instanceof Error && 'code' in thrown && isCode(thrown.code)) {
    const own = thrown as StudioError;
    return {
      code: own.code,
      message: own.message,
      ...(own.place === undefined ? {} : { place: own.place }),
      ...(own.remedy === undefined ? {} : { remedy: own.remedy }),
      ...(own.detail === undefined ? {} : { detail: own.detail }),
    };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const detail = thrown instanceof Error ? thrown.stack : undefined;
  return { code: 'internal', message, ...(detail === undefined ? {} : { detail }) };
}

/** The other direction: what came over a boundary, to be thrown again. */
export function fromErrorInfo(info: ErrorInfo): StudioError {
  return new StudioError(info.code, info.message, {
    ...(info.place === undefined ? {} : { place: info.place }),
    ...(info.remedy === undefined ? {} : { remedy: info.remedy }),
    ...(info.detail === undefined ? {} : { detail: info.detail }),
  });
}

/** One line: what happened, where, and what to try. */
export function errorSentence(info: ErrorInfo): string {
  return [info.place === undefined ? info.message : `${info.place}: ${info.message}`, info.remedy].filter(Boolean).join(' ');
}

/** Ends a switch over a union: a kind that is not answered does not compile. */
export function assertNever(value: never): never {
  throw new StudioError('internal', `A kind that nothing answers: ${JSON.stringify(value)}`);
}
