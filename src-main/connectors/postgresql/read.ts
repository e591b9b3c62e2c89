import type { FieldDef } from 'pg';
import type { OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Batch } from '../../nodes/define.ts';
import type { SqlIo, SqlRead } from '../sql/driver.ts';
import { badValue } from '../sql/failures.ts';
import { bound } from '../sql/parameters.ts';
import type { SqlValue } from '../sql/parameter-values.ts';
import { decoderOf, isUnknown } from './decode.ts';
import type { Catalogue, Decoder } from './decode.ts';
import { explain } from './failures.ts';
import { open } from './link.ts';
import type { Link } from './link.ts';
import { Misfit } from './misfit.ts';
import { createPortal } from './portal.ts';
import { createPreparation } from './prepare.ts';
import { explainUnknown } from './unknown.ts';
import { watch } from './watch.ts';

const STATEMENT = 'millrace';
/** The type that a parameter is sent as; `auto` is left to the server. */
const CASTS = { auto: null, text: 'text', integer: 'int8', decimal: 'numeric', double: 'float8', boolean: 'bool', date: 'date', timestamp: 'timestamp', json: 'jsonb' } as const;

const written = (value: SqlValue): string | null => (value === null ? null : String(value));

/** The query with `$1` … and their values. A name that stands twice is one value: the server then sees that two expressions are the same, as GROUP BY wants it. */
function numbered(query: string, params: SqlRead['params']): { readonly text: string; readonly values: readonly (string | null)[] } {
  const names: string[] = [];
  const { text, values } = bound(query, params, 'postgresql', (_position, type, value, name) => {
    if (!names.includes(name)) names.push(name);
    const number = `$${names.indexOf(name) + 1}`;
    const cast = type === 'timestamp' && /(?:Z|[+-]\d{2}(?::?\d{2})?)$/.test(String(value).slice(10)) ? 'timestamptz' : CASTS[type];
    return cast === null ? number : `CAST(${number} AS ${cast})`;
  });
  return { text, values: names.map((name) => written(values.find((one) => one.name === name)?.value ?? null)) };
}

/** Asks the catalogue about types and columns that are not known by heart: elements of arrays, dimensions. */
async function catalogueOf(link: Link, fields: readonly FieldDef[]): Promise<Catalogue> {
  const unknown = [...new Set(fields.map((field) => field.dataTypeID).filter(isUnknown))];
  const elements = new Map<number, number>();
  if (unknown.length > 0) {
    // An array of a domain has the elements of what the domain is made of.
    const sql = `WITH RECURSIVE up(array_type, element) AS (SELECT oid, typelem FROM pg_type WHERE oid = ANY('{${unknown.join(',')}}'::oid[]) AND typcategory = 'A' AND typelem <> 0
      UNION ALL SELECT up.array_type, t.typbasetype FROM up JOIN pg_type t ON t.oid = up.element WHERE t.typtype = 'd')
      SELECT up.array_type, up.element FROM up JOIN pg_type t ON t.oid = up.element WHERE t.typtype <> 'd' AND t.typdelim = ','`;
    const { rows } = await link.ask(link.client.query<[string, string]>({ text: sql, rowMode: 'array' }));
    for (const [array, element] of rows) elements.set(Number(array), Number(element));
  }
  const tables = [...new Set(fields.filter((field) => field.tableID !== 0).map((field) => field.tableID))];
  const dimensions = new Map<string, number>();
  if (tables.length > 0) {
    const { rows } = await link.ask(link.client.query<[string, string, string]>({ text: `SELECT attrelid, attnum, attndims FROM pg_attribute WHERE attrelid = ANY('{${tables.join(',')}}'::oid[]) AND attndims > 1`, rowMode: 'array' }));
    for (const [table, column, depth] of rows) dimensions.set(`${table}.${column}`, Number(depth));
  }
  return { elements, dimensions };
}

/** Two columns of one name: the second becomes `name_1`, as DuckDB does it. */
function columnsOf(fields: readonly FieldDef[], decoders: readonly Decoder[]): readonly Column[] {
  const taken = new Set<string>();
  return fields.map(({ name }, index) => {
    let free = name;
    for (let count = 1; taken.has(free.toLowerCase()); count += 1) free = `${name}_${count}`;
    taken.add(free.toLowerCase());
    return { name: free, type: decoders[index]?.type ?? 'VARCHAR' };
  });
}

/** A query's rows, in one transaction that can only read, fetched as they are used. */
export async function* readRows(connection: OpenConnection, { query, params, fetchRows }: SqlRead, io: SqlIo, silenceMs: number): AsyncGenerator<Batch> {
  const { text, values } = numbered(query, params);
  const link = await open(connection, io.signal);
  const watching = watch(connection, link, silenceMs);
  let finished = true;
  try {
    await link.begin('READ ONLY');
    const preparation = link.client.query(createPreparation(STATEMENT, text));
    const fields = await link.ask(preparation.fields);
    if (fields === null) throw new StudioError('node_failed', 'The query gives no rows.', { place: link.settings.place, remedy: 'Write a statement that gives rows, such as SELECT; it can’t change anything.' });
    const catalogue = await catalogueOf(link, fields);
    const decoders = fields.map((field) => decoderOf(field, catalogue));
    const columns = columnsOf(fields, decoders);
    for (const { note } of decoders) if (note !== undefined) io.console(note);
    const misfit = (thrown: unknown, row: number, column: number): Error =>
      thrown instanceof Misfit ? badValue(link.settings.place, row + 1, columns[column]?.name ?? '', thrown.message, thrown.remedy, thrown) : (thrown as Error);
    const portal = link.client.query(createPortal(STATEMENT, values, fetchRows, decoders, misfit));
    finished = false;
    let before = 0;
    for (;;) {
      io.signal.throwIfAborted();
      const rows = await link.ask(portal.next());
      if (rows === null) break;
      if (rows.length > 0 || before === 0) yield { columns, rows };
      before += rows.length;
    }
    finished = true;
  } catch (thrown) {
    io.signal.throwIfAborted();
    if (!link.caused(thrown)) throw thrown;
    throw await explainUnknown(thrown, connection, explain(thrown, link.settings, 'read', text));
  } finally {
    watching.stop();
    await link.close(!finished);
  }
}
