import { DatabaseError } from 'pg';
import type { OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Batch } from '../../nodes/define.ts';
import type { SqlIo, SqlWrite, SqlWritten } from '../sql/driver.ts';
import { badValue, matchColumns, matchKeys } from '../sql/failures.ts';
import { commit } from './commit.ts';
import { createCopyIn } from './copy-in.ts';
import type { CopyIn } from './copy-in.ts';
import type { Encode } from './encode.ts';
import { explain } from './failures.ts';
import { fit } from './fit.ts';
import type { Target } from './fit.ts';
import { open } from './link.ts';
import type { Link } from './link.ts';
import { Misfit } from './misfit.ts';
import { createTable, findTable, missingTable, quote } from './table.ts';
import type { Table } from './table.ts';
import { watch } from './watch.ts';

const STAGE = 'millrace_rows';

/** A column of the rows, where it goes and how. */
interface Lane {
  readonly source: Column;
  readonly target: Target;
  readonly encode: Encode;
}

/** Rows as lines of COPY. `before`: how many rows came before these. */
function linesOf(rows: Batch['rows'], lanes: readonly Lane[], before: number, place: string): string {
  let row = 0;
  let column = 0;
  let lines = '';
  const encodes = lanes.map(({ encode }) => encode);
  try {
    for (row = 0; row < rows.length; row += 1) {
      const values = rows[row] as readonly unknown[];
      for (column = 0; column < encodes.length; column += 1) {
        const value = values[column];
        const text = value === null || value === undefined ? String.raw`\N` : (encodes[column] as Encode)(value);
        lines += column === 0 ? text : `\t${text}`;
      }
      lines += '\n';
    }
  } catch (thrown) {
    if (thrown instanceof Misfit) throw badValue(place, before + row + 1, lanes[column]?.source.name ?? '', thrown.message, thrown.remedy, thrown);
    throw thrown;
  }
  return lines;
}

/** The server names the line of COPY that it could not take, and the column: those of the row. `into` is the table's name as the server has it. */
function located(thrown: unknown, into: string, lanes: readonly Lane[], link: Link): Error {
  const explained = explain(thrown, link.settings, 'write');
  if (!(thrown instanceof DatabaseError) || !(explained instanceof StudioError)) return explained;
  const start = thrown.where?.indexOf(`COPY ${into}, `) ?? -1;
  const found = start < 0 ? null : /^\S+ (\d+)(?:, \S+ ([\s\S]*?))?(?::|$)/.exec(thrown.where?.slice(start + `COPY ${into}, `.length) ?? '');
  const column = lanes.find(({ target }) => target.name === (thrown.column ?? found?.[2]))?.source.name;
  if (found === null || !/^2[23]/.test(thrown.code ?? '')) return explained;
  const row = Number(found[1]);
  if (column !== undefined) return badValue(link.settings.place, row, column, explained.message, explained.remedy ?? '', thrown);
  return new StudioError('node_failed', `Row ${row.toLocaleString('en')}: ${explained.message}`, { place: link.settings.place, remedy: explained.remedy ?? '', ...(explained.detail === undefined ? {} : { detail: explained.detail }), cause: thrown });
}

/** The unique index that tells the rows apart. Throws node_failed where the table has none over exactly the keys. */
function checkKeys(table: Table, keys: readonly string[], place: string): void {
  if (table.unique.some((names) => names.length === keys.length && names.every((name) => keys.includes(name)))) return;
  const known = table.unique.map((names) => names.join(', ')).join('; ');
  throw new StudioError('node_failed', `The table “${table.name}” has no unique index over ${keys.join(', ')}.`, { place, remedy: known === '' ? 'Make a unique index over the keys.' : `Make one, or use the keys of one that it has: ${known}.` });
}

/** Puts what was staged into the table; of rows with the same keys the last one counts. */
async function merge(link: Link, table: Table, lanes: readonly Lane[], keys: readonly string[], upsert: boolean): Promise<Pick<SqlWritten, 'inserted' | 'updated'>> {
  const names = lanes.map(({ target }) => quote(target.name)).join(', ');
  const into = `INSERT INTO ${table.sql} (${names}) OVERRIDING SYSTEM VALUE`;
  if (!upsert) {
    await link.ask(link.client.query(`${into} SELECT ${names} FROM pg_temp.${STAGE}`));
    return {};
  }
  const by = keys.map(quote).join(', ');
  const set = lanes.filter(({ target }) => !keys.includes(target.name)).map(({ target }) => `${quote(target.name)} = EXCLUDED.${quote(target.name)}`);
  // Rows of a fresh table lie in the order in which they came.
  const statement = `${into} SELECT DISTINCT ON (${by}) ${names} FROM pg_temp.${STAGE} ORDER BY ${by}, ctid DESC ON CONFLICT (${by}) DO ${set.length === 0 ? 'NOTHING' : `UPDATE SET ${set.join(', ')}`}`;
  if (table.partitioned) {
    await link.ask(link.client.query(statement));
    return {};
  }
  const { rows } = await link.ask(link.client.query<[string, string]>({ text: `WITH done AS (${statement} RETURNING xmax = 0 AS fresh) SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh) FROM done`, rowMode: 'array' }));
  return { inserted: Number(rows[0]?.[0] ?? 0), updated: Number(rows[0]?.[1] ?? 0) };
}

