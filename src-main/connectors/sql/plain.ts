import type { DuckDBBlobValue, DuckDBDateValue, DuckDBTimestampMillisecondsValue, DuckDBTimestampNanosecondsValue, DuckDBTimestampSecondsValue, DuckDBTimestampValue, DuckDBTimeValue } from '@duckdb/node-api';
import { jsonText } from './json-text.ts';
import { dayText, momentText, timeText } from './moments.ts';

/** What a column's values are once DuckDB's own classes are gone: what a database without lists, structs and wide integers can be given. */
export type PlainKind = 'boolean' | 'integer' | 'decimal' | 'float' | 'text' | 'json' | 'blob' | 'date' | 'time' | 'timestamp' | 'instant';
export type PlainValue = boolean | bigint | number | string | Uint8Array;

export interface Plain {
  readonly kind: PlainKind;
  /** Digits of a decimal or a whole number, and those after the point. */
  readonly width: number;
  readonly scale: number;
  /** Of a value that is not NULL. Null where it has no plain form: an infinite day, a year before 1 or after 9999. Instants are in UTC. */
  of(value: unknown): PlainValue | null;
}

const plain = (kind: PlainKind, of: Plain['of'], width = 0, scale = 0): Plain => ({ kind, of, width, scale });
const whole = (width: number): Plain => plain('integer', (value) => (typeof value === 'bigint' ? value : BigInt(value as number)), width);
const text = plain('text', (value) => (typeof value === 'string' ? value : (value as { toString(): string }).toString()));
const json = plain('json', (value) => (typeof value === 'string' ? value : jsonText(value)));
const float = plain('float', (value) => Number(value));
const micros = (value: unknown): bigint => (value as DuckDBTimestampValue).micros;

const NANOS = 1_000_000_000n;
/** Nanoseconds that microseconds can't say are written with nine digits: what can't hold them refuses the text. */
function nanosText(value: unknown): string | null {
  const { nanos } = value as DuckDBTimestampNanosecondsValue;
  if (nanos % 1000n === 0n) return momentText(nanos / 1000n);
  const part = ((nanos % NANOS) + NANOS) % NANOS;
  const seconds = momentText((nanos - part) / 1000n);
  return seconds === null ? null : `${seconds}.${String(part).padStart(9, '0')}`;
}

const KINDS: { readonly [type: string]: Plain } = {
  BOOLEAN: plain('boolean', (value) => value === true),
  TINYINT: whole(3), SMALLINT: whole(5), INTEGER: whole(10), BIGINT: whole(19), HUGEINT: whole(39),
  UTINYINT: whole(3), USMALLINT: whole(5), UINTEGER: whole(10), UBIGINT: whole(20), UHUGEINT: whole(39),
  FLOAT: float, DOUBLE: float, VARCHAR: text, JSON: json, UUID: text,
  BLOB: plain('blob', (value) => (value as DuckDBBlobValue).bytes),
  DATE: plain('date', (value) => dayText((value as DuckDBDateValue).days)),
  TIME: plain('time', (value) => timeText((value as DuckDBTimeValue).micros)),
  TIMESTAMP: plain('timestamp', (value) => momentText(micros(value))),
  TIMESTAMP_S: plain('timestamp', (value) => momentText((value as DuckDBTimestampSecondsValue).seconds * 1_000_000n)),
  TIMESTAMP_MS: plain('timestamp', (value) => momentText((value as DuckDBTimestampMillisecondsValue).millis * 1000n)),
  TIMESTAMP_NS: plain('timestamp', nanosText),
  'TIMESTAMP WITH TIME ZONE': plain('instant', (value) => momentText(micros(value))),
};

/** How the values of a column of that type are written plainly. Lists, structs and maps are JSON; what nothing else fits is DuckDB's own text. */
export function plainOf(type: string): Plain {
  const known = KINDS[type === 'TIMESTAMPTZ' ? 'TIMESTAMP WITH TIME ZONE' : type];
  if (known !== undefined) return known;
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type);
  if (decimal !== null) return plain('decimal', (value) => (value as { toString(): string }).toString(), Number(decimal[1]), Number(decimal[2]));
  return /\]$|^(STRUCT|MAP|UNION)\(|^VARIANT$/.test(type) ? json : text;
}
