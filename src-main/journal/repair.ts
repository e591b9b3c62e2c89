import { existsSync, rmSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { StudioError } from '#shared/errors';
import type { Database } from './database.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { isDamage } from './sqlite-errors.ts';
import { stepping } from './stepping.ts';

/** What only the file knows, and the whole number that counts its rows. The other tables are made from the events. */
const FACTS = [['events', 'position'], ['logs', 'rowid'], ['pruned', 'first']] as const;
/** Of these a few rows, read whole or not at all. */
const FEW = ['logs_dropped', 'chain'] as const;

const columnsOf = (db: Database, table: string): string[] => db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);

/** The greatest key; where the way there is damaged, as an index knows it; null where none does. */
function last(from: Database, table: string, key: string): number | null {
  const indices = from.prepare<[string], string>(`SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NULL AND tbl_name = ?`).pluck().all(table);
  for (const way of [`SELECT max(${key}) FROM ${table}`, ...indices.map((index) => `SELECT max(k) FROM (SELECT ${key} AS k FROM ${table} INDEXED BY ${index})`)]) {
    try {
      return from.prepare<[], number | null>(way).pluck().get() ?? 0;
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
    }
  }
  return null;
}

/** Copies what can be read of a table; whether that was all. */
function copyByKey(from: Database, to: Database, table: string, key: string): boolean {
  const columns = [...new Set([...(key === 'rowid' ? ['rowid'] : []), ...columnsOf(to, table)])];
  const read = from.prepare<[number, number], unknown[]>(`SELECT ${key}, ${columns.join(', ')} FROM ${table} WHERE ${key} >= ? ORDER BY ${key} LIMIT ?`).raw();
  const insert = to.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  const end = last(from, table, key);
  let whole = end !== null;
  for (const step of stepping(end ?? 0, (next, limit) => read.all(next, limit).map((row) => ({ position: Number(row[0]), values: row.slice(1) })))) {
    if ('rows' in step) for (const { values } of step.rows) insert.run(...values);
    else whole = false;
  }
  return whole;
}

function copyWhole(from: Database, to: Database, table: string): boolean {
  let rows: unknown[][];
  try {
    rows = from.prepare<[], unknown[]>(`SELECT * FROM ${table}`).raw().all();
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown;
    return false;
  }
  to.exec(`DELETE FROM ${table}`);
  for (const row of rows) to.prepare(`INSERT INTO ${table} VALUES (${row.map(() => '?').join(', ')})`).run(...row);
  return true;
}

/** Takes every table out of the schema. Their pages are not touched: DROP would have to read them. */
function forgetTables(db: Database): void {
  db.unsafeMode(true);
  try {
    db.pragma('writable_schema = ON');
    db.exec('DELETE FROM sqlite_schema');
    db.pragma('writable_schema = RESET');
  } finally {
    db.unsafeMode(false);
  }
}

const TABLES = [...FACTS.map(([table]) => table), ...FEW];
const asideOf = (path: string): string => `${path}.repaired`;
const drop = (path: string): void => ['', '-journal'].forEach((end) => rmSync(`${path}${end}`, { force: true }));

const countOf = (db: Database, table: string): number => db.prepare<[], number>(`SELECT count(*) FROM ${table} NOT INDEXED`).pluck().get() ?? 0;
const differs = (path: string): StudioError => new StudioError('internal', 'A repaired copy of the journal does not hold what could be read, and was not used.', { place: path });

/** Copies the facts into a file of their own, on the disk when this returns. The damaged file as it was is kept too, as `<path>.damaged`. */
function setAside(path: string): void {
  drop(asideOf(path));
  const from = new Sqlite(path, { readonly: true });
  // It holds what the journal does, and is for its owner alone whatever the folder is.
  writeFileSync(asideOf(path), '', { mode: 0o600 });
  const to = new Sqlite(asideOf(path));
  try {
    from.exec('BEGIN');
    to.exec('BEGIN');
    for (const migration of MIGRATIONS) to.exec(migration);
    const copied = [...FACTS.map(([table, key]) => copyByKey(from, to, table, key)), ...FEW.map((table) => copyWhole(from, to, table))];
    const kept = countOf(to, 'events');
    if (kept === 0 && !copied[0]) throw new StudioError('io', 'Nothing of the events can be read: the journal cannot be repaired.', { place: path, remedy: 'Restore a copy of the data folder.' });
    if (copied[0] && kept !== countOf(from, 'events')) throw differs(path);
    // By SQLite, with what its log held: opening the file by other means would let go of its locks.
    writeFileSync(`${path}.damaged`, from.serialize(), { mode: 0o600 });
    // Only a copy that is whole has a number.
    to.pragma(`user_version = ${MIGRATIONS.length}`);
    to.exec('COMMIT');
  } finally {
    from.close();
    to.close();
  }
}

/** The copy into the emptied file, in one durable transaction. */
function takeBack(db: Database, path: string): void {
  const before = Number(db.pragma('synchronous', { simple: true }));
  db.pragma('synchronous = FULL');
  db.prepare('ATTACH ? AS aside').run(asideOf(path));
  try {
    db.transaction(() => {
      for (const migration of MIGRATIONS) db.exec(migration);
      for (const table of TABLES) db.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM aside.${table}`);
      if (TABLES.some((table) => countOf(db, `main.${table}`) !== countOf(db, `aside.${table}`))) throw differs(path);
    }).immediate();
  } finally {
    db.exec('DETACH aside');
    db.pragma(`synchronous = ${before}`);
  }
}

/**
 * Makes a damaged file whole: every table and index anew, the facts copied as far as they can be read. What is made from the events is
 * empty afterwards, and is to be made again. Should the process be killed in the middle, the file is as it was, or goOnRepairing has
 * all it needs.
 */
export function repair(db: Database, path: string): void {
  setAside(path);
  forgetTables(db);
  // Rewrites the file, which has nothing in it now: a new table must not be where it would push a damaged page aside.
  db.exec('VACUUM');
  takeBack(db, path);
}

/** What is made from the events has been made again: the copy of the facts is no longer needed. */
export function endRepair(db: Database, path: string): void {
  db.pragma('wal_checkpoint(TRUNCATE)');
  drop(asideOf(path));
}

/** A copy without its number was cut off while it was made: then nothing else had been done. One that an older Millrace made is brought up to date. */
function isComplete(path: string): boolean {
  const copy = new Sqlite(path);
  try {
    const made = Number(copy.pragma('user_version', { simple: true }));
    if (made === 0) return false;
    copy.transaction(() => {
      for (const migration of MIGRATIONS.slice(made)) copy.exec(migration);
      copy.pragma(`user_version = ${MIGRATIONS.length}`);
    })();
    return true;
  } finally {
    copy.close();
  }
}

/** At opening: a repair that was cut off is taken up where the facts are out of the file. True where there was one, and all is to be made again. */
export function goOnRepairing(db: Database, path: string): boolean {
  if (!existsSync(asideOf(path))) return false;
  if (!isComplete(asideOf(path))) {
    drop(asideOf(path));
    return false;
  }
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'events'").get() === undefined) {
    // Opening it may have made the tables that are new since.
    forgetTables(db);
    db.exec('VACUUM');
    takeBack(db, path);
  }
  return true;
}
