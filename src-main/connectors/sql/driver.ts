import type { ConnectionKind, OpenConnection } from '#shared/connections/connection';
import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Json } from '#shared/json';
import type { Batch } from '../../nodes/define.ts';

/** A parameter of a query, as the text names it (`:name`). `type` says what `value` is to become; `auto` goes by JSON's own types. */
export interface SqlParameter {
  readonly name: string;
  readonly type: 'auto' | 'text' | 'integer' | 'decimal' | 'double' | 'boolean' | 'date' | 'timestamp' | 'json';
  readonly value: Json;
}

/** What a driver may use besides the connection. */
export interface SqlIo {
  readonly signal: AbortSignal;
  /** Absolute; relative paths start at the workflow's folder. */
  resolve(path: string): string;
  /** A line for the run's console. */
  console(line: string): void;
}

/** A query: one statement that gives rows, its parameters bound by the server. */
export interface SqlRead {
  readonly query: string;
  readonly params: readonly SqlParameter[];
  /** Rows the server sends at a time. */
  readonly fetchRows: number;
}

export interface SqlWrite {
  /** `table` or `schema.table`; each part as the database spells it, quoted or not. */
  readonly table: string;
  /** `truncate` empties the table in the same transaction and loads it. */
  readonly mode: 'insert' | 'upsert' | 'truncate';
  /** Upsert: the columns whose values tell rows apart. */
  readonly keys: readonly string[];
  /** Make the table from the columns of the rows where it is missing. */
  readonly create: boolean;
}

/** What a write has done, after its transaction was committed. */
export interface SqlWritten {
  readonly rows: number;
  readonly created: boolean;
  /** Upsert: rows that were new and rows that were there, where the database tells. */
  readonly inserted?: number;
  readonly updated?: number;
}

/**
 * A database as the two SQL nodes use it. Errors are StudioErrors that name the place (host:port/database, or file), the cause and the remedy,
 * never a secret. Aborting the signal ends a read or a write within a second; a write that has not committed leaves nothing.
 */
export interface SqlDriver {
  /** Rows in batches of about 2,048, at least one (without rows it tells the columns). Bounded memory however many rows there are. Closing the iterator closes the connection. */
  read(connection: OpenConnection, request: SqlRead, io: SqlIo): AsyncIterable<Batch>;
  /**
   * One transaction by the database's bulk path. `beforeCommit` is awaited once, after the last row and before COMMIT. A value that the
   * column can't hold fails with its row (counted from 1) and column.
   */
  write(connection: OpenConnection, request: SqlWrite, input: AsyncIterable<Batch>, io: SqlIo, beforeCommit: (rows: number, columns: readonly Column[]) => Promise<void>): Promise<SqlWritten>;
}

/** Kinds of connections that the SQL nodes take. */
export const SQL_KINDS = ['postgresql', 'mysql', 'sqlite', 'duckdb'] as const satisfies readonly ConnectionKind[];

const found = import.meta.glob<{ readonly default: SqlDriver }>('../*/driver.ts');

/** The driver of a kind of database, loaded when it is asked for. */
export async function driverOf(kind: ConnectionKind): Promise<SqlDriver> {
  const load = found[`../${kind}/driver.ts`];
  if (load === undefined) throw new StudioError('unsupported', `A connection of the kind “${kind}” is no database.`, { place: 'connection', remedy: 'Choose a connection to a database.' });
  return (await load()).default;
}
