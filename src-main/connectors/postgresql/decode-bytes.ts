import { DuckDBDateValue, DuckDBDecimalValue, DuckDBTimestampTZValue, DuckDBTimestampValue } from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import { daysOf } from './decode-times.ts';

/** A value from the bytes of its text, or undefined where it is none of the usual ones and its text has to be read. */
export type DecodeBytes = (bytes: Buffer, start: number, end: number) => DuckDBValue | undefined;

const ZERO = 48;
/** Digits that a double holds exactly, with a sign and a point. */
const SHORT = 16;

/** Digits with a sign before them; a point between them is passed over. */
function digits(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === 45;
  let value = 0;
  for (let at = negative ? start + 1 : start; at < end; at += 1) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit >= 0) value = value * 10 + digit;
  }
  return negative ? -value : value;
}

const two = (bytes: Buffer, at: number): number => (bytes[at] as number) * 10 + (bytes[at + 1] as number) - 528;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= 57;

export const integerBytes: DecodeBytes = digits;
export const bigintBytes: DecodeBytes = (bytes, start, end) => (end - start < SHORT ? BigInt(digits(bytes, start, end)) : undefined);
export const booleanBytes: DecodeBytes = (bytes, start) => bytes[start] === 116;

export const decimalBytes = (width: number, scale: number): DecodeBytes => (bytes, start, end) =>
  end - start < SHORT && isDigit(bytes[end - 1]) ? new DuckDBDecimalValue(BigInt(digits(bytes, start, end)), width, scale) : undefined;

let lastDay = -1;
let lastDays = 0;

/** The days of `2026-03-29`. Rows that follow each other are often of one day. */
function days(bytes: Buffer, start: number): number {
  const day = two(bytes, start) * 1_000_000 + two(bytes, start + 2) * 10_000 + two(bytes, start + 5) * 100 + two(bytes, start + 8);
  if (day !== lastDay) {
    lastDays = daysOf(Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100);
    lastDay = day;
  }
  return lastDays;
}

export const dateBytes: DecodeBytes = (bytes, start, end) => (end - start === 10 && bytes[start + 4] === 45 ? new DuckDBDateValue(days(bytes, start)) : undefined);

/** `2026-03-29 02:30:00` with up to six decimals, of a year that a double holds the microseconds of. */
function micros(bytes: Buffer, start: number, end: number): bigint | undefined {
  if (end - start < 19 || end - start > 26 || bytes[start + 4] !== 45 || bytes[start + 10] !== 32 || !isDigit(bytes[end - 1])) return undefined;
  let value = days(bytes, start) * 86_400_000_000 + (two(bytes, start + 11) * 3600 + two(bytes, start + 14) * 60 + two(bytes, start + 17)) * 1_000_000;
  for (let at = start + 20, unit = 100_000; at < end; at += 1, unit /= 10) value += ((bytes[at] as number) - ZERO) * unit;
  return Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

export const timestampBytes: DecodeBytes = (bytes, start, end) => {
  const value = micros(bytes, start, end);
  return value === undefined ? undefined : new DuckDBTimestampValue(value);
};

/** The session's zone is UTC: what follows the time is +00. */
export const timestampTzBytes: DecodeBytes = (bytes, start, end) => {
  const value = bytes[end - 3] === 43 ? micros(bytes, start, end - 3) : undefined;
  return value === undefined ? undefined : new DuckDBTimestampTZValue(value);
};
