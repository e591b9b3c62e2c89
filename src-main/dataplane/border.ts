import { DuckDBDataChunk } from '@duckdb/node-api';
import type { DuckDBAppender, DuckDBConnection, DuckDBResult, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Batch } from '../nodes/define.ts';
import { quoteName } from './quoting.ts';

/** Rows a batch that crosses into JavaScript holds; see border.testing.ts for how the figures chose it. */
export const BATCH_ROWS = 2048;
/** Rows of DuckDB's own vectors. */
const VECTOR = 2048;

export const columnsOf = (result: DuckDBResult): readonly Column[] =>
  result.deduplicatedColumnNames().map((name, index) => ({ name, type: String(result.columnType(index)) }));

/**
 * A streaming result as batches of about `size` rows, at least one: without rows it still tells the columns. DuckDB runs no further ahead than its small buffer: that is the backpressure.
 * `columns` are given where they are known: a result has forgotten that a text was JSON.
 */
export async function* readBatches(result: DuckDBResult, size = BATCH_ROWS, signal?: AbortSignal, columns: readonly Column[] = columnsOf(result)): AsyncGenerator<Batch> {
  let rows: DuckDBValue[][] = [];
  let given = false;
  for (;;) {
    signal?.throwIfAborted();
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const read = chunk.getRows();
    rows = rows.length === 0 ? read : rows.concat(read);
    for (; rows.length >= size; rows = rows.slice(size)) {
      given = true;
      yield { columns, rows: rows.length === size ? rows : rows.slice(0, size) };
    }
  }
  if (rows.length > 0 || !given) yield { columns, rows };
}

/** Makes of a value what the DuckDB client takes for its column. */
type Fit = (value: unknown) => unknown;
const keep: Fit = (value) => value;
const big: Fit = (value) => (typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value);
const small: Fit = (value) => (typeof value === 'bigint' ? Number(value) : value);
const words: Fit = (value) => (value === null || typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : `${value as number}`);
/** What a node's author may hand over besides DuckDB's own values, by type. */
const FITS: { readonly [type: string]: Fit } = {
  BIGINT: big, UBIGINT: big, HUGEINT: big, UHUGEINT: big,
  TINYINT: small, SMALLINT: small, INTEGER: small, UTINYINT: small, USMALLINT: small, UINTEGER: small, FLOAT: small, DOUBLE: small,
  VARCHAR: words, JSON: words,
};

/** How the values of a column of that type are handed to DuckDB. */
export const fitOf = (type: string): Fit => FITS[type] ?? keep;

/** Appends batches to a table that it makes from the first one's columns. */
export class TableWriter {
  readonly #connection: DuckDBConnection;
  readonly #schema: string;
  readonly #table: string;
  #appender: DuckDBAppender | null = null;
  #types: readonly DuckDBType[] = [];
  #fits: readonly Fit[] = [];
  #columns: readonly Column[] = [];
  rows = 0;

  constructor(connection: DuckDBConnection, schema: string, table: string) {
    this.#connection = connection;
    this.#schema = schema;
    this.#table = table;
  }

  get columns(): readonly Column[] {
    return this.#columns;
  }

  /** Makes the table. Throws node_failed where a column has no type that DuckDB knows. */
  async open(columns: readonly Column[]): Promise<void> {
    const name = `${quoteName(this.#schema)}.${quoteName(this.#table)}`;
    const list = columns.length === 0 ? '"value" VARCHAR' : columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(', ');
    await this.#connection.run(`CREATE OR REPLACE TABLE ${name} (${list})`);
    const shape = await this.#connection.run(`SELECT * FROM ${name} LIMIT 0`);
    this.#types = shape.columnTypes();
    this.#columns = columns;
    this.#fits = columns.map((column) => fitOf(column.type));
    this.#appender = await this.#connection.createAppender(this.#table, this.#schema);
  }

  async write(batch: Batch): Promise<void> {
    if (this.#appender === null) await this.open(batch.columns);
    const appender = this.#appender;
    if (appender === null || batch.rows.length === 0) return;
    if (batch.columns.length !== this.#columns.length || batch.columns.some((column, index) => column.name !== this.#columns[index]?.name))
      throw new StudioError('node_failed', 'The node changed its columns between two batches.', { remedy: 'Give every batch the same columns.' });
    for (let from = 0; from < batch.rows.length; from += VECTOR) {
      const rows = batch.rows.slice(from, from + VECTOR);
      const chunk = DuckDBDataChunk.create(this.#types, rows.length);
      this.#fits.forEach((fit, index) => {
        const values = rows.map((row) => fit(row[index] ?? null) as DuckDBValue);
        try {
          chunk.setColumnValues(index, values);
        } catch (cause) {
          const column = this.#columns[index];
          throw new StudioError('node_failed', `A value of column ${column?.name ?? index} does not fit its type ${column?.type ?? ''}.`, { detail: String(cause), cause });
        }
      });
      appender.appendDataChunk(chunk);
    }
    this.rows += batch.rows.length;
  }

  /** Makes what was written visible; an empty table where nothing came. */
  async close(fallback: readonly Column[]): Promise<void> {
    if (this.#appender === null) await this.open(fallback);
    this.#appender?.closeSync();
    this.#appender = null;
  }
}
