import mysql from 'mysql2';
import type { OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Batch } from '../../nodes/define.ts';
import { distinctNames, shown } from '../sql/cells.ts';
import type { SqlIo, SqlRead } from '../sql/driver.ts';
import { badValue, noTable } from '../sql/failures.ts';
import { bound } from '../sql/parameters.ts';
import type { BoundValue } from '../sql/parameters.ts';
import { readingOf } from './columns.ts';
import type { Field, Reading } from './columns.ts';
import { errnoOf, explain } from './failures.ts';
import { killing, openSession } from './session.ts';
import type { Session } from './session.ts';
import { settingsOf } from './settings.ts';

const BATCH_ROWS = 2048;

/** Values of the types that the server compares exactly; a number bound as text would be compared as a DOUBLE. */
function toBind({ type, value }: BoundValue): unknown {
  if (value === null) return null;
  if (typeof value === 'bigint') return mysql.TypedParameter.BIGINT(value);
  if (typeof value === 'boolean') return mysql.TypedParameter.TINYINT(value ? 1 : 0);
  if (type === 'decimal') return mysql.TypedParameter.DECIMAL(String(value).replace(/^\+/, ''));
  if (type === 'timestamp') return String(value).replace('T', ' ').replace(/ ?Z$/, '+00:00').replace(/ ([+-]\d\d)/, '$1');
  return value;
}

/** What mysql2 gives for a prepared statement, more than its types tell. */
interface Prepared {
  readonly columns: readonly unknown[];
  execute(values: readonly unknown[]): { on(event: 'fields' | 'result' | 'end', listener: (given: never) => void): unknown };
}

const prepared = (session: Session, sql: string): Promise<Prepared> =>
  Promise.race([session.lost, new Promise<Prepared>((resolve, reject) => void session.raw.prepare(sql, (error, statement) => (error === null ? resolve(statement as unknown as Prepared) : reject(error))))]);

interface Flow {
  fields: readonly Field[];
  rows: unknown[][];
  ended: boolean;
}

/** The rows as they come, `most` of them at a time: while nobody takes them the socket is paused, and so is the server. */
async function* flowing(session: Session, statement: Prepared, values: readonly unknown[], most: number): AsyncGenerator<{ readonly fields: readonly Field[]; readonly rows: readonly unknown[][] }> {
  const flow: Flow = { fields: [], rows: [], ended: false };
  let wake: (() => void) | undefined;
  const command = statement.execute(values);
  command.on('fields', (fields: readonly Field[]) => void (flow.fields = fields));
  command.on('result', (row: unknown[]) => {
    if (flow.rows.push(row) < most) return;
    session.raw.pause();
    wake?.();
  });
  command.on('end', () => {
    flow.ended = true;
    wake?.();
  });
  for (;;) {
    if (flow.rows.length < most && !flow.ended) await Promise.race([session.lost, new Promise<void>((resolve) => void (wake = resolve))]);
    const { rows } = flow;
    flow.rows = [];
    yield { fields: flow.fields, rows };
    if (flow.ended && flow.rows.length === 0) return;
    session.raw.resume();
  }
}

function* decoded(rows: readonly unknown[][], columns: readonly Column[], readings: readonly Reading[], before: number, place: string): Generator<Batch> {
  for (const [at, row] of rows.entries()) {
    for (let index = 0; index < readings.length; index += 1) {
      const value = row[index];
      if (value === null) continue;
      const reading = readings[index];
      const made = reading?.decode(value);
      if (made !== undefined) {
        row[index] = made;
        continue;
      }
      const name = columns[index]?.name ?? '';
      throw badValue(place, before + at + 1, name, `“${shown(value)}” ${reading?.why ?? 'can’t be read'}.`, reading?.remedy?.(name) ?? 'Ask for it as text.');
    }
  }
  for (let from = 0; from < rows.length; from += BATCH_ROWS) yield { columns, rows: rows.length <= BATCH_ROWS ? rows : rows.slice(from, from + BATCH_ROWS) };
}

async function tableNames(session: Session): Promise<readonly string[]> {
  return (await session.rows('SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1')).map(([name]) => String(name));
}

/** What a query's failure means: with the name of the table that was probably meant. */
async function told(thrown: unknown, session: Session): Promise<unknown> {
  const missing = errnoOf(thrown) === 1146 ? /Table '(?:[^']*\.)?([^'.]+)'/.exec((thrown as Error).message)?.[1] : undefined;
  if (missing === undefined) return explain(thrown, session.settings);
  return noTable(session.settings.place, missing, await tableNames(session).catch(() => []));
}

/** Reads in a transaction that may change nothing, and sees the data as it was when it began. */
export async function* read(connection: OpenConnection, { query, params, fetchRows }: SqlRead, io: SqlIo): AsyncGenerator<Batch> {
  const settings = settingsOf(connection);
  const { text, values } = bound(query, params, 'mysql', () => '?');
  const session = await openSession(settings, io.signal);
  const unwatch = killing(session, io.signal);
  let whole = false;
  try {
    await session.run('SET SESSION TRANSACTION READ ONLY');
    await session.run('START TRANSACTION READ ONLY');
    const statement = await prepared(session, text);
    if (statement.columns.length === 0) throw new StudioError('node_failed', 'The query gives no rows; here it may only read.', { place: 'query', remedy: 'Write a SELECT.' });
    let columns: readonly Column[] = [];
    let readings: readonly Reading[] = [];
    let count = 0;
    for await (const { fields, rows } of flowing(session, statement, values.map(toBind), fetchRows)) {
      if (readings.length === 0) {
        readings = fields.map(readingOf);
        const names = distinctNames(fields.map(({ name }) => name));
        columns = names.map((name, index) => ({ name, type: readings[index]?.type ?? 'VARCHAR' }));
        readings.forEach(({ refused, notice }, index) => {
          if (refused !== undefined) throw new StudioError('node_failed', `The column “${names[index] ?? ''}” is ${refused.what}, which can’t be read as it is.`, { place: settings.place, remedy: refused.remedy });
          if (notice !== undefined) io.console(notice);
        });
      }
      if (rows.length > 0) yield* decoded(rows, columns, readings, count, settings.place);
      count += rows.length;
    }
    if (count === 0) yield { columns, rows: [] };
    whole = true;
  } catch (thrown) {
    throw io.signal.aborted ? io.signal.reason : await told(thrown, session);
  } finally {
    await unwatch();
    if (!io.signal.aborted) await (whole ? session.close() : session.kill());
  }
}
