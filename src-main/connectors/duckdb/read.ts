import { DuckDBDecimalValue, DuckDBTimestampTZValue, DuckDBTimestampValue, StatementType } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api';
import type { OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { readBatches } from '../../dataplane/border.ts';
import type { Batch } from '../../nodes/define.ts';
import { pathOf } from '../sql/database-file.ts';
import type { SqlIo, SqlRead } from '../sql/driver.ts';
import { parseMoment } from '../sql/moments.ts';
import { bound } from '../sql/parameters.ts';
import type { BoundValue } from '../sql/parameters.ts';
import { explain } from './failures.ts';
import { openFile } from './instances.ts';
import { interrupting } from './interrupting.ts';

/** Types that say what a text is to become are casts around the placeholder. */
const CASTS: { readonly [T in BoundValue['type']]?: string } = { date: 'DATE', json: 'JSON' };

function bindDecimal(statement: DuckDBPreparedStatement, position: number, text: string): void {
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, '');
  if (digits.length > 38) throw new StudioError('node_failed', 'A parameter has more than the 38 digits that a DECIMAL of DuckDB has.', { place: 'params', remedy: 'Give it the type text, and cast it in the query.' });
  const width = Math.max(digits.length, fraction.length, 1);
  statement.bindDecimal(position, new DuckDBDecimalValue(BigInt(`${text.startsWith('-') ? '-' : ''}${digits === '' ? '0' : digits}`), width, fraction.length));
}

function bind(statement: DuckDBPreparedStatement, position: number, { type, value }: BoundValue): void {
  if (value === null) statement.bindNull(position);
  else if (typeof value === 'boolean') statement.bindBoolean(position, value);
  else if (typeof value === 'bigint') statement.bindBigInt(position, value);
  else if (typeof value === 'number') statement.bindDouble(position, value);
  else if (type === 'decimal') bindDecimal(statement, position, value);
  else {
    const micros = type === 'timestamp' ? parseMoment(value.replace(' Z', 'Z').replace(/ ([+-]\d\d)/, '$1')) : null;
    if (micros === null) statement.bindVarchar(position, value);
    else if (/(Z|[+-]\d\d(:?\d\d)?)$/.test(value.slice(10))) statement.bindTimestampTZ(position, new DuckDBTimestampTZValue(micros));
    else statement.bindTimestamp(position, new DuckDBTimestampValue(micros));
  }
}

/** An ENUM's values are texts, and its name means something in its own file only; a text that is JSON says so by its alias. */
const columnsOf = (result: DuckDBResult): readonly Column[] =>
  result.deduplicatedColumnNames().map((name, index) => {
    const type = result.columnType(index);
    const text = String(type);
    return { name, type: type.alias === 'JSON' ? 'JSON' : text.startsWith('ENUM(') ? 'VARCHAR' : text };
  });

/** The tables and views of a database, for those who meant one of them. */
export async function tablesOf(connection: DuckDBConnection): Promise<readonly string[]> {
  const found = await connection.runAndReadAll('SELECT table_name AS name FROM duckdb_tables() WHERE database_name = current_database() UNION ALL SELECT view_name FROM duckdb_views() WHERE database_name = current_database() AND NOT internal ORDER BY 1').catch(() => null);
  return found === null ? [] : found.getRows().map(([name]) => String(name));
}

/** The rows of a query on a file that is opened to be read only, as DuckDB makes them: it runs no further ahead than its small buffer. */
export async function* read(from: OpenConnection, { query, params }: SqlRead, io: SqlIo): AsyncGenerator<Batch> {
  const path = pathOf(from, io);
  const { text, values } = bound(query, params, 'duckdb', (position, type) => (CASTS[type] === undefined ? `$${position}` : `CAST($${position} AS ${CASTS[type]})`));
  const opened = await openFile(path, 'read', false, io.signal);
  const { connection } = opened;
  let unwatch: (() => void) | undefined;
  try {
    unwatch = interrupting(connection, io.signal);
    const statement = await connection.prepare(text);
    if (statement.statementType !== StatementType.SELECT && statement.statementType !== StatementType.EXPLAIN)
      throw new StudioError('node_failed', 'The query is no SELECT; here it may only read.', { place: 'query', remedy: 'Write a SELECT.' });
    values.forEach((value, index) => bind(statement, index + 1, value));
    const result = await statement.stream();
    yield* readBatches(result, undefined, io.signal, columnsOf(result));
  } catch (thrown) {
    throw io.signal.aborted ? io.signal.reason : explain(thrown, path, await tablesOf(connection));
  } finally {
    unwatch?.();
    await opened.close();
  }
}
