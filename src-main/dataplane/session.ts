import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import type { Column } from '#shared/data';
import { quoteList, quoteText } from './quoting.ts';

/** What a session may touch and use. `reads` and `writes` are files, absolute; `scratch` is a folder it may fill, as may be `outputs`. */
export interface SessionLimits {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly scratch: string;
  /** Where outputs are kept, of a run that keeps or reads some. */
  readonly outputs?: string;
  /** Of the whole process, in MiB. */
  readonly memoryLimitMb: number;
  readonly threads: number;
}

/** Everything of a run is kept in this schema of its session, which one run at a time uses. */
export const RUN_SCHEMA = 'run';

/** Makes a connection able to tell how far it is; a setting of each connection. */
const PROGRESS = 'SET enable_progress_bar = true; SET enable_progress_bar_print = false';

/** Profiles hold what counting reads and no more: telling the rest took longer than a small statement itself. */
const PROFILED = `SET custom_profiling_settings = '{"OPERATOR_CARDINALITY": "true", "OPERATOR_TIMING": "true"}'`;

/** How many statements a session keeps planned. */
const PLANNED = 16;

/** The engine's part of a process's limit, in MiB: Node itself and what the allocator holds back take the rest. */
export const engineLimitMb = (processMb: number): number => Math.max(64, Math.round(processMb * 0.85 - 48));

/** How many instances a worker keeps warm: each costs a few MB while idle and 15 ms to open again. */
const KEPT = 4;

/**
 * Optimizer steps that move, merge or drop operators, so that a count in the profile could not be told a node's any more. What is
 * left (unused columns, join order inside a query, top-n, compressed materialization …) changes no row count between two nodes.
 */
export const COUNTABLE =
  'filter_pushdown,filter_pullup,empty_result_pullup,statistics_propagation,late_materialization,sampling_pushdown,build_side_probe_side,limit_pushdown,join_filter_pushdown,common_subplan,cte_filter_pusher';

/**
 * One open DuckDB instance with nothing in it but a run's tables. It reaches only the files it was opened for: external access is
 * off for good, and no text of a person's is run in it that the parser has not shown to be a single SELECT.
 */
