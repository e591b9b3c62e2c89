import { test } from 'vitest';
import { postgresqlMissing, startPostgresql } from '../servers/postgresql.testing.ts';
import { sqlDriverFeatures } from '../sql/driver.features.ts';
import driver from './driver.ts';

const missing = postgresqlMissing();

if (missing !== null) test.skip(`PostgreSQL: ${missing}`, () => undefined);
else {
  sqlDriverFeatures('PostgreSQL', driver, 'SELECT pg_sleep(120)', async () => {
    const server = await startPostgresql();
    return {
      connection: server.connection(),
      run: (sql) => server.run(`SET lock_timeout = '1s'; ${sql}`),
      quote: (name) => `"${name.replaceAll('"', '""')}"`,
      series: (count) => `SELECT generate_series(1, ${count}) AS n`,
      misfits: [
        { type: 'integer', good: "'1'", bad: "'abc'", why: /integer/ },
        { type: 'numeric(6,2)', good: '1.25::DECIMAL(10,3)', bad: '1.255::DECIMAL(10,3)', why: /decimals/ },
        { type: 'varchar(3)', good: "'abc'", bad: "'abcd'", why: /too long/ },
        { type: 'text', good: "'abc'", bad: "'a' || chr(0)", why: /NUL/ },
        { type: 'timestamp', good: "TIMESTAMP '2026-01-01'", bad: "TIMESTAMP '290000-01-01 (BC) 00:00:00'", why: /calendar/ },
        { type: 'integer NOT NULL DEFAULT 1', good: '1', bad: 'NULL', why: /null value|not-null/ },
      ],
      // jsonb has a text of its own.
      differs: { record: '{"a": 1, "b": null, "c": [true]}' },
      changing: 'DELETE FROM victim RETURNING id',
      close: () => server.stop(),
    };
  });
}
