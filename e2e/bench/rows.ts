import { existsSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

/** Eight columns as tables of orders have them, in the SQL of each database. */
export const COLUMNS = [
  ['id', 'BIGINT'],
  ['placed', 'TIMESTAMP'],
  ['day', 'DATE'],
  ['category', 'VARCHAR(20)'],
  ['amount', 'DOUBLE PRECISION'],
  ['price', 'DECIMAL(12,2)'],
  ['quantity', 'INTEGER'],
  ['note', 'VARCHAR(40)'],
] as const;

/** What makes the table; MySQL and MariaDB have other names for two of its types. */
export const createTable = (name: string, names: Readonly<Record<string, string>> = {}): string => `CREATE TABLE ${name} (${COLUMNS.map(([column, type]) => `${column} ${names[type] ?? type}`).join(', ')})`;

/** The types as `file.csv` is told them. */
export const CSV_TYPES = Object.fromEntries(COLUMNS.map(([column, type]) => [column, type.replace(/^DOUBLE PRECISION$/u, 'DOUBLE').replace(/^VARCHAR\(\d+\)$/u, 'VARCHAR')]));

/** The first value that a statement gives. */
async function askDuckDb(sql: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows()[0]?.[0];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** So many rows, the same every time, as CSV without a header: what bulk loaders read. */
export async function makeRows(path: string, rows: number): Promise<void> {
  if (existsSync(path)) return;
  await askDuckDb(
    `COPY (SELECT i AS id, TIMESTAMP '2024-01-01' + INTERVAL (i % 31536000) SECOND AS placed, DATE '2024-01-01' + (i % 366)::INTEGER AS day, 'cat' || (hash(i) % 20) AS category,
     (hash(i * 7 + 1) % 1000000) / 128.0 AS amount, ((hash(i * 3) % 10000000) / 100.0)::DECIMAL(12, 2) AS price, (hash(i * 5) % 100)::INTEGER AS quantity, 'note number ' || (i % 1000) AS note FROM range(${rows}) t(i)) TO '${path}' (FORMAT csv, HEADER false)`,
  );
}

/** How many rows a CSV file without a header holds. */
export const countRows = async (path: string, delimiter = ','): Promise<number> => Number(await askDuckDb(`SELECT count(*) FROM read_csv('${path}', header = false, delim = '${delimiter}', all_varchar = true)`));
