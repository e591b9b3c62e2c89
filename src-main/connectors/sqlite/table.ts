import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { matchColumns, matchKeys, noTable } from '../sql/failures.ts';
import { plainOf } from '../sql/plain.ts';
import type { SqlWrite } from '../sql/driver.ts';
import { tableParts } from '../sql/table-name.ts';
import type { Db } from './open.ts';
import { declarationOf, storeOf } from './store.ts';
import type { Store } from './store.ts';

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A table that rows are about to go into. */
export interface Target {
  /** Quoted, with its schema. */
  readonly name: string;
  readonly created: boolean;
  /** By column of the rows. */
  readonly stores: readonly Store[];
  /** Positions of the upsert's keys among the columns of the rows. */
  readonly keys: readonly number[];
  /** One row's statement, its values bound. */
  readonly insert: string;
}

interface Info {
  readonly name: string;
  readonly type: string;
  readonly hidden: number;
}

/** The tables of a database, for those who meant one of them. */
export const tablesOf = (db: Db): readonly string[] => db.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY name`).pluck().all();

function makeTable(db: Db, name: string, columns: readonly Column[], keys: readonly number[]): void {
  const parts = columns.map((column, index) => `${quote(column.name)} ${declarationOf(column.type, plainOf(column.type))}${keys.includes(index) ? ' NOT NULL' : ''}`);
  if (keys.length > 0) parts.push(`PRIMARY KEY (${keys.map((key) => quote(columns[key]?.name ?? '')).join(', ')})`);
  db.exec(`CREATE TABLE ${name} (${parts.join(', ')})`);
}

/** Does a unique key cover exactly these columns? Then SQLite can tell by it whether a row is there. */
function isUnique(db: Db, schema: string, table: string, names: readonly string[]): boolean {
  const wanted = names.map((name) => name.toLowerCase()).toSorted().join('\n');
  const same = (found: readonly (string | null)[]): boolean => !found.includes(null) && found.map((name) => (name ?? '').toLowerCase()).toSorted().join('\n') === wanted;
  const primary = db.prepare<[string, string], { name: string }>('SELECT name FROM pragma_table_info(?, ?) WHERE pk > 0').all(table, schema);
  if (primary.length > 0 && same(primary.map(({ name }) => name))) return true;
  const indexes = db.prepare<[string, string], { name: string }>('SELECT name FROM pragma_index_list(?, ?) WHERE "unique" = 1 AND partial = 0').all(table, schema);
  return indexes.some(({ name }) => same(db.prepare<[string, string], { name: string | null }>('SELECT name FROM pragma_index_info(?, ?)').all(name, schema).map((one) => one.name)));
}

function insertText(name: string, target: readonly { readonly name: string }[], mode: SqlWrite['mode'], keys: readonly number[]): string {
  const names = target.map((column) => quote(column.name));
  const insert = `INSERT INTO ${name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  if (mode !== 'upsert') return insert;
  const sets = names.flatMap((column, index) => (keys.includes(index) ? [] : [`${column} = excluded.${column}`]));
  return `${insert} ON CONFLICT (${keys.map((key) => names[key] ?? '').join(', ')}) DO ${sets.length === 0 ? 'NOTHING' : `UPDATE SET ${sets.join(', ')}`}`;
}

/** Finds the table or makes it, within the transaction that is open. Throws node_failed for what does not go together. */
export function openTarget(db: Db, request: SqlWrite, columns: readonly Column[], path: string): Target {
  const parts = tableParts(request.table);
  const [table = '', schema = 'main'] = parts.toReversed();
  if (parts.length > 2 || !db.prepare<[string]>('SELECT 1 FROM pragma_database_list WHERE lower(name) = lower(?)').get(schema))
    throw new StudioError('node_failed', `SQLite knows no schema “${parts.slice(0, -1).join('.')}”.`, { place: 'table', remedy: 'Write the table’s name alone, or main.table.' });
  const place = `${path}, ${table}`;
  const name = `${quote(schema)}.${quote(table)}`;
  const keys = request.mode === 'upsert' ? matchKeys(request.keys, columns, place) : [];
  const found = db.prepare<[string], { type: string }>(`SELECT type FROM ${quote(schema)}.sqlite_schema WHERE type IN ('table', 'view') AND name = ? COLLATE NOCASE`).get(table);
  if (found?.type === 'view') throw new StudioError('node_failed', `“${table}” is a view.`, { place, remedy: 'Name a table.' });
  if (found === undefined && !request.create) throw noTable(place, table, tablesOf(db));
  if (found === undefined) makeTable(db, name, columns, keys);
  const info = db.prepare<[string, string], Info>('SELECT name, type, hidden FROM pragma_table_xinfo(?, ?)').all(table, schema);
  const target = matchColumns(columns, info.map((one) => one.name), table, place).map((at) => info[at] ?? { name: '', type: '', hidden: 0 });
  const generated = target.find(({ hidden }) => hidden !== 0);
  if (generated !== undefined) throw new StudioError('node_failed', `The table computes the column “${generated.name}” itself.`, { place, remedy: 'Drop it from the rows before.' });
  if (request.mode === 'upsert' && !isUnique(db, schema, table, keys.map((key) => target[key]?.name ?? '')))
    throw new StudioError('node_failed', `No unique key of the table covers exactly the columns ${keys.map((key) => target[key]?.name ?? '').join(', ')}, so an upsert can’t tell rows apart by them.`, { place, remedy: 'Name the columns of its primary key or of a unique index, or make such an index.' });
  return { name, created: found === undefined, keys, stores: columns.map(({ type }, index) => storeOf(plainOf(type), target[index]?.type ?? '')), insert: insertText(name, target, request.mode, keys) };
}
