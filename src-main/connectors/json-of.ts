import { DuckDBBlobValue, DuckDBDecimalValue, DuckDBListValue, DuckDBArrayValue, DuckDBMapValue, DuckDBStructValue, DuckDBTimestampTZValue } from '@duckdb/node-api';
import type { Column } from '#shared/data';

/** A value of a batch as the text that a person would write: DuckDB's own for dates, decimals and intervals, Base64 for bytes, JSON for what is nested. */
export function textOfValue(value: unknown, type: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBDecimalValue) return String(value);
  return isNested(value) ? jsonOfValue(value, type) : String(value);
}

const isNested = (value: unknown): boolean => value instanceof DuckDBListValue || value instanceof DuckDBArrayValue || value instanceof DuckDBStructValue || value instanceof DuckDBMapValue;

/**
 * A value of a batch as JSON that loses nothing: whole numbers and decimals with all their digits, JSON as it is, bytes in Base64, dates as
 * DuckDB's text. What JSON has no number for (NaN, infinity) is null.
 */
export function jsonOfValue(value: unknown, type: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : 'null';
  if (value instanceof DuckDBDecimalValue) return String(value);
  if (typeof value === 'string') return type === 'JSON' ? value : JSON.stringify(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return `[${value.items.map((item) => jsonOfValue(item, '')).join(',')}]`;
  if (value instanceof DuckDBStructValue) return `{${Object.entries(value.entries).map(([name, item]) => `${JSON.stringify(name)}:${jsonOfValue(item, '')}`).join(',')}}`;
  if (value instanceof DuckDBMapValue) return `{${value.entries.map((entry) => `${JSON.stringify(textOfValue(entry.key, ''))}:${jsonOfValue(entry.value, '')}`).join(',')}}`;
  return JSON.stringify(textOfValue(value, type));
}

/** A row as one JSON object, its columns in their order. */
export const jsonOfRow = (columns: readonly Column[], row: readonly unknown[]): string =>
  `{${columns.map(({ name, type }, index) => `${JSON.stringify(name)}:${jsonOfValue(row[index], type)}`).join(',')}}`;
