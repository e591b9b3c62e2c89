import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkExpression, checkQuery } from './expressions.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';

const scratch = mkdtempSync(join(tmpdir(), 'millrace-expr-'));
let session: Session;
beforeAll(async () => {
  session = await openSession({ reads: [], writes: [], scratch, memoryLimitMb: 128, threads: 1 });
});
afterAll(() => {
  session.close();
  rmSync(scratch, { recursive: true, force: true });
});

test.each(['value > 50', 'upper(name) = \'A\'', 'CASE WHEN a THEN 1 ELSE 2 END', 'x IN (1, 2)', "d BETWEEN DATE '2024-01-01' AND now()", 'list_transform(l, lambda x: x + 1)', 's.field', 'a ->> \'$.b\'', "'a;b'", "'--'"])('%s is an expression', async (text) => {
  await expect(checkExpression(session, text, 'condition')).resolves.toMatchObject({ isSteady: expect.any(Boolean) as boolean });
});

test.each([
  '', ' ', '(SELECT 1)', 'x IN (SELECT 1)', 'EXISTS (FROM t)', 'a, b', 'a AS b', '*', 'COLUMNS(*)', 'a; DROP TABLE t', 'a FROM t', 'a) OR (b', 'a -- comment', 'a /* x */ --', '1 UNION SELECT 2', 'a WHERE b', 'a LIMIT 1', 'DROP TABLE t',
  '$1', '?', "read_text('/etc/passwd') FROM x", 'a GROUP BY ALL', 'a +', "'open", '/*', 'a)', '(a', '#1', 'a\0', "'a\0'", `${'+'.repeat(20_000)}1`, `${'+-'.repeat(20_000)}1`,
])('“%s” is refused', async (text) => {
  await expect(checkExpression(session, text, 'condition')).rejects.toMatchObject({ code: 'node_failed', place: 'condition' });
});

test.each(['row_number() OVER ()', 'sum(a) OVER (ORDER BY b) > 1', 'count(*)', 'a / sum(a)', 'geomean(a)', 'unnest(l)', 'upper(unnest(l))', 'regexp_split_to_table(a, b)', 'row_number()', "main.string_agg(a, ',')", 'MAX(a)'])('%s does not give one value for one row', async (text) => {
  await expect(checkExpression(session, text, 'expression')).rejects.toMatchObject({ place: 'expression', message: expect.stringContaining('computed row by row') });
});

test.each(['list_sum(l)', "list_aggregate(l, 'max')", 'range(3)', "string_split(a, ',')[1]", 'geom_mean IS NULL', 'x -> x + 1 IS NULL', "json_extract(a, '$.b')", 'EPOCH_MS(ts)', 'fdiv(a, 2)', 'array_to_string(l, a)', "a AT TIME ZONE 'UTC'"])('%s gives one', async (text) => {
  await expect(checkExpression(session, text, 'expression')).resolves.toMatchObject({ isSteady: expect.any(Boolean) as boolean });
});

test('a function that there is not is told with the nearest that there is', async () => {
  await expect(checkExpression(session, 'uper(name)', 'condition')).rejects.toMatchObject({ message: 'There is no function “uper”.', remedy: 'Did you mean “upper”?' });
  await expect(checkQuery(session, 'SELECT summ(a) FROM input', 'query', ['input'])).rejects.toMatchObject({ remedy: 'Did you mean “sum”?' });
});

test('a syntax error names its place', async () => {
  await expect(checkExpression(session, 'value > * 5', 'condition')).rejects.toMatchObject({ message: expect.stringMatching(/at character \d+/) });
});

test.each(['SELECT * FROM input', 'FROM input WHERE a > 1', 'WITH t AS (SELECT 1 AS a) SELECT * FROM t JOIN input2 USING (a)', 'SELECT * FROM input, range(3)', 'SELECT (SELECT max(a) FROM input)', 'VALUES (1)', 'SELECT * FROM input WHERE a = $limit', 'SELECT unnest(l) FROM input',
  'WITH input AS (SELECT * FROM input) FROM input', 'WITH a AS (SELECT 1), b AS (FROM a) FROM b', 'WITH a AS (SELECT 1) SELECT (SELECT count(*) FROM a) UNION FROM a', 'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 3) FROM T',
])('%s is a query', async (text) => {
  await expect(checkQuery(session, text, 'query', ['input', 'input2'])).resolves.toMatchObject({ parameters: expect.any(Array) as unknown[] });
});

test.each([
  "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "FROM glob('*')", "FROM read_text('x')", 'FROM duckdb_settings()', 'FROM other', 'FROM information_schema.tables', 'SELECT 1; SELECT 2', 'DROP TABLE input', "COPY input TO 'x'", 'SELECT 1) UNION (SELECT 2',
  "SELECT * FROM query('DROP TABLE input')", 'SUMMARIZE input', 'DESCRIBE input', 'SHOW TABLES', "SELECT (SELECT content FROM read_text('x'))", "FROM parquet_scan('x')", "ATTACH 'x'", "SET threads = 1", '',
  // A CTE of that name elsewhere does not make a file or a table of the engine an input.
  'FROM "x.csv", (WITH "x.csv" AS (SELECT 1) SELECT 1)', 'WITH "x.csv" AS (FROM "x.csv") FROM "x.csv"', 'WITH duckdb_tables AS (FROM duckdb_tables) FROM duckdb_tables', 'WITH a AS (FROM b), b AS (SELECT 1) FROM a',
  'WITH RECURSIVE t AS (SELECT n FROM t UNION ALL SELECT 1) FROM t', 'SELECT 1\0',
])('“%s” is no query over its inputs', async (text) => {
  await expect(checkQuery(session, text, 'query', ['input'])).rejects.toMatchObject({ code: 'node_failed', place: 'query' });
});

test('a long text is told by its beginning', async () => {
  const refused = await checkExpression(session, `(${'a + '.repeat(5000)}`, 'condition').then(() => '', (error: Error) => error.message);
  expect(refused.length).toBeLessThan(500);
  expect(refused).not.toBe('');
});

test('parameters are named', async () => {
  expect(await checkQuery(session, 'SELECT * FROM input WHERE a = $low AND b < $high', 'query', ['input'])).toEqual({ isSteady: true, parameters: [{ name: 'high' }, { name: 'low' }] });
});
