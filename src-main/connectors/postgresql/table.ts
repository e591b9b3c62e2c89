import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { SqlWrite } from '../sql/driver.ts';
import { noTable } from '../sql/failures.ts';
import { tableParts } from '../sql/table-name.ts';
import { columnType } from './column-types.ts';
import type { Target } from './fit.ts';
import type { Link } from './link.ts';
import { TABLES } from './unknown.ts';

/** The table that rows go to, locked against changes of its shape until the transaction ends. */
export interface Table {
  /** Quoted, with its schema. */
  readonly sql: string;
  readonly name: string;
  readonly columns: readonly Target[];
  /** Sets of columns that the table has a unique index over, the primary key first. */
  readonly unique: readonly (readonly string[])[];
  /** COPY can write to it: it is no view, and no policy chooses its rows. */
  readonly direct: boolean;
  readonly partitioned: boolean;
}

/** Any text as one identifier. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

interface Found {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly policies: string;
}

/** Schema and table as a person has written them; a database before them has to be the connection's. */
function partsOf(table: string, link: Link): { readonly schema: string | null; readonly name: string } {
  const parts = tableParts(table);
  const [name = '', schema = null, database = link.settings.database] = parts.toReversed();
  if (database !== link.settings.database) throw new StudioError('node_failed', `The connection leads to the database “${link.settings.database}”, not to “${database}”.`, { place: link.settings.place, remedy: 'Take the database out of the table’s name, or choose another connection.' });
  return { schema, name };
}

/** The table of that name, exactly or but for case; null where there is none. Throws where two are meant. */
async function find(link: Link, schema: string | null, name: string): Promise<Found | null> {
  const { rows } = await link.ask(
    link.client.query<Found>(
      `SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, row_security_active(c.oid) AS policies FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND lower(c.relname) = lower($1) AND CASE WHEN $2::text IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = $2 END`,
      [name, schema],
    ),
  );
  const exact = rows.filter((row) => row.name === name);
  const [found, ...others] = exact.length > 0 ? exact : rows;
  if (others.length > 0) throw new StudioError('node_failed', `“${name}” may mean ${rows.map((row) => `“${row.name}”`).join(' or ')}.`, { place: link.settings.place, remedy: 'Write the name as the database has it.' });
  return found ?? null;
}

const COLUMNS = `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, base.oid, base.modifier, base.element, a.attnotnull AS "notNull", a.attgenerated <> '' AS generated
  FROM pg_attribute a CROSS JOIN LATERAL (
    WITH RECURSIVE up(oid, modifier) AS (SELECT a.atttypid, a.atttypmod UNION ALL SELECT t.typbasetype, t.typtypmod FROM up JOIN pg_type t ON t.oid = up.oid WHERE t.typtype = 'd')
    SELECT t.oid, up.modifier, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END AS element FROM up JOIN pg_type t ON t.oid = up.oid WHERE t.typtype <> 'd') base
  WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;
const UNIQUE = `SELECT i.indisprimary AS first, (SELECT json_agg(a.attname) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, at) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.at <= i.indnkeyatts) AS names
  FROM pg_index i WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL ORDER BY 1 DESC`;

async function look(link: Link, { oid, schema, name, kind, policies }: Found): Promise<Table> {
  const sql = `${quote(schema)}.${quote(name)}`;
  // The lock that inserting takes anyway: from here on the columns stay what they are.
  if (kind !== 'f') await link.ask(link.client.query(`LOCK TABLE ${sql} IN ROW EXCLUSIVE MODE`));
  const { rows } = await link.ask(link.client.query<{ readonly [K in keyof Target]: string }>(COLUMNS, [oid]));
  const { rows: indexes } = await link.ask(link.client.query<{ readonly names: string }>(UNIQUE, [oid]));
  return {
    sql, name,
    columns: rows.map((row) => ({ name: row.name, type: row.type, oid: Number(row.oid), modifier: Number(row.modifier), element: Number(row.element), notNull: row.notNull === 't', generated: row.generated === 't' })),
    unique: indexes.map(({ names }) => JSON.parse(names) as readonly string[]),
    direct: (kind === 'r' || kind === 'p' || kind === 'f') && policies !== 't',
    partitioned: kind === 'p',
  };
}

/** The table, where it is there. */
export async function findTable(link: Link, table: string): Promise<Table | null> {
  const { schema, name } = partsOf(table, link);
  const found = await find(link, schema, name);
  return found === null ? null : await look(link, found);
}

/** Refuses to write to a table that is not there, with the names of those that are. */
export async function missingTable(link: Link, table: string): Promise<StudioError> {
  const { rows } = await link.ask(link.client.query<[string]>({ text: TABLES, rowMode: 'array' }));
  return noTable(link.settings.place, table, rows.map(([name]) => name));
}

const LONGEST = 63;

/** Makes the table from the columns of the rows; the keys become its primary key. */
export async function createTable(link: Link, { table, mode, keys }: SqlWrite, columns: readonly Column[]): Promise<Table> {
  const { schema, name } = partsOf(table, link);
  for (const one of [name, ...columns.map((column) => column.name)])
    if (Buffer.byteLength(one) > LONGEST) throw new StudioError('node_failed', `The name “${one}” is too long: PostgreSQL keeps ${LONGEST} bytes of a name.`, { place: link.settings.place, remedy: 'Give it a shorter name before this node.' });
  const listed = columns.map((column) => `${quote(column.name)} ${columnType(column.type)}`);
  const isKey = (column: Column): boolean => keys.some((key) => key.toLowerCase() === column.name.toLowerCase());
  const primary = mode === 'upsert' ? [`PRIMARY KEY (${columns.filter(isKey).map((column) => quote(column.name)).join(', ')})`] : [];
  await link.ask(link.client.query(`CREATE TABLE ${schema === null ? '' : `${quote(schema)}.`}${quote(name)} (${[...listed, ...primary].join(', ')})`));
  const made = await findTable(link, `${schema === null ? '' : `${quote(schema)}.`}${quote(name)}`);
  if (made === null) throw new StudioError('node_failed', `The table “${table}” was made and can’t be found.`, { place: link.settings.place, remedy: 'Write its schema before its name.' });
  return made;
}
