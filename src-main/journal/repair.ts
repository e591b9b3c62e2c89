import { writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
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
  db.pragma('writable_schema = ON');
  db.exec(`DELETE FROM sqlite_schema`);
  db.pragma('writable_schema = RESET');
}

/** All in one transaction, read through a connection of its own, which goes on seeing the file as it was. */
function copy(db: Database, from: Database, path: string, remake: () => number): number {
  db.exec('BEGIN IMMEDIATE');
  try {
    from.exec('BEGIN');
    from.prepare('SELECT count(*) FROM sqlite_schema').get();
    forgetTables(db);
    for (const migration of MIGRATIONS) db.exec(migration);
    const copied = [...FACTS.map(([table, key]) => copyByKey(from, db, table, key)), ...FEW.map((table) => copyWhole(from, db, table))];
    const events = remake();
    // By SQLite, with what its log held: opening the file by other means would let go of its locks.
    if (copied.includes(false)) writeFileSync(`${path}.damaged`, from.serialize());
    db.exec('COMMIT');
    return events;
  } catch (thrown) {
    if (db.inTransaction) db.exec('ROLLBACK');
    db.pragma('writable_schema = RESET');
    throw thrown;
  }
}

/**
 * Makes a damaged file whole: every table and index anew, what is a fact copied as far as it can be read, what is made from the events
 * left to `remake`. The damaged pages go by rewriting the file. Where facts were lost, the file as it was is kept beside it, as
 * `<path>.damaged`. Answers how many events there are.
 */
export function repair(db: Database, path: string, remake: () => number): number {
  const from = new Sqlite(path, { readonly: true });
  try {
    db.unsafeMode(true);
    const events = copy(db, from, path, remake);
    from.close();
    db.exec('VACUUM');
    return events;
  } finally {
    from.close();
    db.unsafeMode(false);
  }
}
