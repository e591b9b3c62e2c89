import { failed } from '../sql.ts';

/** A value of a row; whole numbers that a JavaScript number can't hold are bigint. */
export type Value = null | boolean | number | bigint | string | readonly Value[] | { readonly [key: string]: Value };

const REMEDY = 'Give a list of objects, a list of values, or text in JSON or in CSV with a header line.';

function revive(_key: string, value: unknown, ...more: readonly { readonly source?: string }[]): unknown {
  const written = more[0]?.source;
  return typeof value === 'number' && written !== undefined && /^-?\d+$/.test(written) && !Number.isSafeInteger(value) ? BigInt(written) : value;
}

/** JSON.parse that keeps whole numbers of any length, by looking at their text; most texts have none, and looking is slow. */
const parseJson = (source: string): Value => (/(?<![.\d])\d{16,}(?![.\deE])/.test(source) ? JSON.parse(source, revive) : JSON.parse(source)) as Value;

/** CSV as RFC 4180 has it. Throws node_failed with the line when a quote is not closed. */
function parseCsv(source: string, delimiter: string): readonly (readonly (string | null)[])[] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  let at = 0;
  while (at < source.length) {
    let field: string | null;
    if (source[at] === '"') {
      let end = at + 1;
      while (end < source.length && !(source[end] === '"' && source[end + 1] !== '"')) end += source[end] === '"' ? 2 : 1;
      if (end >= source.length) throw failed('data', `Line ${source.slice(0, at).split('\n').length} opens a quote that is never closed.`, 'Close the quote, or write a quote inside a field twice.');
      field = source.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      const start = at;
      while (at < source.length && source[at] !== delimiter && source[at] !== '\n' && source[at] !== '\r') at += 1;
      field = at === start ? null : source.slice(start, at);
    }
    row.push(field);
    if (source[at] === delimiter) {
      at += 1;
      if (at === source.length) row.push(null);
      continue;
    }
    if (source[at] === '\r' && source[at + 1] === '\n') at += 1;
    at += 1;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows.filter((one) => one.length > 1 || one[0] !== null);
}

/** The sign among the usual four that the header line holds most often. */
function sniffed(header: string): string {
  const signs = [',', ';', '\t', '|'].map((sign) => ({ sign, times: header.split(sign).length }));
  return signs.toSorted((a, b) => b.times - a.times)[0]?.sign ?? ',';
}

function fromCsv(source: string): { readonly names: readonly string[]; readonly rows: readonly Value[] } {
  const [header = [], ...lines] = parseCsv(source, sniffed(source.split(/\r?\n/, 1)[0] ?? ''));
  const names = header.map((name, index) => name ?? `column${index + 1}`);
  const rows = lines.map((line, index) => {
    if (line.length !== names.length) throw failed('data', `Row ${index + 1} has ${line.length} fields, the header has ${names.length}.`, 'Quote fields that hold the delimiter, and give every row the same number of fields.');
    return Object.fromEntries(names.map((name, at) => [name, line[at] ?? null]));
  });
  return { names, rows };
}

/** What was typed or pasted, as rows. `texts` says that every value is still text (CSV), whose type is to be found. */
export interface Collection {
  readonly rows: readonly Value[];
  /** Columns in their order; only CSV knows them before its rows. */
  readonly names: readonly string[];
  readonly texts: boolean;
}

/** Reads any of the forms `data` may have. Throws node_failed naming the place in the text. */
export function collection(data: Value): Collection {
  if (Array.isArray(data)) return { rows: data as readonly Value[], names: [], texts: false };
  if (typeof data === 'string') {
    const source = data.replace(/^\uFEFF/, '').trim();
    if (source === '') return { rows: [], names: [], texts: false };
    if (!/^[[{]/.test(source)) return { ...fromCsv(source), texts: true };
    try {
      return collection(parseJson(source));
    } catch (error) {
      const lines = source.split(/\r?\n/).filter((line) => line.trim() !== '');
      if (lines.length > 1 && lines.every((line) => /^\s*\{.*\}\s*$/.test(line))) return { rows: lines.map(parseJson), names: [], texts: false };
      throw failed('data', 'The text starts like JSON but can’t be read as JSON.', REMEDY, error instanceof Error ? error.message : String(error));
    }
  }
  if (typeof data === 'object' && data !== null) return { rows: [data], names: [], texts: false };
  throw failed('data', 'The data is neither a list nor text.', REMEDY);
}
