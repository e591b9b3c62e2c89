import { closeSync, openSync, readSync } from 'node:fs';
import { StudioError } from '#shared/errors';

const HEAD = 512;

/** The first bytes of a file, and the last eight. */
function ends(path: string, bytes: number): { readonly head: Buffer; readonly tail: Buffer } {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(Math.min(HEAD, bytes));
    const tail = Buffer.alloc(Math.min(8, bytes));
    readSync(file, head, 0, head.length, 0);
    readSync(file, tail, 0, tail.length, Math.max(0, bytes - tail.length));
    return { head, tail };
  } finally {
    closeSync(file);
  }
}

const STARTS: readonly { readonly starts: string; readonly what: string; readonly node: string }[] = [
  { starts: 'PAR1', what: 'a Parquet file', node: 'Read Parquet' },
  { starts: 'PARE', what: 'an encrypted Parquet file', node: '' },
  { starts: 'ARROW1', what: 'an Arrow file', node: 'Read Arrow' },
  { starts: '\xff\xff\xff\xff', what: 'an Arrow stream', node: 'Read Arrow' },
  { starts: 'PK\x03\x04', what: 'a ZIP archive, as Excel’s files are', node: 'Read Excel' },
  { starts: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', what: 'a file of old Excel (.xls), or an Excel file locked with a password', node: '' },
  { starts: '\x1f\x8b', what: 'compressed with gzip', node: '' },
  { starts: '\x28\xb5\x2f\xfd', what: 'compressed with zstd', node: '' },
];

/** What a file looks like by its first bytes, where that can be told. */
export function looksLike(head: Buffer): { readonly what: string; readonly node: string } | null {
  const start = head.toString('latin1');
  const known = STARTS.find(({ starts }) => start.startsWith(starts));
  if (known !== undefined) return known;
  if (/^\s*[[{]/.test(start)) return { what: 'JSON', node: 'Read JSON' };
  return /^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(start) ? { what: 'text', node: 'CSV file' } : null;
}

const APPEARS = (found: ReturnType<typeof looksLike>): string => (found === null ? '' : ` It looks like ${found.what}.`);
const READ_WITH = (found: ReturnType<typeof looksLike>): string => (found === null || found.node === '' ? 'Check how the file was written.' : `Read it with the node “${found.node}”.`);

const wrong = (path: string, what: string, head: Buffer): StudioError => new StudioError('node_failed', `This is not ${what}.${APPEARS(looksLike(head))}`, { place: path, remedy: READ_WITH(looksLike(head)) });
const empty = (path: string, what: string): StudioError => new StudioError('node_failed', `The file is empty: ${what} has bytes even without rows.`, { place: path, remedy: 'Check how it was written.' });
const cut = (path: string): StudioError => new StudioError('node_failed', 'The file is cut off: its end is missing.', { place: path, remedy: 'Fetch or write it again; a copy of it may not have been finished.' });

/** Throws node_failed with what the file is instead, unless it is a whole Parquet file from the outside. */
export function checkParquet(path: string, bytes: number): void {
  if (bytes === 0) throw empty(path, 'a Parquet file');
  const { head, tail } = ends(path, bytes);
  const start = head.toString('latin1', 0, 4);
  if (start === 'PARE') throw new StudioError('unsupported', 'The file is encrypted.', { place: path, remedy: 'Write it without encryption.' });
  if (start !== 'PAR1') throw wrong(path, 'a Parquet file', head);
  if (bytes < 12 || tail.toString('latin1', tail.length - 4) !== 'PAR1') throw cut(path);
}

/** Which of Arrow's two forms a file has. Throws node_failed with what it is instead. */
export function checkArrow(path: string, bytes: number): 'file' | 'stream' {
  if (bytes === 0) throw empty(path, 'an Arrow file');
  const { head, tail } = ends(path, bytes);
  if (head.toString('latin1', 0, 6) === 'ARROW1') {
    if (tail.toString('latin1', tail.length - 6) !== 'ARROW1') throw cut(path);
    return 'file';
  }
  // Each message of a stream begins with this mark; before version 0.15 with its length.
  if (bytes >= 8 && head.readInt32LE(0) === -1) return 'stream';
  throw wrong(path, 'an Arrow file', head);
}

/** Throws unless the file may be a workbook: a ZIP archive. */
export function checkXlsx(path: string, bytes: number): void {
  if (bytes === 0) throw empty(path, 'an Excel file');
  const { head } = ends(path, bytes);
  if (head.toString('latin1', 0, 2) === 'PK') return;
  if (head.toString('latin1', 0, 8) === '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')
    throw new StudioError('unsupported', 'The file is locked with a password, or has the form of old Excel (.xls).', { place: path, remedy: 'Open it in Excel and save it as an Excel workbook (.xlsx) without a password.' });
  throw wrong(path, 'an Excel file (.xlsx)', head);
}
