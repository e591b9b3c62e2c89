import { DuckDBBlobValue, DuckDBDateValue, DuckDBDecimalValue, DuckDBTimestampTZValue, DuckDBTimestampValue, DuckDBTimeValue, DuckDBUUIDValue } from '@duckdb/node-api';
import { parseDay, parseMoment, parseTime } from '../sql/moments.ts';

/** What SQLite gives for a value that is not NULL, whole numbers as bigint. */
export type Stored = bigint | number | string | Uint8Array;

/** Of a declared type: the type of its values here; null where the declaration says nothing of them. */
const RULES: readonly (readonly [RegExp, string | null])[] = [
  [/^BOOL/, 'BOOLEAN'],
  [/^INTERVAL/, 'VARCHAR'],
  [/^(TIMESTAMPTZ|TIMESTAMP WITH TIME ZONE)/, 'TIMESTAMP WITH TIME ZONE'],
  [/^(DATETIME|TIMESTAMP)/, 'TIMESTAMP'],
  [/^DATE/, 'DATE'],
  [/^TIME/, 'TIME'],
  [/^JSON/, 'JSON'],
  [/^(UUID|GUID)/, 'UUID'],
  [/INT/, 'BIGINT'],
  [/CHAR|CLOB|TEXT|STRING/, 'VARCHAR'],
  [/BLOB|BINARY|BYTEA/, 'BLOB'],
  [/^FLOAT4/, 'FLOAT'],
  [/REAL|FLOA|DOUB/, 'DOUBLE'],
];

/**
 * The rule that is documented: a column's declared type says the type of its values, read as SQLite reads it (anything with INT in it is a
 * whole number …) and a little further: BOOLEAN, DATE, TIME, DATETIME and TIMESTAMP (ISO texts), TIMESTAMPTZ, JSON, UUID, DECIMAL(18,4).
 * Null for an expression, for NUMERIC and for what says nothing: there the first rows tell.
 */
export function typeOfDeclared(declared: string | null): string | null {
  const name = (declared ?? '').trim().toUpperCase();
  const decimal = /^(?:DECIMAL|NUMERIC|DEC)\w*\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(name);
  if (decimal !== null) {
    const [width, scale] = [Number(decimal[1]), Number(decimal[2] ?? 0)];
    return width >= 1 && width <= 38 && scale <= width ? `DECIMAL(${width},${scale})` : 'VARCHAR';
  }
  return RULES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** The type that the values seen so far have in common: whole numbers among others become DOUBLE; of what has nothing in common, text. */
export function typeOfSeen(values: readonly (Stored | null)[]): string {
  const seen = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (seen.size === 1) return { bigint: 'BIGINT', number: 'DOUBLE', string: 'VARCHAR', object: 'BLOB' }[[...seen][0] as 'bigint'] ?? 'VARCHAR';
  return seen.size === 2 && seen.has('bigint') && seen.has('number') ? 'DOUBLE' : 'VARCHAR';
}

/** What is wanted of a value; undefined where it contradicts its column's type. */
export type Decode = (value: Stored) => unknown;

const word = (of: (text: string) => unknown): Decode => (value) => (typeof value === 'string' ? of(value) : undefined);
const orNone = <T>(value: T | null, make: (value: T) => unknown): unknown => (value === null ? undefined : make(value));

const DECODES: { readonly [type: string]: Decode } = {
  BOOLEAN: (value) => (value === 1n ? true : value === 0n ? false : undefined),
  BIGINT: (value) => (typeof value === 'bigint' ? value : undefined),
  // A whole number that a DOUBLE can't say exactly is not one.
  DOUBLE: (value) => (typeof value === 'number' ? value : typeof value === 'bigint' && BigInt(Number(value)) === value ? Number(value) : undefined),
  FLOAT: (value) => (typeof value === 'number' && (Math.fround(value) === value || Number.isNaN(value)) ? value : undefined),
  VARCHAR: (value) => (typeof value === 'string' ? value : value instanceof Uint8Array ? undefined : String(value)),
  JSON: (value) => (value instanceof Uint8Array ? undefined : String(value)),
  BLOB: (value) => (value instanceof Uint8Array ? new DuckDBBlobValue(value) : typeof value === 'string' ? new DuckDBBlobValue(Buffer.from(value, 'utf8')) : undefined),
  DATE: word((text) => orNone(parseDay(text.replace(/[ T]00:00(:00(\.0+)?)?$/, '')), (days) => new DuckDBDateValue(days))),
  TIME: word((text) => orNone(parseTime(text), (micros) => new DuckDBTimeValue(micros))),
  TIMESTAMP: word((text) => orNone(parseMoment(text), (micros) => new DuckDBTimestampValue(micros))),
  'TIMESTAMP WITH TIME ZONE': word((text) => orNone(parseMoment(text), (micros) => new DuckDBTimestampTZValue(micros))),
  UUID: word((text) => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? DuckDBUUIDValue.fromUint128(BigInt(`0x${text.replaceAll('-', '')}`)) : undefined)),
};

/** `1.5e-7` without its exponent. */
function unfolded(text: string): string {
  const found = /^([+-]?)(\d*)\.?(\d*)[eE]([+-]?\d{1,3})$/.exec(text);
  if (found === null) return text;
  const [, sign = '', before = '', after = ''] = found;
  const point = before.length + Number(found[4]);
  const digits = point < 0 ? `${'0'.repeat(-point)}${before}${after}` : `${before}${after}`.padEnd(point, '0');
  return `${sign}${digits.slice(0, Math.max(point, 0))}.${digits.slice(Math.max(point, 0))}`;
}

/** Digits as they are written: a REAL's shortest ones, which are those that were put in. */
function decimalDecode(width: number, scale: number): Decode {
  return (value) => {
    if (value instanceof Uint8Array) return undefined;
    const found = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(unfolded(String(value)));
    if (found === null || `${found[2] ?? ''}${found[3] ?? ''}` === '') return undefined;
    const fraction = (found[3] ?? '').replace(/0+$/, '');
    if (fraction.length > scale) return undefined;
    const digits = `${found[2] ?? ''}${fraction.padEnd(scale, '0')}`.replace(/^0+/, '');
    if (digits.length > width) return undefined;
    const all = BigInt(digits === '' ? '0' : digits);
    return new DuckDBDecimalValue(found[1] === '-' ? -all : all, width, scale);
  };
}

/** How the values of a column of that type are made. */
export function decodeOf(type: string): Decode {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal !== null) return decimalDecode(Number(decimal[1]), Number(decimal[2]));
  return DECODES[type] ?? String;
}
