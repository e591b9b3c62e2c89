import { StudioError } from '#shared/errors';
import type { Json } from '#shared/json';
import type { SqlParameter } from './driver.ts';

/** A value to be bound. Decimals, dates and times stay texts, so that nothing of them is lost on the way. */
export type SqlValue = string | number | bigint | boolean | null;

const DAY = String.raw`\d{4,6}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const DATE = new RegExp(`^${DAY}$`);
const TIMESTAMP = new RegExp(String.raw`^${DAY}(?:[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}(?::?\d{2})?))?)?$`);
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const INTEGER = /^[+-]?\d+$/;
const LIMIT = 1n << 63n;

const written = (value: Json): string => (typeof value === 'string' ? value.trim() : JSON.stringify(value));

/** What each type makes of a JSON value, or undefined where it can't. NULL is NULL in all of them. */
const CONVERT: { readonly [T in SqlParameter['type']]: (value: Exclude<Json, null>) => SqlValue | undefined } = {
  auto(value) {
    if (typeof value === 'object') return JSON.stringify(value);
    return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
  },
  text: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  integer(value) {
    const text = written(value);
    if (!INTEGER.test(text)) return undefined;
    const whole = BigInt(text.replace(/^\+/, ''));
    return whole >= -LIMIT && whole < LIMIT ? whole : undefined;
  },
  decimal: (value) => (DECIMAL.test(written(value)) ? written(value) : undefined),
  double(value) {
    const text = written(value);
    const special = { nan: Number.NaN, infinity: Number.POSITIVE_INFINITY, inf: Number.POSITIVE_INFINITY, '-infinity': Number.NEGATIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY }[text.toLowerCase()];
    if (special !== undefined) return special;
    return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
  },
  boolean: (value) => ({ true: true, false: false })[written(value).toLowerCase()],
  date: (value) => (DATE.test(written(value)) ? written(value) : undefined),
  timestamp: (value) => (TIMESTAMP.test(written(value)) ? written(value) : undefined),
  json(value) {
    if (typeof value !== 'string') return JSON.stringify(value);
    try {
      JSON.parse(value);
      return value;
    } catch {
      return undefined;
    }
  },
};

const EXPECTED: { readonly [T in SqlParameter['type']]: string } = {
  auto: 'a value',
  text: 'a text',
  integer: 'a whole number of 64 bits, such as 42',
  decimal: 'a decimal number, such as 12.50',
  double: 'a number, such as 1.5e3',
  boolean: 'true or false',
  date: 'a date, such as 2026-03-31',
  timestamp: 'a time, such as 2026-03-31 08:00:00 or 2026-03-31T08:00:00Z',
  json: 'JSON, such as {"a": 1}',
};

/** A parameter's value as its type wants it. Throws node_failed naming the field where it is none; the value itself is not told. */
export function valueOf({ name, type, value }: SqlParameter, field: string): SqlValue {
  if (value === null) return null;
  const converted = CONVERT[type](value);
  if (converted === undefined) throw new StudioError('node_failed', `The value of the parameter “${name}” is not ${EXPECTED[type]}.`, { place: field, remedy: 'Correct the value, or choose another type for it.' });
  return converted;
}