/** One write: what has to be known from its first batch on. */
interface Load {
  readonly table: Table;
  readonly created: boolean;
  readonly lanes: readonly Lane[];
  readonly keys: readonly string[];
  readonly staged: boolean;
  readonly copy: CopyIn;
}

async function begin(link: Link, request: SqlWrite, columns: readonly Column[], known: Table | null): Promise<Load> {
  const { place } = link.settings;
  if (columns.length === 0) throw new StudioError('node_failed', 'The rows have no columns.', { place, remedy: 'Check the node before this one.' });
  const keyAt = request.mode === 'upsert' ? matchKeys(request.keys, columns, place) : [];
  const table = known ?? (await createTable(link, request, columns));
  const at = matchColumns(columns, table.columns.map(({ name }) => name), table.name, place);
  const lanes = columns.map((source, index): Lane => {
    const target = table.columns[at[index] ?? 0] as Target;
    const encode = fit(place, source, target);
    return { source, target, encode };
  });
  const keys = keyAt.map((index) => lanes[index]?.target.name ?? '');
  if (request.mode === 'upsert') checkKeys(table, keys, place);
  if (request.mode === 'truncate' && known !== null) await link.ask(link.client.query(`TRUNCATE ${table.sql}`));
  const staged = request.mode === 'upsert' || !table.direct;
  const names = lanes.map(({ target }) => quote(target.name)).join(', ');
  if (staged) await link.ask(link.client.query(`CREATE TEMPORARY TABLE ${STAGE} ON COMMIT DROP AS SELECT ${names} FROM ${table.sql} WITH NO DATA`));
  const copy = link.client.query(createCopyIn(`COPY ${staged ? `pg_temp.${STAGE}` : table.sql} (${names}) FROM STDIN`));
  return { table, created: known === null, lanes, keys, staged, copy };
}

/** Rows into a table, by COPY, in one transaction. */
export async function writeRows(connection: OpenConnection, request: SqlWrite, input: AsyncIterable<Batch>, io: SqlIo, beforeCommit: (rows: number, columns: readonly Column[]) => Promise<void>, silenceMs: number): Promise<SqlWritten> {
  const link = await open(connection, io.signal);
  const watching = watch(connection, link, silenceMs);
  let load: Load | null = null;
  let copying = false;
  try {
    await link.begin('READ WRITE');
    const known = await findTable(link, request.table);
    if (known === null && !request.create) throw await missingTable(link, request.table);
    let columns: readonly Column[] = [];
    let rows = 0;
    for await (const batch of input) {
      io.signal.throwIfAborted();
      if (load === null) {
        columns = batch.columns;
        load = await begin(link, request, columns, known);
        copying = true;
      }
      await link.ask(load.copy.write(linesOf(batch.rows, load.lanes, rows, link.settings.place)));
      rows += batch.rows.length;
    }
    if (load === null) return { rows: 0, created: false };
    await link.ask(load.copy.end());
    copying = false;
    const counts = load.staged ? await merge(link, load.table, load.lanes, load.keys, request.mode === 'upsert') : {};
    // What is checked at the end is checked before anything is announced.
    await link.ask(link.client.query('SET CONSTRAINTS ALL IMMEDIATE'));
    await beforeCommit(rows, columns);
    io.signal.throwIfAborted();
    await commit(connection, link);
    return { rows, created: load.created, ...counts };
  } catch (thrown) {
    if (copying && load !== null) await Promise.race([load.copy.abandon(), new Promise((resolve) => void setTimeout(resolve, 500).unref())]);
    io.signal.throwIfAborted();
    if (!link.caused(thrown)) throw thrown;
    throw load === null ? explain(thrown, link.settings, 'write') : located(thrown, load.staged ? STAGE : load.table.name, load.lanes, link);
  } finally {
    watching.stop();
    await link.close();
  }
}
