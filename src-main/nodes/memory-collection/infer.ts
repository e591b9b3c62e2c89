import { ident } from '../sql.ts';
import type { Value } from './parse.ts';

/** A type as DuckDB's from_json wants it: a name, a list of one, or an object of fields. */
export type Shape = string | readonly [Shape] | { readonly [field: string]: Shape };

/** The same type as DuckDB's SQL writes it. */
export function typeOf(shape: Shape): string {
  if (typeof shape === 'string') return shape;
  if (Array.isArray(shape)) return `${typeOf((shape as readonly [Shape])[0])}[]`;
  return `STRUCT(${Object.entries(shape).map(([name, one]) => `${ident(name)} ${typeOf(one)}`).join(', ')})`;
}

const SMALLEST = -(2n ** 63n);
const LARGEST = 2n ** 63n - 1n;

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
const isRecord = (value: Value): value is { readonly [key: string]: Value } => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of all records, in the order of their first appearance. */
export function keysOf(records: readonly { readonly [key: string]: Value }[]): readonly string[] {
  const keys = new Set<string>();
  for (const record of records) for (const key of Object.keys(record)) keys.add(key);
  return [...keys];
}

function scalar(value: Value): string {
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'bigint') return value >= SMALLEST && value <= LARGEST ? 'BIGINT' : 'HUGEINT';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'BIGINT' : 'DOUBLE';
  return 'VARCHAR';
}

/** The narrowest type that holds all values unchanged. Kinds that don't go together become text; nested ones JSON. */
export function shapeOf(values: readonly Value[]): Shape {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return 'VARCHAR';
  if (present.every(isList)) return [shapeOf(present.flat())];
  if (present.every(isRecord)) {
    const keys = keysOf(present);
    const folded = new Set(keys.map((key) => key.toLowerCase()));
    return keys.length === 0 || folded.size < keys.length ? 'JSON' : Object.fromEntries(keys.map((key) => [key, shapeOf(present.map((one) => one[key] ?? null))]));
  }
  if (present.some((value) => typeof value === 'object')) return 'JSON';
  const kinds = new Set(present.map(scalar));
  if (kinds.size === 1) return [...kinds][0] ?? 'VARCHAR';
  if ([...kinds].every((kind) => kind === 'BIGINT' || kind === 'HUGEINT')) return 'HUGEINT';
  if ([...kinds].every((kind) => kind === 'BIGINT' || kind === 'DOUBLE')) return 'DOUBLE';
  return 'VARCHAR';
}

const WHOLE = /^-?(0|[1-9]\d*)$/;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/;

/** JavaScript takes 31 February for 3 March; only a date that comes back as it was is one. */
function isDate(text: string): boolean {
  const at = new Date(text.length > 10 ? `${text.replace(' ', 'T')}Z` : text);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text.slice(0, 10));
}

const digits = (text: string): number => text.replace(/[eE].*$/, '').replace(/\D/g, '').replace(/^0+/, '').length;

/** The type of a CSV column from the texts in it. `007` stays text; numbers of more than 15 digits become DECIMAL, not DOUBLE. */
export function typeOfTexts(values: readonly (string | null)[]): string {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return 'VARCHAR';
  const all = (test: (text: string) => boolean): boolean => present.every(test);
  if (all((text) => /^(true|false)$/i.test(text))) return 'BOOLEAN';
  if (all((text) => WHOLE.test(text))) {
    const numbers = present.map((text) => BigInt(text));
    if (numbers.every((number) => number >= SMALLEST && number <= LARGEST)) return 'BIGINT';
    return all((text) => text.length <= 38) ? 'HUGEINT' : 'VARCHAR';
  }
  if (all((text) => NUMBER.test(text))) {
    if (all((text) => digits(text) <= 15)) return 'DOUBLE';
    const scale = Math.max(...present.map((text) => text.split('.')[1]?.length ?? 0));
    const whole = Math.max(...present.map((text) => (text.split('.')[0] ?? '').replace('-', '').length));
    return scale + whole <= 38 && all((text) => !/e/i.test(text)) ? `DECIMAL(38,${scale})` : 'VARCHAR';
  }
  if (all((text) => DATE.test(text) && isDate(text))) return 'DATE';
  if (all((text) => TIMESTAMP.test(text) && isDate(text))) return 'TIMESTAMP';
  return 'VARCHAR';
}
