import { StudioError } from '#shared/errors';
import { noTable } from '../sql/failures.ts';

interface Saying {
  readonly code: StudioError['code'];
  readonly message: string;
  readonly remedy: string;
}

const say = (code: StudioError['code'], message: string, remedy: string): Saying => ({ code, message, remedy });

/** By SQLite's code; the longest that fits the beginning speaks. */
const SAYINGS: { readonly [code: string]: Saying } = {
  SQLITE_NOTADB: say('io', 'The file is not an SQLite database, or it is encrypted.', 'Choose another file.'),
  SQLITE_CORRUPT: say('io', 'The database’s file is damaged.', 'Restore it from a copy, or save what can be saved with “sqlite3 file .recover”.'),
  SQLITE_BUSY: say('conflict', 'The database is locked: another program is writing to it.', 'Try again when that program has finished.'),
  SQLITE_LOCKED: say('conflict', 'A table is locked by another connection.', 'Try again when it has finished.'),
  SQLITE_CANTOPEN: say('io', 'The database’s file can’t be opened.', 'Check that its folder exists, and that both may be read; a database in WAL mode also needs to make files beside it.'),
  SQLITE_READONLY: say('permission', 'The database may only be read: its file or folder is protected, or the disk is.', 'Check the permissions of the file and its folder.'),
  SQLITE_PERM: say('permission', 'The system refuses access to the database’s file.', 'Check the permissions of the file and its folder.'),
  SQLITE_FULL: say('io', 'The disk is full, or the database has reached its largest size.', 'Free some space. The transaction was undone: nothing of it is in the database.'),
  SQLITE_IOERR: say('io', 'The disk failed while the database was used.', 'Check the disk. A transaction that was under way is undone when the file is opened next.'),
  SQLITE_TOOBIG: say('node_failed', 'A text or a blob is longer than SQLite takes.', 'Shorten it before.'),
  SQLITE_NOMEM: say('node_failed', 'SQLite found no memory left.', 'Ask for fewer rows or columns.'),
  SQLITE_CONSTRAINT: say('node_failed', '', 'Correct the rows before they come here, or choose another mode.'),
};

const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '');

/** Did another connection hold the lock? Then it may be tried again. */
export const isBusy = (thrown: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(thrown));

const table = /^no such table: (?:\w+\.)?(.+)$/;

/** What SQLite threw, as a sentence with the file as its place. Errors that are ours already stay. `row`: which one it was about; `known`: the tables that are there. */
export function explain(thrown: unknown, path: string, { row, known }: { readonly row?: number; readonly known?: () => readonly string[] } = {}): unknown {
  const code = codeOf(thrown);
  if (!code.startsWith('SQLITE_') || !(thrown instanceof Error)) return thrown;
  const missing = table.exec(thrown.message)?.[1];
  if (missing !== undefined && known !== undefined) return noTable(path, missing, known());
  const saying = Object.entries(SAYINGS).find(([prefix]) => code.startsWith(prefix))?.[1];
  const at = row === undefined ? '' : `Row ${row.toLocaleString('en')}: `;
  const message = `${at}${saying === undefined || saying.message === '' ? `SQLite says: ${thrown.message}.` : saying.message}`;
  return new StudioError(saying?.code ?? 'node_failed', message, { place: path, remedy: saying?.remedy ?? 'Correct the query or the table’s name.', detail: `${code}: ${thrown.message}`, cause: thrown });
}
