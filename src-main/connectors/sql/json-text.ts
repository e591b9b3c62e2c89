import {
  DuckDBArrayValue, DuckDBBlobValue, DuckDBDecimalValue, DuckDBListValue, DuckDBMapValue, DuckDBStructValue, DuckDBUnionValue, DuckDBVariantValue,
} from '@duckdb/node-api';

/** Numbers that JSON has no word for are texts. */
const numberText = (value: number): string => (Number.isFinite(value) ? (Object.is(value, -0) ? '-0.0' : String(value)) : JSON.stringify(String(value)));

/**
 * A value of DuckDB's, nested or not, as one JSON text. Whole numbers and decimals keep all their digits, bytes are Base64, dates and other
 * scalars their own text; a map is an object where its keys are texts or numbers, else a list of pairs.
 */
export function jsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return `[${value.items.map(jsonText).join(',')}]`;
  if (value instanceof DuckDBStructValue) return `{${Object.entries(value.entries).map(([name, item]) => `${JSON.stringify(name)}:${jsonText(item)}`).join(',')}}`;
  if (value instanceof DuckDBMapValue) {
    const plain = value.entries.every(({ key }) => ['string', 'number', 'bigint', 'boolean'].includes(typeof key));
    if (plain) return `{${value.entries.map(({ key, value: item }) => `${JSON.stringify(String(key))}:${jsonText(item)}`).join(',')}}`;
    return `[${value.entries.map(({ key, value: item }) => `[${jsonText(key)},${jsonText(item)}]`).join(',')}]`;
  }
  if (value instanceof DuckDBUnionValue || value instanceof DuckDBVariantValue) return jsonText(value.value);
  if (value instanceof DuckDBDecimalValue) return value.toString();
  if (value instanceof DuckDBBlobValue) return JSON.stringify(Buffer.from(value.bytes).toString('base64'));
  return JSON.stringify((value as { toString(): string }).toString());
}
