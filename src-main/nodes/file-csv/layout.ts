import { closeSync, openSync, readSync } from 'node:fs';
import type { NodeContext } from '../define.ts';
import { text } from '../sql.ts';
import type { Found } from '../../connectors/files/behind.ts';

/** What looking at the head of a file tells: how it is cut into values, and the columns. */
export interface Layout {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly newLine: string | null;
  readonly comment: string;
  readonly dateFormat: string | null;
  readonly timestampFormat: string | null;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** False for a file with mixed line ends, which only the lenient reader takes. */
  readonly strict: boolean;
  /** Nothing follows the header: no value tells a column's type. */
  readonly empty: boolean;
  /** Bytes of a line on average, for telling how many rows are to be expected. */
  readonly bytesPerLine: number;
}

/** What the person has said about the file. */
export interface Wishes {
  readonly delimiter: string;
  readonly quote: string;
  readonly header: boolean;
  readonly nullValues: readonly string[];
  readonly native: string | null;
}

/** Rows that types are told from: what DuckDB itself looks at. */
const SAMPLE_ROWS = 20_480;
const HEAD_BYTES = 65_536;

const given = (value: unknown): string => (typeof value !== 'string' || value === '(empty)' ? '' : value);
const orNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function bytesPerLine(path: string): number {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    const read = readSync(file, head, 0, HEAD_BYTES, 0);
    let lines = 0;
    for (let at = 0; at < read; at += 1) if (head[at] === 10) lines += 1;
    return lines === 0 ? Math.max(1, read) : read / lines;
  } finally {
    closeSync(file);
  }
}

/** Is there nothing behind the first line? A quoted name may go over several; such a file is taken for one with rows. */
function isHeaderAlone(path: string, wishes: Wishes): boolean {
  if (!wishes.header) return false;
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    const read = readSync(file, head, 0, HEAD_BYTES, 0);
    if (read === HEAD_BYTES) return false;
    const end = head.subarray(0, read).indexOf(10);
    return head.subarray(end === -1 ? read : end, read).every((byte) => byte === 10 || byte === 13 || byte === 0);
  } finally {
    closeSync(file);
  }
}

/** Options of read_csv and sniff_csv that say what the person said. */
export function wishOptions(wishes: Wishes): readonly string[] {
  return [
    ...(wishes.delimiter === '' ? [] : [`delim = ${text(wishes.delimiter)}`]),
    ...(wishes.quote === '"' ? [] : [`quote = ${text(wishes.quote)}`]),
    ...(wishes.native === null ? [] : [`encoding = ${text(wishes.native)}`]),
    `header = ${wishes.header}`,
    `nullstr = [${['', ...wishes.nullValues].map(text).join(', ')}]`,
  ];
}

/** Looks at the head of a file, once as long as it stays the same. */
export function layoutOf(file: Found, wishes: Wishes, context: NodeContext): Promise<Layout> {
  const options = wishOptions(wishes);
  return context.remember(`csv layout ${file.path} ${options.join()}`, file.stamp, async () => {
    // Bad lines must not mislead the guess, and no line may be silently skipped in search of a header.
    const sniff = async (more: string): Promise<Record<string, unknown> | undefined> =>
      (await context.query(`SELECT *, CAST(to_json("Columns") AS VARCHAR) AS columns_json FROM sniff_csv(${text(file.path)}, sample_size = ${SAMPLE_ROWS}, skip = 0, ignore_errors = true, ${options.join(', ')}${more})`))[0];
    let strict = true;
    const row = await sniff('').catch(async (error: unknown) => {
      strict = false;
      return sniff(', strict_mode = false').catch(() => Promise.reject(error));
    });
    const newLine = given(row?.['NewLineDelimiter']);
    const columns = JSON.parse(given(row?.['columns_json']) || '[]') as Layout['columns'];
    const empty = columns.every(({ type }) => type === 'VARCHAR') && isHeaderAlone(file.path, wishes);
    return {
      delimiter: given(row?.['Delimiter']) || wishes.delimiter || ',',
      // No quote among the first rows does not mean that none follows.
      quote: wishes.quote === '"' ? given(row?.['Quote']) || '"' : wishes.quote,
      escape: given(row?.['Escape']) || (wishes.quote === '"' ? given(row?.['Quote']) || '"' : wishes.quote),
      strict,
      newLine: strict && ['\\n', '\\r\\n', '\\r'].includes(newLine) ? newLine : null,
            comment: given(row?.['Comment']),
      dateFormat: orNull(row?.['DateFormat']),
      timestampFormat: orNull(row?.['TimestampFormat']),
      columns,
      empty,
      bytesPerLine: bytesPerLine(file.path),
    };
  });
}

const RANK = ['BOOLEAN', 'BIGINT', 'DOUBLE'];
function wider(a: string, b: string): string {
  if (a === b) return a;
  const both = [a, b].toSorted();
  if (both[0] === 'DATE' && both[1] === 'TIMESTAMP') return 'TIMESTAMP';
  return RANK.includes(a) && RANK.includes(b) && a !== 'BOOLEAN' && b !== 'BOOLEAN' ? 'DOUBLE' : 'VARCHAR';
}

/** Types that hold every file's values, by name of column; a file without rows has no say. */
export function widestTypes(layouts: readonly Layout[]): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  const telling = layouts.filter((layout) => !layout.empty);
  for (const layout of telling) for (const { name, type } of layout.columns) types.set(name, wider(types.get(name) ?? type, type));
  return types;
}
