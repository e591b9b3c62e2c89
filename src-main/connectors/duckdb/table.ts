import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { quoteName, quoteText } from '../../dataplane/quoting.ts';
import type { SqlWrite } from '../sql/driver.ts';
import { matchColumns, matchKeys, noTable } from '../sql/failures.ts';
import { tableParts } from '../sql/table-name.ts';
import { tablesOf } from './read.ts';

interface TargetColumn extends Column {
  readonly required: boolean;
}

/** A table that rows are about to go into. */
export interface Target {
  /** Quoted, with its schema. */
  readonly name: string;
  readonly place: string;
  readonly created: boolean;
  /** The table's columns, by column of the rows. */
  readonly columns: readonly TargetColumn[];
  /** Positions of the upsert's keys among the columns of the rows. */
  readonly keys: readonly number[];
}

const rowsOf = async (connection: DuckDBConnection, sql: string): Promise<readonly (readonly unknown[])[]> => (await connection.runAndReadAll(sql)).getRowsJS();

const plain = (expression: string): string => expression.trim().replace(/^'(.*)'$/s, '$1').replace(/^"(.*)"$/s, '$1').replaceAll('""', '"');

/** Does a unique key cover exactly these columns? */
async function isUnique(connection: DuckDBConnection, schema: string, table: string, names: readonly string[]): Promise<boolean> {
  const wanted = names.map((name) => name.toLowerCase()).toSorted().join('\n');
  const same = (found: readonly unknown[]): boolean => found.map((name) => String(name).toLowerCase()).toSorted().join('\n') === wanted;
  const at = `database_name = current_database() AND schema_name = ${quoteText(schema)} AND table_name = ${quoteText(table)}`;
  const constraints = await rowsOf(connection, `SELECT constraint_column_names FROM duckdb_constraints() WHERE ${at} AND constraint_type IN ('PRIMARY KEY', 'UNIQUE')`);
  if (constraints.some(([found]) => same(found as unknown[]))) return true;
  // An index tells its columns as a text: [a, '"a b"'].
  const indexes = await rowsOf(connection, `SELECT expressions FROM duckdb_indexes() WHERE ${at} AND is_unique`);
  return indexes.some(([found]) => same(String(found).replace(/^\[|\]$/g, '').split(',').map(plain)));
}

/** Finds the table or makes it, within the transaction that is open. Throws node_failed for what does not go together. */
export async function openTarget(connection: DuckDBConnection, request: SqlWrite, columns: readonly Column[], path: string): Promise<Target> {
  const [asked = '', schemaAsked = 'main', catalog] = tableParts(request.table).toReversed();
  const [[database] = []] = await rowsOf(connection, 'SELECT current_database()');
  const place = `${path}, ${asked}`;
  if (catalog !== undefined && catalog !== database) throw new StudioError('node_failed', `The connection’s database is “${String(database)}”, not “${catalog}”.`, { place: 'table', remedy: 'Write schema.table.' });
  const found = await rowsOf(connection, `SELECT * FROM (SELECT database_name, schema_name, table_name AS name, 'table' FROM duckdb_tables() UNION ALL SELECT database_name, schema_name, view_name, 'view' FROM duckdb_views()) WHERE database_name = current_database() AND lower(schema_name) = lower(${quoteText(schemaAsked)}) AND lower(name) = lower(${quoteText(asked)})`);
  const [, schema = schemaAsked, table = asked, kind] = (found[0] ?? []) as string[];
  const name = `${quoteName(schema)}.${quoteName(table)}`;
  const keys = request.mode === 'upsert' ? matchKeys(request.keys, columns, place) : [];
  if (kind === 'view') throw new StudioError('node_failed', `“${table}” is a view.`, { place, remedy: 'Name a table.' });
  if (found.length === 0 && !request.create) throw noTable(place, table, await tablesOf(connection));
  if (found.length === 0) {
    const parts = columns.map((column) => `${quoteName(column.name)} ${column.type}`);
    if (keys.length > 0) parts.push(`PRIMARY KEY (${keys.map((key) => quoteName(columns[key]?.name ?? '')).join(', ')})`);
    await connection.run(`CREATE TABLE ${name} (${parts.join(', ')})`);
  }
  const known = (await rowsOf(connection, `SELECT column_name, data_type, NOT is_nullable FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = ${quoteText(schema)} AND table_name = ${quoteText(table)} ORDER BY column_index`)).map(([column, type, required]): TargetColumn => ({ name: String(column), type: String(type), required: required === true }));
  const target = matchColumns(columns, known.map((column) => column.name), table, place).map((at) => known[at] ?? { name: '', type: '', required: false });
  const keyNames = keys.map((key) => target[key]?.name ?? '');
  if (request.mode === 'upsert' && !(await isUnique(connection, schema, table, keyNames)))
    throw new StudioError('node_failed', `No unique key of the table covers exactly the columns ${keyNames.join(', ')}, so an upsert can’t tell rows apart by them.`, { place, remedy: 'Name the columns of its primary key or of a unique index, or make such an index.' });
  return { name, place, created: found.length === 0, columns: target, keys };
}
