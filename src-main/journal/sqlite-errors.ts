import { StudioError } from '#shared/errors';
import type { ErrorCode } from '#shared/errors';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
}

/** By the beginning of SQLite's own code: SQLITE_IOERR covers SQLITE_IOERR_WRITE. */
const MEANINGS: readonly (readonly [string, Meaning])[] = [
  ['SQLITE_NOTADB', { code: 'io', message: 'The file is not a journal: it is not an SQLite database.', remedy: 'Choose another data folder, or move the file away and start again.' }],
  ['SQLITE_CORRUPT', { code: 'io', message: 'The journal is damaged.', remedy: 'Close the studio. `millrace journal verify` says what was lost, `millrace journal export` saves what can be read, `millrace journal rebuild` repairs the rest.' }],
  ['SQLITE_FULL', { code: 'io', message: 'The disk is full: the journal could not be written, and nothing was half written.', remedy: 'Make room on the disk and try again.' }],
  ['SQLITE_READONLY', { code: 'read_only', message: 'The journal can be read but not written.', remedy: 'Give your user the right to write to the data folder, or choose another one.' }],
  ['SQLITE_CANTOPEN', { code: 'permission', message: 'The journal cannot be opened or created here.', remedy: 'Check that the data folder exists and that your user may write to it.' }],
  ['SQLITE_PERM', { code: 'permission', message: 'Your user may not open the journal.', remedy: 'Check the rights on the data folder.' }],
  ['SQLITE_BUSY', { code: 'timeout', message: 'Another process is holding the journal.', remedy: 'Close the other studio that uses this data folder, or try again.' }],
  ['SQLITE_LOCKED', { code: 'timeout', message: 'Another process is holding the journal.', remedy: 'Close the other studio that uses this data folder, or try again.' }],
  ['SQLITE_IOERR', { code: 'io', message: 'The disk refused to read or write the journal.', remedy: 'Check the disk and that it is not full.' }],
];

/** SQLite's own code of what was thrown, or '' when it is not from SQLite. Read from the property: it survives two copies of the package. */
export function sqliteCode(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}

/** A page of the file is not what it was. What does not need that page can still be read. */
export const isDamage = (thrown: unknown): boolean => sqliteCode(thrown).startsWith('SQLITE_CORRUPT');

/** As isDamage, or an event whose page is sound and whose type or data is not: it can't be read, counted or put into a row, and what does not need it can. */
export const isLoss = (thrown: unknown): boolean => ['', 'SQLITE_CORRUPT', 'SQLITE_CONSTRAINT'].includes(sqliteCode(thrown).split('_').slice(0, 2).join('_'));

/** What SQLite threw as a sentence a person can act on, with the journal's file as its place. Anything else passes as it is. */
export function fromSqlite(thrown: unknown, path: string): unknown {
  const code = sqliteCode(thrown);
  if (code === '') return thrown;
  const meaning = MEANINGS.find(([prefix]) => code.startsWith(prefix))?.[1];
  const detail = `${code}: ${(thrown as Error).message}`;
  if (meaning === undefined) {
    return new StudioError('io', `The journal could not be read or written: ${(thrown as Error).message}.`, { place: path, remedy: 'Restore a copy of the data folder, or choose another one with --data-dir.', detail, cause: thrown });
  }
  return new StudioError(meaning.code, meaning.message, { place: path, remedy: meaning.remedy, detail, cause: thrown });
}

/** Runs `work`; what SQLite throws comes out as StudioError. */
export function speaking<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw fromSqlite(thrown, path);
  }
}
