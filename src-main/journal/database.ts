import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { StudioError } from '#shared/errors';
import { MIGRATIONS } from './migrations/index.ts';
import { makeFolder } from '../make-folder.ts';
import { folderError } from './folder-errors.ts';
import { speaking, sqliteCode } from './sqlite-errors.ts';

export type Database = Sqlite.Database;

/** "Mill" in the header of the file: tells a journal from any other SQLite database. */
const APPLICATION_ID = 0x4d696c6c;
/** How long a statement waits for another process, in milliseconds. */
const BUSY_MS = 5_000;

const number = (db: Database, pragma: string): number => Number(db.pragma(pragma, { simple: true }));

function refuse(path: string, version: number): never {
  throw new StudioError('unsupported', `The journal was written by a newer Millrace (its schema is ${version}, this one knows ${MIGRATIONS.length}).`, {
    place: path,
    remedy: 'Install the newer version, or choose another data folder.',
  });
}

function notAJournal(path: string): never {
  throw new StudioError('io', 'The file is an SQLite database, but not a journal of Millrace.', { place: path, remedy: 'Choose another data folder, or move the file away.' });
}

/** Brings the file to the newest schema, one transaction a migration; a second process that had the same idea waits and finds it done. */
function migrate(db: Database, path: string): void {
  const found = number(db, 'user_version');
  if (found > MIGRATIONS.length) refuse(path, found);
  const isNew = found === 0 && number(db, 'application_id') === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (!isNew && number(db, 'application_id') !== APPLICATION_ID) notAJournal(path);
  // Both must come before the first table is made; the first cannot be changed inside a transaction either.
  if (isNew) db.pragma('auto_vacuum = INCREMENTAL');
  if (db.pragma('journal_mode', { simple: true }) !== 'wal') db.pragma('journal_mode = WAL');
  if (found === MIGRATIONS.length) return;
  db.transaction(() => {
    for (const migration of MIGRATIONS.slice(number(db, 'user_version'))) db.exec(migration);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  }).immediate();
}

/**
 * A folder nobody may write to cannot hold the WAL's index. Then nobody is writing either, and all there is lies in the one file:
 * it is read into memory, with the two bytes of its header that ask for a WAL saying that it has none.
 */
function openCopy(path: string): Database {
  const bytes = readFileSync(path);
  bytes.fill(1, 18, 20);
  return new Sqlite(bytes, { readonly: true });
}

/**
 * Who only looks changes nothing, and a Millrace of before an update may still be writing: an older journal is brought to the newest schema
 * in memory, as it is at this moment. The next studio that opens it to write does so in the file.
 */
function newerCopy(db: Database, version: number): Database {
  const bytes = db.serialize();
  db.close();
  bytes.fill(1, 18, 20);
  const copy = new Sqlite(bytes);
  copy.transaction(() => {
    for (const migration of MIGRATIONS.slice(version)) copy.exec(migration);
  })();
  copy.pragma('query_only = ON');
  return copy;
}

function openToRead(path: string, busyMs: number): Database {
  if (!existsSync(path)) throw new StudioError('not_found', 'There is no journal here yet.', { place: path, remedy: 'Check the data folder, or run a workflow first.' });
  let db: Database;
  try {
    db = new Sqlite(path, { readonly: true, timeout: busyMs });
    db.prepare('SELECT 1 FROM sqlite_schema').get();
  } catch (thrown) {
    const wal = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (!/^SQLITE_(CANTOPEN|READONLY)/.test(sqliteCode(thrown)) || wal > 0) throw thrown;
    db = openCopy(path);
  }
  const version = number(db, 'user_version');
  if (number(db, 'application_id') !== APPLICATION_ID) notAJournal(path);
  if (version > MIGRATIONS.length) refuse(path, version);
  return version < MIGRATIONS.length ? newerCopy(db, version) : db;
}

/**
 * Opens (and, to write, creates and migrates) the journal's file: WAL, foreign keys on, incremental vacuum. Throws StudioError:
 * not_found, io (not a database, damaged, disk full), permission, read_only, unsupported (a newer schema).
 */
export function openDatabase(path: string, readOnly = false, busyMs = BUSY_MS): Database {
  return speaking(path, () => {
    if (existsSync(path) && statSync(path).isDirectory()) throw new StudioError('io', 'There is a folder where the journal should be.', { place: path, remedy: 'Move the folder away.' });
    if (readOnly) return openToRead(path, busyMs);
    try {
      makeFolder(dirname(path));
    } catch (thrown) {
      throw folderError(thrown, dirname(path));
    }
    const db = new Sqlite(path, { timeout: busyMs });
    try {
      migrate(db, path);
      db.pragma('foreign_keys = ON');
      db.pragma('synchronous = NORMAL');
      // A checkpoint waits for the disk twice: one for every 32 MB of new pages is often enough.
      db.pragma('wal_autocheckpoint = 8000');
    } catch (thrown) {
      db.close();
      throw thrown;
    }
    return db;
  });
}
