import type { Json } from '#shared/json';

const UNITS: readonly (readonly [unit: string, words: RegExp])[] = [
  ['s', /^(?:s|secs?|seconds?)$/u],
  ['m', /^(?:m|mins?|minutes?)$/u],
  ['h', /^(?:h|hrs?|hours?)$/u],
  ['d', /^(?:d|days?)$/u],
];
const unitOf = (word: string): string | undefined => UNITS.find(([, words]) => words.test(word.toLowerCase()))?.[0];

/** "15 minutes", or 15 under the name `intervalMinutes`, as 15m; null where it is neither. A number without a unit says nothing. */
export function readSpan(name: string, value: Json): string | null {
  if (typeof value === 'string') {
    const [, count = '', word = ''] = /^\s*(\d{1,9})\s*([a-z]+)\s*$/iu.exec(value) ?? [];
    const unit = unitOf(word);
    return unit === undefined || !/^(?:every|phase|catchupWindow)$/u.test(name) ? null : `${Number(count)}${unit}`;
  }
  const [, word = ''] = /^(?:interval|every|period|rate|delay)_?(ms|millis|milliseconds|[a-z]+)$/iu.exec(name) ?? [];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) return null;
  if (/^(?:ms|millis|milliseconds)$/iu.test(word)) return value % 1000 === 0 ? `${value / 1000}s` : null;
  const unit = word === '' ? undefined : unitOf(word);
  return unit === undefined ? null : `${value}${unit}`;
}

/** true or false, also as texts; null where it is neither. */
export function readFlag(value: Json): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return word === 'true' || word === 'yes' ? true : word === 'false' || word === 'no' ? false : null;
}

/** A number that is written as a text. */
export const readNumber = (value: Json): Json => (typeof value === 'string' && /^\s*\d+\s*$/u.test(value) ? Number(value) : value);
