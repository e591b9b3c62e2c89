import { DuckDBArrayValue, DuckDBBlobValue, DuckDBDecimalValue, DuckDBListValue, DuckDBMapValue, DuckDBStructValue, DuckDBUnionValue } from '@duckdb/node-api';
import { Misfit } from './misfit.ts';

/** A value as JSON: numbers with all their digits, bytes in Base64, what JSON has no kind for as DuckDB's text. A map is an object where its keys are texts. */
export function jsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Misfit(`JSON has no number for ${value}.`, 'Replace it by NULL before this node.');
    return Object.is(value, -0) ? '-0.0' : String(value);
  }
  if (value instanceof DuckDBDecimalValue) return value.toString();
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return `[${value.items.map(jsonText).join(',')}]`;
  if (value instanceof DuckDBStructValue) return `{${Object.entries(value.entries).map(([name, item]) => `${JSON.stringify(name)}:${jsonText(item)}`).join(',')}}`;
  if (value instanceof DuckDBMapValue) return value.entries.every(({ key }) => typeof key === 'string') ? `{${value.entries.map(({ key, value: item }) => `${JSON.stringify(key)}:${jsonText(item)}`).join(',')}}` : `[${value.entries.map(({ key, value: item }) => `{"key":${jsonText(key)},"value":${jsonText(item)}}`).join(',')}]`;
  if (value instanceof DuckDBUnionValue) return jsonText(value.value);
  if (value instanceof DuckDBBlobValue) return JSON.stringify(Buffer.from(value.bytes).toString('base64'));
  return JSON.stringify((value as { toString(): string }).toString());
}
