import type { DuckDBArrayValue, DuckDBBlobValue, DuckDBDateValue, DuckDBDecimalValue, DuckDBIntervalValue, DuckDBListValue, DuckDBTimestampNanosecondsValue, DuckDBTimestampValue, DuckDBTimeTZValue } from '@duckdb/node-api';
import { elementOf, isRecord } from './column-types.ts';
import { jsonText } from './encode-json.ts';
import { dateText, microsOf, timestampText, timeText, timeTzText } from './encode-times.ts';
import { Misfit } from './misfit.ts';

/** A value that is not NULL as PostgreSQL reads it. */
export type Encode = (value: unknown) => string;

const two = (value: bigint): string => String(value).padStart(2, '0');

/** `-12.50` of a DECIMAL. */
const decimalText: Encode = (decimal) => {
  const { value, scale } = decimal as DuckDBDecimalValue;
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};

const intervalText: Encode = (interval) => {
  const { months, days, micros } = interval as DuckDBIntervalValue;
  const far = micros < 0n ? -micros : micros;
  return `${months} mons ${days} days ${micros < 0n ? '-' : ''}${far / 3_600_000_000n}:${two((far / 60_000_000n) % 60n)}:${two((far / 1_000_000n) % 60n)}.${String(far % 1_000_000n).padStart(6, '0')}`;
};

const same: Encode = (value) => value as string;
const plain: Encode = (value) => `${value as number}`;
const floating: Encode = (value) => (Object.is(value, -0) ? '-0' : `${value as number}`);
const own: Encode = (value) => (value as { toString(): string }).toString();
const nanos: Encode = (value) => {
  const { nanos: exact } = value as DuckDBTimestampNanosecondsValue;
  return timestampText(exact === 9_223_372_036_854_775_807n || exact === -9_223_372_036_854_775_807n ? exact : microsOf(exact), '');
};
/** DuckDB's coarser times, as microseconds; their infinities are the same number. */
const scaled = (name: 'seconds' | 'milliseconds', factor: bigint): Encode => (value) => {
  const exact = (value as Readonly<Record<string, bigint>>)[name] ?? 0n;
  return timestampText(exact === 9_223_372_036_854_775_807n || exact === -9_223_372_036_854_775_807n ? exact : exact * factor, '');
};

/** By DuckDB's type: what is not here says itself what its text is. */
const SCALARS: Readonly<Record<string, Encode>> = {
  VARCHAR: same, JSON: same,
  TINYINT: plain, SMALLINT: plain, INTEGER: plain, BIGINT: plain, UTINYINT: plain, USMALLINT: plain, UINTEGER: plain, UBIGINT: plain, HUGEINT: plain, UHUGEINT: plain, BIGNUM: plain, BOOLEAN: plain,
  FLOAT: floating, DOUBLE: floating,
  DATE: (value) => dateText((value as DuckDBDateValue).days),
  TIME: (value) => timeText((value as { readonly micros: bigint }).micros),
  TIME_NS: (value) => timeText(microsOf((value as { readonly nanos: bigint }).nanos)),
  'TIME WITH TIME ZONE': (value) => timeTzText((value as DuckDBTimeTZValue).micros, (value as DuckDBTimeTZValue).offset),
  TIMESTAMP: (value) => timestampText((value as DuckDBTimestampValue).micros, ''),
  'TIMESTAMP WITH TIME ZONE': (value) => timestampText((value as DuckDBTimestampValue).micros, '+00'),
  TIMESTAMP_S: scaled('seconds', 1_000_000n), TIMESTAMP_MS: scaled('milliseconds', 1000n), TIMESTAMP_NS: nanos,
  INTERVAL: intervalText,
};

/** The text of one value of a DuckDB type, whatever column it goes to. */
export function textOf(type: string): Encode {
  if (type.startsWith('DECIMAL(')) return decimalText;
  return SCALARS[type] ?? (isRecord(elementOf(type).element) ? jsonText : own);
}

/** Bytes as bytea's hex; a text as its UTF-8. */
export const hexText: Encode = (value) => `\\x${(typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from((value as DuckDBBlobValue).bytes)).toString('hex')}`;

/** A list as an array's text. PostgreSQL's arrays are boxes: their inner lists are neither NULL nor empty, and all of one length. */
export function arrayText(element: Encode, depth: number): Encode {
  const level = (items: readonly unknown[], left: number): string =>
    `{${items
      .map((item) => {
        if (left > 1) {
          const inner = item === null ? null : (item as DuckDBListValue | DuckDBArrayValue).items;
          if (inner === null || inner.length === 0) throw new Misfit(`a list within the list is ${inner === null ? 'NULL' : 'empty'}, which an array of PostgreSQL can’t hold.`, 'Write the column to one of type jsonb.');
          return level(inner, left - 1);
        }
        return item === null ? 'NULL' : `"${element(item).replaceAll(/["\\]/g, '\\$&')}"`;
      })
      .join(',')}}`;
  return (value) => level((value as DuckDBListValue | DuckDBArrayValue).items, depth);
}

const SPECIAL = /[\\\n\r\t\0]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text within a line of COPY. */
export function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text;
  if (text.includes('\0')) throw new Misfit('the text holds the character NUL, which PostgreSQL can’t keep.', "Remove it before this node: replace(column, chr(0), '').");
  return text.replaceAll(/[\\\n\r\t]/g, (sign) => ESCAPES[sign] ?? sign);
}
