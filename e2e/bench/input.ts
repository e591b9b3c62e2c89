import { existsSync, statSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

/** The same rows every time: id, ts, category (20 values), amount (0 … 1,000, two decimals), note. */
export async function makeInput(path: string, rows: number): Promise<number> {
  if (!existsSync(path)) {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT i AS id, TIMESTAMP '2024-01-01' + INTERVAL (i % 31536000) SECOND AS ts, 'cat' || (hash(i) % 20) AS category,
       round((hash(i * 7 + 1) % 100000) / 100.0, 2) AS amount, 'note ' || (i % 1000) AS note FROM range(${rows}) t(i)) TO '${path}' (HEADER)`,
    );
    connection.closeSync();
    instance.closeSync();
  }
  return statSync(path).size;
}
