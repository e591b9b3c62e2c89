import type { Column } from '#shared/data';
import type { Input, Write } from '../define.ts';
import { column, ident, isFloating, text } from '../sql.ts';
import { compressionOf, formatOf } from './target.ts';
import type { Config } from './target.ts';

/** The one text of a line: the chosen column, `value`, the only column, or all of them with tabs between. */
function line(columns: readonly Column[], chosen: string | undefined): string {
  if (chosen !== undefined) return ident(column(columns, chosen, 'column').name);
  const value = columns.find((one) => one.name.toLowerCase() === 'value') ?? (columns.length === 1 ? columns[0] : undefined);
  if (value !== undefined) return ident(value.name);
  return columns.map(({ name }) => `coalesce(CAST(${ident(name)} AS VARCHAR), '')`).join(" || '\t' || ");
}

/** JSON has no NaN and no infinity: they are written as the texts "nan", "inf" and "-inf", so that the file stays JSON. */
const jsonValue = ({ name, type }: Column): string =>
  isFloating(type) ? `CASE WHEN isfinite(${ident(name)}) OR ${ident(name)} IS NULL THEN to_json(${ident(name)}) ELSE to_json(CAST(${ident(name)} AS VARCHAR)) END AS ${ident(name)}` : ident(name);

/** Parquet has no 128-bit integer, and DuckDB would write a DOUBLE for it: a decimal of 38 digits keeps every one. */
const parquetValue = ({ name, type }: Column): string => (type === 'HUGEINT' || type === 'UHUGEINT' ? `CAST(${ident(name)} AS DECIMAL(38,0)) AS ${ident(name)}` : ident(name));

const listed = (columns: readonly Column[], value: (column: Column) => string): string => columns.map(value).join(', ');

/** The COPY that writes a file in one of DuckDB's own formats: with the header of a new one. */
export function copyOf(config: Config, { sql, columns }: Input, path: string): Write {
  const format = formatOf(config);
  const compression = compressionOf(config);
  const packed = compression === 'none' ? '' : `, COMPRESSION ${compression}`;
  const copy = (select: string, options: string): Write => ({ kind: 'copy', select: `SELECT ${select} FROM ${sql}`, path, options, append: config.append });
  if (format === 'csv') {
    const delimiter = config.delimiter === String.raw`\t` ? '\t' : config.delimiter;
    return copy('*', `FORMAT csv, HEADER ${String(config.header)}, DELIMITER ${text(delimiter)}${packed}`);
  }
  if (format === 'json') return copy(listed(columns, jsonValue), `FORMAT json, ARRAY true${packed}`);
  if (format === 'ndjson') return copy(listed(columns, jsonValue), `FORMAT json${packed}`);
  if (format === 'parquet') return copy(listed(columns, parquetValue), `FORMAT parquet, COMPRESSION ${compression === 'none' ? 'uncompressed' : compression}`);
  return copy(`${line(columns, config.column)} AS line`, `FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '', NULLSTR ''${packed}`);
}
