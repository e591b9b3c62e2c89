import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBatches, TableWriter } from './border.ts';
import { measureBorder } from './border.testing.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';

const scratch = mkdtempSync(join(tmpdir(), 'millrace-border-'));
let session: Session;
beforeAll(async () => {
  session = await openSession({ reads: [], writes: [], scratch, memoryLimitMb: 256, threads: 1 });
});
afterAll(() => {
  session.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** Every row of the SELECT through JavaScript and back. */
async function across(select: string, batchRows?: number): Promise<void> {
  const connection = await session.connect();
  const writer = new TableWriter(connection, 'run', 'back');
  const columns = await session.columns(select);
  const result = await session.connection.stream(select);
  for await (const batch of readBatches(result, batchRows, undefined, columns)) await writer.write({ columns: batch.columns, rows: batch.rows.map((row) => [...row]) });
  await writer.close(columns);
  connection.closeSync();
}

const VALUES: readonly (readonly [string, readonly string[]])[] = [
  ['BOOLEAN', ['true', 'false']],
  ['TINYINT', ['-128', '127']],
  ['UBIGINT', ['0', '18446744073709551615']],
  ['BIGINT', ['-9223372036854775808', '9223372036854775807', '9007199254740993']],
  ['HUGEINT', ["'-170141183460469231731687303715884105728'", "'170141183460469231731687303715884105727'"]],
  ['UHUGEINT', ["'340282366920938463463374607431768211455'"]],
  ['FLOAT', ['0.1', "'nan'", "'-inf'", "'-0'"]],
  ['DOUBLE', ['0.1', "'nan'", "'inf'", "'-inf'", "'-0'", '5e-324']],
  ['DECIMAL(4,1)', ['-999.9', '0.1']],
  ['DECIMAL(38,10)', ["'1234567890123456789012345678.0123456789'"]],
  ['VARCHAR', ["''", "'名字 🜁'", "repeat('x', 10000)"]],
  ['BLOB', ["'\\x00\\xFF\\x10'", "''"]],
  ['UUID', ["'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-4fff-bfff-ffffffffffff'"]],
  ['DATE', ["'0001-01-01'", "'9999-12-31'", "'infinity'", "'-infinity'"]],
  ['TIME', ["'23:59:59.999999'"]],
  ['TIMETZ', ["'12:00:00+05:30'"]],
  ['TIMESTAMP', ["'1969-12-31 23:59:59.999999'", "'infinity'", "'290000-01-01'"]],
  ['TIMESTAMPTZ', ["'2024-03-31 01:30:00+02'", "'-infinity'"]],
  ['TIMESTAMP_NS', ["'2024-01-01 00:00:00.123456789'"]],
  ['TIMESTAMP_S', ["'2024-01-01 00:00:01'"]],
  ['TIMESTAMP_MS', ["'2024-01-01 00:00:00.123'"]],
  ['INTERVAL', ["'14 months -3 days 05:00:00.000001'"]],
  ['BIT', ["'10101'"]],
  ["ENUM('a', 'b')", ["'b'"]],
  ['BIGINT[]', ['[1, NULL, 9223372036854775807]', '[]']],
  ['VARCHAR[2]', ["['a', NULL]"]],
  ['STRUCT(a BIGINT, b VARCHAR[])', ["{'a': 9007199254740993, 'b': ['x', NULL]}", "{'a': NULL, 'b': NULL}"]],
  ['MAP(VARCHAR, DOUBLE)', ["MAP {'a': 'nan'::DOUBLE, 'b': NULL}", 'MAP {}']],
  ['JSON', ["'{\"a\": [1, null]}'"]],
];

test.each(VALUES)('%s crosses the border unchanged', async (type, literals) => {
  const select = `SELECT unnest([${[...literals, 'NULL'].map((one) => `CAST(${one} AS ${type})`).join(', ')}]) AS v`;
  const typed = `SELECT CAST(v AS ${type}) AS v FROM (${select})`;
  await across(typed);
  const shown = 'SELECT typeof(v), CAST(v AS VARCHAR), v IS NULL, hash(v) FROM';
  expect(await session.rows(`${shown} run.back`)).toEqual(await session.rows(`${shown} (${typed})`));
});

test('rows keep their order and number whatever the batch size', async () => {
  for (const size of [1, 100, 2048, 3000, 10_000]) {
    await across('SELECT range AS n FROM range(5000)', size);
    expect(await session.rows('SELECT count(*), count(*) FILTER (n = rowid) FROM run.back')).toEqual([[5000n, 5000n]]);
  }
});

test('no rows make an empty table with the columns', async () => {
  await across("SELECT 1 AS a, 'x' AS b WHERE false");
  expect(await session.columns('FROM run.back')).toEqual([{ name: 'a', type: 'INTEGER' }, { name: 'b', type: 'VARCHAR' }]);
});

test('what a JavaScript node makes itself is taken where it fits, and refused with the column where not', async () => {
  const connection = await session.connect();
  const writer = new TableWriter(connection, 'run', 'back');
  const columns = [{ name: 'n', type: 'BIGINT' }, { name: 't', type: 'VARCHAR' }];
  await writer.write({ columns, rows: [[5, 7], [null, { a: 1 }], [undefined, 'x']] });
  await writer.close([]);
  expect(await session.rows('FROM run.back')).toEqual([[5n, '7'], [null, '{"a":1}'], [null, 'x']]);
  const wrong = new TableWriter(connection, 'run', 'back');
  await expect(wrong.write({ columns, rows: [['no number', 'x']] })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('column n') });
  connection.closeSync();
});

test('the border can be measured', async () => {
  const [figure] = await measureBorder({ rows: 10_000, sizes: [2048], times: 1 });
  expect(figure).toMatchObject({ batchRows: 2048, rowsPerSecond: expect.any(Number) });
});
