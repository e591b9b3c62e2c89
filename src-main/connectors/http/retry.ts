import type { Clock } from './clock.ts';

/** When a request that failed is sent again, and how long is waited before. */
export interface RetryPolicy {
  /** How often it is sent again at most. */
  readonly retries: number;
  /** The first wait; each further one is twice as long, a random part of it. */
  readonly initialMs: number;
  /** No wait is longer: neither our own nor one that the service asks for. */
  readonly maxMs: number;
  /** Also requests that the service might then carry out twice (POST, PATCH). */
  readonly unsafe: boolean;
}

/** Answers that another try may change. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
export const isPassing = (status: number): boolean => PASSING.has(status);

/** Methods whose repetition changes nothing more (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
export const isIdempotent = (method: string): boolean => IDEMPOTENT.has(method);

/** What `Retry-After` asks for, in milliseconds from now: seconds or an HTTP date (RFC 9110, 10.2.3). Null where it says nothing. */
export function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return /[a-z]/i.test(text) && !Number.isNaN(at) ? Math.max(0, at - now) : null;
}

/** Exponential backoff with jitter: between half and the whole of what the attempt (from 0) has grown to. */
export const backoff = (attempt: number, { initialMs, maxMs }: RetryPolicy, clock: Pick<Clock, 'random'>): number => Math.min(maxMs, initialMs * 2 ** attempt) * (0.5 + clock.random() / 2);
