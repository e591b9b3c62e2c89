import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlDriverFeatures } from '../sql/driver.features.ts';
import driver from './driver.ts';
import { startOther } from './duckdb.testing.ts';

sqlDriverFeatures('DuckDB', driver, 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range % 7 = b.range % 3', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-duckdb-test-'));
  const path = join(folder, 'data.duckdb');
  const other = startOther(path);
  return {
    connection: { name: 'db', kind: 'duckdb', settings: { path, create: true }, secrets: {} },
    run: (sql) => other.run(sql),
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    series: (count) => `SELECT i AS n FROM range(1, ${count + 1}) t(i)`,
    // A struct is a struct here, not JSON.
    differs: { record: "{'a': 1, 'b': NULL, 'c': [true]}" },
    misfits: [
      { type: 'INTEGER', good: "'12'", bad: "'twelve'", why: /twelve/ },
      { type: 'DECIMAL(6,2)', good: '1.5', bad: '12345.5', why: /DECIMAL/ },
      { type: 'INTEGER', good: '1.0', bad: '1.5', why: /1\.5/ },
      { type: 'DATE', good: "'2026-01-01'", bad: "'yesterday'", why: /yesterday/ },
    ],
    async close() {
      await other.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
