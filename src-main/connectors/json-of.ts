import { DuckDBArrayValue, DuckDBBlobValue, DuckDBListValue, DuckDBMapValue, DuckDBStructValue } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { jsonText } from './sql/json-text.ts';

/** A value of a batch that is not NULL as the text that a person would write: DuckDB's own for dates and decimals, Base64 for bytes, JSON for what is nested. */
export function textOfValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  const nested = value instanceof DuckDBListValue || value instanceof DuckDBArrayValue || value instanceof DuckDBStructValue || value instanceof DuckDBMapValue;
  return nested ? jsonText(value) : String(value);
}

/** A value of a column of that type as JSON; what is JSON already stays as it is. */
export const jsonOfValue = (value: unknown, type: string): string => (type === 'JSON' && typeof value === 'string' ? value : jsonText(value));

/** A row as one JSON object, its columns in their order. */
export const jsonOfRow = (columns: readonly Column[], row: readonly unknown[]): string =>
  `{${columns.map(({ name, type }, index) => `${JSON.stringify(name)}:${jsonOfValue(row[index], type)}`).join(',')}}`;
