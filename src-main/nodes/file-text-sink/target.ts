import { extname } from 'node:path';
import { unknownWords } from '../../connectors/files/placed.ts';

export type Format = 'text' | 'csv' | 'json' | 'ndjson' | 'parquet' | 'arrow' | 'xlsx';
export type Compression = 'none' | 'gzip' | 'zstd';

export interface Config {
  readonly path: string;
  readonly format: 'auto' | Format;
  readonly append: boolean;
  readonly column?: string;
  readonly header: boolean;
  readonly delimiter: string;
  readonly compression: 'auto' | Compression;
}

const BY_ENDING: Readonly<Record<string, Format>> = { '.csv': 'csv', '.json': 'json', '.ndjson': 'ndjson', '.jsonl': 'ndjson', '.parquet': 'parquet', '.arrow': 'arrow', '.feather': 'arrow', '.xlsx': 'xlsx' };
const PACKED: Readonly<Record<string, Compression>> = { '.gz': 'gzip', '.zst': 'zstd' };

/** The format meant: the one named, or what the path's ending says (before .gz or .zst). */
export function formatOf({ format, path }: Pick<Config, 'format' | 'path'>): Format {
  if (format !== 'auto') return format;
  const ending = extname(path).toLowerCase();
  return BY_ENDING[ending in PACKED ? extname(path.slice(0, -ending.length)).toLowerCase() : ending] ?? 'text';
}

/** The compression meant. Parquet compresses inside the file, so it has zstd unless told otherwise. */
export function compressionOf(config: Config): Compression {
  if (config.compression !== 'auto') return config.compression;
  if (formatOf(config) === 'parquet') return 'zstd';
  return PACKED[extname(config.path).toLowerCase()] ?? 'none';
}

interface Problem {
  readonly field: string;
  readonly message: string;
  readonly remedy: string;
}

/** What does not go together, field by field. */
export function problemsOf(config: Config): readonly Problem[] {
  const format = formatOf(config);
  return [
    ...unknownWords(config.path),
    ...(config.append && !['text', 'csv', 'ndjson'].includes(format) ? [{ field: 'append', message: `Nothing can be appended to a ${format} file.`, remedy: 'Use text, CSV or JSON lines, or put {runId} into the path to write a new file each time.' }] : []),
    ...((format === 'arrow' || format === 'xlsx') && compressionOf(config) !== 'none' ? [{ field: 'compression', message: `A file of the format ${format} is not compressed as a whole.`, remedy: 'Choose “None”.' }] : []),
    ...(/[\r\n"]/.test(config.delimiter) ? [{ field: 'delimiter', message: 'The delimiter can’t be a quote or a line end.', remedy: 'Use a comma, a semicolon, a tab (\\t) or another sign.' }] : []),
  ];
}
