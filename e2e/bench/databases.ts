import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import Sqlite from 'better-sqlite3';
import { mariadbMissing, startMariadb } from '../../src-main/connectors/servers/mariadb.testing.ts';
import { postgresqlMissing, startPostgresql } from '../../src-main/connectors/servers/postgresql.testing.ts';
import { connect } from './duel.ts';
import type { Duel } from './duel.ts';
import { measure } from './process.ts';
import { countRows, createTable, CSV_TYPES } from './rows.ts';

/** A database that the bench has started, with the table `orders` filled and the empty table `target`. */
export interface Arena {
  readonly duels: readonly Duel[];
  readonly connection: string;
  /** A query that gives so many rows of eight columns without a table; null where it is not asked for. */
  readonly series: ((rows: number) => string) | null;
  readonly stop: () => Promise<void>;
}

export interface ArenaPlan {
  readonly folder: string;
  /** The rows as CSV without a header. */
  readonly csv: string;
  readonly rows: number;
}

interface Sides {
  readonly connection: string;
  readonly read: { readonly name: string; readonly command: (csv: string) => string; readonly delimiter?: string };
  readonly write: { readonly name: string; readonly command: (csv: string) => string };
  readonly env?: Readonly<Record<string, string>>;
  /** Empties `target`, and says how many rows it has. */
  readonly clear: () => unknown;
  readonly count: () => Promise<number> | number;
}

/** Queries that give so many rows of eight columns, in each database's SQL. */
const SERIES = {
  postgresql: (rows: number): string => `SELECT i AS id, timestamp '2024-01-01' + (i % 31536000) * interval '1 second' AS placed, date '2024-01-01' + (i % 366)::int AS day, 'cat' || i % 20 AS category, i / 128.0::float8 AS amount, (i % 10000000 / 100.0)::numeric(12, 2) AS price, (i % 100)::int AS quantity, 'note number ' || i % 1000 AS note FROM generate_series(1, ${rows}::bigint) t(i)`,
  mysql: (rows: number): string => `SELECT seq AS id, timestamp '2024-01-01 00:00:00' + interval (seq % 31536000) second AS placed, date '2024-01-01' AS day, concat('cat', seq % 20) AS category, seq / 128e0 AS amount, cast(seq % 10000000 / 100 AS decimal(12, 2)) AS price, seq % 100 AS quantity, concat('note number ', seq % 1000) AS note FROM seq_1_to_${rows}`,
  sqlite: (rows: number): string => `WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < ${rows}) SELECT i AS id, datetime(1704067200 + i, 'unixepoch') AS placed, '2024-01-01' AS day, 'cat' || i % 20 AS category, i / 128.0 AS amount, (i % 10000000) / 100.0 AS price, i % 100 AS quantity, 'note number ' || i % 1000 AS note FROM t`,
  duckdb: (rows: number): string => `SELECT i AS id, TIMESTAMP '2024-01-01' + INTERVAL (i % 31536000) SECOND AS placed, DATE '2024-01-01' AS day, 'cat' || i % 20 AS category, i / 128.0 AS amount, (i % 10000000 / 100.0)::DECIMAL(12, 2) AS price, (i % 100)::INTEGER AS quantity, 'note number ' || i % 1000 AS note FROM range(${rows}) t(i)`,
};

/** Both directions: the table into a CSV file, and the file into a table. */
function bothWays({ folder, csv, rows }: ArenaPlan, { connection, read, write, env, clear, count }: Sides): readonly Duel[] {
  const out = join(folder, 'read.csv');
  const common = env === undefined ? {} : { env };
  const expectRows = (found: number): void => {
    if (found !== rows) throw new Error(`${connection}: ${found} rows came instead of ${rows}.`);
  };
  return [
    {
      ...common,
      name: `from ${connection} (${read.name})`,
      amount: rows,
      tool: read.command(out),
      nodes: () => [['source', 'sql.query', { connection, query: 'SELECT * FROM orders' }], ['sink', 'file.text', { path: out, format: 'csv', header: false }]],
      clear: () => rmSync(out, { force: true }),
      check: async (who) => expectRows(await countRows(out, who === 'tool' ? read.delimiter : ',')),
    },
    {
      ...common,
      name: `to ${connection} (${write.name})`,
      amount: rows,
      tool: write.command(csv),
      nodes: () => [['source', 'file.csv', { path: csv, skipHeader: false, delimiter: ',' }], ['transform', 'sql.transform', { query: namedAndTyped() }], ['sink', 'sql.write', { connection, table: 'target', mode: 'insert' }]],
      clear,
      check: async () => expectRows(await count()),
    },
  ];
}

/** The columns of a file without a header, with their names and types. */
const namedAndTyped = (): string => `SELECT ${Object.entries(CSV_TYPES).map(([name, type], index) => `column${index}::${type} AS ${name}`).join(', ')} FROM input`;

