import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { sqlDriverFeatures } from '../sql/driver.features.ts';
import driver from './driver.ts';

sqlDriverFeatures('DuckDB', driver, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-duckdb-test-'));
  const path = join(folder, 'data.duckdb');
  return {
    connection: { name: 'db', kind: 'duckdb', settings: { path, create: true }, secrets: {} },
    async run(sql) {
      const instance = await DuckDBInstance.create(path);
      const connection = await instance.connect();
      try {
        return (await connection.runAndReadAll(sql)).getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    },
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    series: (count) => `SELECT i AS n FROM range(1, ${count + 1}) t(i)`,
    slow: 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range % 7 = b.range % 3',
    misfits: [
      { type: 'INTEGER', good: "'12'", bad: "'twelve'", why: /twelve/ },
      { type: 'DECIMAL(6,2)', good: '1.5', bad: '12345.5', why: /DECIMAL/ },
      { type: 'INTEGER', good: '1.0', bad: '1.5', why: /1\.5/ },
      { type: 'DATE', good: "'2026-01-01'", bad: "'yesterday'", why: /yesterday/ },
      { type: 'VARCHAR NOT NULL DEFAULT 1', good: "'a'", bad: 'NULL', why: /NULL/ },
    ],
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
});
