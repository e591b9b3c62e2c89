import { DuckDBBlobValue } from '@duckdb/node-api';
import { StudioError } from '#shared/errors';
import { mediaType, textOf } from './body.ts';
import { csvRecords } from './csv.ts';
import { at, isRecord, parseExact } from './json.ts';
import type { JsonPath, JsonValue } from './json.ts';
import type { JsonRow } from './shape.ts';

export type Format = 'json' | 'ndjson' | 'csv' | 'lines' | 'text' | 'binary';

/** What an answer holds. */
export interface Page {
  readonly rows: readonly JsonRow[];
  /** Are the values texts that stand for something else, as in CSV? */
  readonly texts: boolean;
  /** Of JSON: the whole, in which the address of the next page may be. */
  readonly document: JsonValue | undefined;
}

export interface PageOptions {
  readonly format: Format | 'auto';
  /** Where the rows are in a JSON answer. */
  readonly rows: JsonPath;
  readonly charset: string;
}

interface Answered {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly place: string;
}

/** The format that the header names. Where rows are looked for at a place, it is JSON, whatever a careless service says. */
function formatOf({ format, rows }: PageOptions, headers: Readonly<Record<string, string>>): Format {
  if (format !== 'auto') return format;
  const type = mediaType(headers);
  if (rows.length > 0) return 'json';
  if (/^application\/(x-)?(ndjson|jsonl|json-?lines|json-seq)$|^text\/(x-)?ndjson$/.test(type)) return 'ndjson';
  if (/^(application|text)\/([\w.-]+\+)?json$/.test(type)) return 'json';
  if (/^(text|application)\/csv$/.test(type)) return 'csv';
  return type === '' || type.startsWith('text/') || /^application\/([\w.-]+\+)?(xml|yaml|javascript)$/.test(type) ? 'text' : 'binary';
}

function document(text: string, place: string): JsonValue {
  try {
    return parseExact(text);
  } catch (cause) {
    throw new StudioError('node_failed', `The answer of ${place} is not JSON.`, { place: 'format', remedy: 'Choose another format; take it as text to see it.', detail: cause instanceof Error ? cause.message : String(cause) });
  }
}

/** What a JSON text sequence (RFC 7464) puts before each value. */
const RECORD = '\u001e';

const asRow = (value: JsonValue): JsonRow => (isRecord(value) ? value : { value });

function rowsAt(whole: JsonValue, path: JsonPath, place: string): readonly JsonRow[] {
  const found = at(whole, path);
  if (found === undefined) {
    const keys = isRecord(whole) ? Object.keys(whole).slice(0, 20).join(', ') : '';
    throw new StudioError('node_failed', `The answer of ${place} has nothing at ${['$', ...path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))].join('')}.`, { place: 'rows', remedy: keys === '' ? 'Leave the place empty where the answer itself is the list.' : `The answer has: ${keys}.` });
  }
  if (found === null) return [];
  return Array.isArray(found) ? (found as readonly JsonValue[]).map(asRow) : [asRow(found)];
}

const given = (rows: readonly JsonRow[], texts = false): Page => ({ rows, texts, document: undefined });

/** The rows of an answer. Throws node_failed where it is not what the format says. */
export function pageOf(answer: Answered, options: PageOptions): Page {
  const { headers, body, place } = answer;
  const kind = formatOf(options, headers);
  if (kind === 'binary') return given([{ value: new DuckDBBlobValue(body) as unknown as JsonValue }]);
  const text = textOf(body, headers, options.charset);
  if (kind === 'text') return given([{ value: text }]);
  if (kind === 'csv') return given([...csvRecords(text)], true);
  const lines = (): readonly string[] => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/));
  if (kind === 'lines') return given(lines().map((value) => ({ value })));
  if (kind === 'ndjson') return given(lines().flatMap((line) => (line.trim() === '' ? [] : [asRow(document(line.startsWith(RECORD) ? line.slice(1) : line, place))])));
  if (text.trim() === '') return given([]);
  const whole = document(text, place);
  return { rows: rowsAt(whole, options.rows, place), texts: false, document: whole };
}