async function postgresql(plan: ArenaPlan): Promise<Arena | string> {
  const missing = postgresqlMissing();
  if (missing !== null) return missing;
  const server = await startPostgresql({ config: ['max_wal_size=4GB', 'checkpoint_timeout=30min'] });
  const { settings, secrets } = server.connection();
  const { user, database } = settings as { readonly user: string; readonly database: string };
  const password = secrets['password'] ?? '';
  const psql = (command: string): string => `psql -q -h 127.0.0.1 -p ${server.port} -U '${user}' -d '${database}' -c "${command}"`;
  await connect(plan.folder, 'PostgreSQL', 'postgresql', { host: '127.0.0.1', port: server.port, user, database }, { field: 'password', value: password });
  await server.run(`${createTable('orders')}; ${createTable('target')}`);
  await measure('bash', ['-c', psql(`\\copy orders FROM '${plan.csv}' CSV`)], { env: { PGPASSWORD: password } });
  await server.run('VACUUM ANALYZE orders');
  const duels = bothWays(plan, {
    connection: 'PostgreSQL',
    env: { PGPASSWORD: password },
    read: { name: 'psql \\copy', command: (csv) => psql(`\\copy orders TO '${csv}' CSV`) },
    write: { name: 'psql \\copy', command: (csv) => psql(`\\copy target FROM '${csv}' CSV`) },
    clear: () => server.run('TRUNCATE target'),
    count: async () => Number((await server.run('SELECT count(*) FROM target'))[0]?.[0]),
  });
  return { duels, connection: 'PostgreSQL', series: SERIES.postgresql, stop: () => server.stop() };
}

const bare = join(import.meta.dirname, 'bare.js');
const loop = (library: string, direction: 'from' | 'to', database: string) => (csv: string): string => `'${process.execPath}' '${bare}' ${library} ${direction} '${database}' '${csv}'`;

async function mysql(plan: ArenaPlan): Promise<Arena | string> {
  const missing = mariadbMissing();
  if (missing !== null) return missing;
  const server = await startMariadb({ args: ['--local-infile=1'] });
  const { settings, secrets } = server.connection();
  const { user, database } = settings as { readonly user: string; readonly database: string };
  const password = secrets['password'] ?? '';
  const client = (options: string, sql: string): string => `mariadb --no-defaults ${options} -h 127.0.0.1 -P ${server.port} -u '${user}' -e "${sql}" '${database}'`;
  await connect(plan.folder, 'MariaDB', 'mysql', { host: '127.0.0.1', port: server.port, user, database }, { field: 'password', value: password });
  for (const table of ['orders', 'target']) await server.run(createTable(table, { TIMESTAMP: 'DATETIME' }));
  const load = (table: string) => (csv: string): string => client('--local-infile=1', `LOAD DATA LOCAL INFILE '${csv}' INTO TABLE ${table} FIELDS TERMINATED BY ','`);
  await measure('bash', ['-c', load('orders')(plan.csv)], { env: { MYSQL_PWD: password } });
  const duels = bothWays(plan, {
    connection: 'MariaDB',
    env: { MYSQL_PWD: password },
    read: { name: 'mariadb --quick', command: (csv) => `${client('--batch --raw --quick --skip-column-names', 'SELECT * FROM orders')} > '${csv}'`, delimiter: '\\t' },
    write: { name: 'LOAD DATA', command: load('target') },
    clear: () => server.run('TRUNCATE target'),
    count: async () => Number((await server.run('SELECT count(*) FROM target'))[0]?.[0]),
  });
  return { duels, connection: 'MariaDB', series: SERIES.mysql, stop: () => server.stop() };
}

async function sqlite(plan: ArenaPlan): Promise<Arena> {
  const file = join(plan.folder, 'bench.sqlite');
  const names = { TIMESTAMP: 'TEXT', DATE: 'TEXT', 'DECIMAL(12,2)': 'TEXT', 'DOUBLE PRECISION': 'REAL' };
  const db = new Sqlite(file);
  db.exec(`PRAGMA journal_mode = WAL; ${createTable('orders', names)}; ${createTable('target', names)}`);
  await measure('bash', ['-c', loop('sqlite', 'to', file)(plan.csv)]);
  db.exec('INSERT INTO orders SELECT * FROM target');
  await connect(plan.folder, 'SQLite', 'sqlite', { path: file });
  const duels = bothWays(plan, {
    connection: 'SQLite',
    read: { name: 'a loop of better-sqlite3', command: loop('sqlite', 'from', file) },
    write: { name: 'a loop of better-sqlite3', command: loop('sqlite', 'to', file) },
    clear: () => db.exec('DELETE FROM target'),
    count: () => db.prepare('SELECT count(*) FROM target').pluck().get() as number,
  });
  return { duels, connection: 'SQLite', series: SERIES.sqlite, stop: () => Promise.resolve(void db.close()) };
}

async function duckdb(plan: ArenaPlan): Promise<Arena> {
  const file = join(plan.folder, 'bench.duckdb');
  /** Opened for one statement: DuckDB has its file alone. */
  const ask = async (sql: string): Promise<unknown> => {
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    const [first] = (await connection.runAndReadAll(sql)).getRows();
    connection.closeSync();
    instance.closeSync();
    return first?.[0];
  };
  await ask(`${createTable('orders')}; ${createTable('target')}; COPY orders FROM '${plan.csv}' (FORMAT csv, HEADER false)`);
  await connect(plan.folder, 'DuckDB', 'duckdb', { path: file });
  const duels = bothWays(plan, {
    connection: 'DuckDB',
    read: { name: 'COPY alone', command: loop('duckdb', 'from', file) },
    write: { name: 'COPY alone', command: loop('duckdb', 'to', file) },
    clear: () => ask('TRUNCATE target'),
    count: async () => Number(await ask('SELECT count(*) FROM target')),
  });
  return { duels, connection: 'DuckDB', series: SERIES.duckdb, stop: () => Promise.resolve() };
}

/** By kind of connection; a reason where it can't be started here. */
export const ARENAS: Readonly<Record<string, (plan: ArenaPlan) => Promise<Arena | string>>> = { postgresql, mysql, sqlite, duckdb };