export class Session {
  readonly connection: DuckDBConnection;
  readonly limits: SessionLimits;
  readonly #instance: DuckDBInstance;
  readonly #spill: string;
  readonly #planned = new Map<string, { readonly stamp: string; readonly statement: DuckDBPreparedStatement | null }>();
  #countable = true;
  #beside: DuckDBConnection | null = null;
  #besideWorks = false;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, limits: SessionLimits, spill: string) {
    this.#instance = instance;
    this.connection = connection;
    this.limits = limits;
    this.#spill = spill;
  }

  /** Runs a statement whose rows nobody wants. */
  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** Rows as arrays of DuckDB's own values. */
  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.connection.runAndReadAll(sql)).getRows();
  }

  /** Rows as objects of JavaScript values, BIGINT as bigint. */
  async objects(sql: string): Promise<readonly Record<string, unknown>[]> {
    return (await this.connection.runAndReadAll(sql)).getRowObjectsJS();
  }

  /** The columns of a SELECT, without running it. */
  async columns(select: string): Promise<readonly Column[]> {
    const rows = await this.rows(`DESCRIBE ${select}`);
    return rows.map((row) => ({ name: String(row[0]), type: String(row[1]) }));
  }

  /** Keeps operators apart so that the profile counts each node's rows (true), or lets the optimizer do all it can (false). */
  async setCountable(countable: boolean): Promise<void> {
    if (this.#countable === countable) return;
    await this.run(`SET disabled_optimizers = '${countable ? COUNTABLE : ''}'`);
    this.#countable = countable;
  }

  /** Stops what runs; it fails. */
  interrupt(): void {
    this.connection.interrupt();
    if (this.#besideWorks) this.#beside?.interrupt();
  }

  /** How far the statement is that runs, in percent; below zero when that is not known. */
  get progress(): { readonly percentage: number } {
    return this.#besideWorks && this.#beside !== null ? this.#beside.progress : this.connection.progress;
  }

  /** Runs a statement and answers the JSON of its profile. With the same `stamp` the same statement means the same, and is not planned again; null where it never does. */
  async profile(sql: string, stamp: string | null): Promise<string> {
    const explained = `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`;
    const planned = await this.#plannedOf(explained, stamp, this.connection);
    const result = planned === null ? await this.connection.runAndReadAll(explained) : await planned.runAndReadAll();
    return String(result.getRows()[0]?.[1]);
  }

  /** The rows of a SELECT of texts together with its profile, in one pass. */
  async rowsAndProfile(select: string, stamp: string | null): Promise<{ readonly names: readonly string[]; readonly rows: readonly (readonly (string | null)[])[]; readonly profile: string }> {
    const file = join(this.#spill, 'profile.json');
    if (this.#beside === null) {
      mkdirSync(this.#spill, { recursive: true });
      const beside = await this.connect();
      await beside.run(`SET enable_profiling = 'json'; SET profiling_output = ${quoteText(file)}; ${PROFILED}`);
      this.#beside = beside;
    }
    this.#besideWorks = true;
    try {
      const planned = await this.#plannedOf(select, stamp, this.#beside);
      const result = planned === null ? await this.#beside.runAndReadAll(select) : await planned.runAndReadAll();
      return { names: result.deduplicatedColumnNames(), rows: result.getRows() as (string | null)[][], profile: readFileSync(file, 'utf8') };
    } finally {
      this.#besideWorks = false;
    }
  }

  /**
   * A statement's plan from the second time on. Not of one that makes a table, because the catalogue has changed then and it is planned
   * again anyway; nor of one that tells the time, which a plan may hold as it was.
   */
  async #plannedOf(sql: string, stamp: string | null, connection: DuckDBConnection): Promise<DuckDBPreparedStatement | null> {
    if (/^(EXPLAIN \(ANALYZE, FORMAT JSON\) )?CREATE\b/.test(sql) || stamp === null) return null;
    const now = `${stamp} ${this.#countable}`;
    const known = this.#planned.get(sql);
    const again = known?.stamp === now;
    const statement = again ? (known.statement ?? (await connection.prepare(sql))) : null;
    if (known !== undefined && known.statement !== statement) known.statement?.destroySync();
    this.#planned.delete(sql);
    this.#planned.set(sql, { stamp: now, statement });
    for (const [oldest, { statement: old }] of this.#planned) {
      if (this.#planned.size <= PLANNED) break;
      this.#planned.delete(oldest);
      old?.destroySync();
    }
    return statement;
  }

  /** A further connection to the same tables: a result streams over one of its own. The caller closes it. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run(PROGRESS);
    return connection;
  }

  close(): void {
    for (const { statement } of this.#planned.values()) statement?.destroySync();
    this.#planned.clear();
    this.#beside?.closeSync();
    this.connection.closeSync();
    this.#instance.closeSync();
    rmSync(this.#spill, { recursive: true, force: true });
  }
}

let opened = 0;

/** Opens an instance and closes the doors behind it. */
export async function openSession(limits: SessionLimits): Promise<Session> {
  opened += 1;
  const spill = join(limits.scratch, `spill-${process.pid}-${opened}`);
  mkdirSync(spill, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${engineLimitMb(limits.memoryLimitMb)}MiB`,
    temp_directory: spill,
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
    enable_external_file_cache: 'false',
  });
  const connection = await instance.connect();
  const paths = [...new Set([...limits.reads, ...limits.writes])];
  await connection.run(
    [
      `SET allowed_paths = ${paths.length === 0 ? '[]' : quoteList(paths)}`,
      `SET allowed_directories = ${quoteList([limits.scratch, ...(limits.outputs === undefined ? [] : [limits.outputs])].map((folder) => folder + sep))}`,
      'SET enable_external_access = false',
      `SET disabled_optimizers = '${COUNTABLE}'`,
      PROGRESS,
      "SET enable_profiling = 'no_output'",
      PROFILED,
      "SET GLOBAL TimeZone = 'UTC'",
      "SET allowed_configs = ['disabled_optimizers', 'enable_profiling', 'profiling_output', 'custom_profiling_settings', 'enable_progress_bar', 'enable_progress_bar_print']",
      'SET lock_configuration = true',
      `CREATE SCHEMA ${RUN_SCHEMA}`,
    ].join('; '),
  );
  return new Session(instance, connection, limits, spill);
}

/** A worker's warm sessions, the most recently used last. */
export class SessionPool {
  readonly #kept = new Map<string, Promise<Session>>();

  /** A session with exactly these limits, warm if there is one. It belongs to the pool: nobody else closes it. */
  async take(limits: SessionLimits): Promise<Session> {
    const key = JSON.stringify([limits.reads.toSorted(), limits.writes.toSorted(), limits.scratch, limits.outputs, limits.memoryLimitMb, limits.threads]);
    const session = this.#kept.get(key) ?? openSession(limits);
    this.#kept.delete(key);
    this.#kept.set(key, session);
    for (const [oldKey, old] of this.#kept) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldKey);
      (await old.catch(() => null))?.close();
    }
    try {
      return await session;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }

  async close(): Promise<void> {
    const all = await Promise.allSettled(this.#kept.values());
    this.#kept.clear();
    for (const one of all) if (one.status === 'fulfilled') one.value.close();
  }
}

/** Columns of a relation without rows that nothing has given a type: DESCRIBE calls them INTEGER, but they fit whatever is done with them. */
export async function untyped(session: Session, relation: string, columns: readonly Column[]): Promise<ReadonlySet<string>> {
  const [types] = await session.rows(`SELECT typeof(any_value(COLUMNS(*))) FROM (SELECT * FROM ${relation} LIMIT 0)`);
  return new Set(columns.flatMap(({ name }, index) => (types?.[index] === '"NULL"' ? [name] : [])));
}
