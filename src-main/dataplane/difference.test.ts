import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Column } from '#shared/data';
import { differenceOf } from './difference.ts';
import { keepRows, keptPath } from './kept.ts';
import type { RowsSource } from './protocol.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-difference-'));
  session = await openSession({ reads: [], writes: [], scratch: join(folder, 'scratch'), outputs: join(folder, 'outputs'), memoryLimitMb: 512, threads: 2 });
});
afterAll(() => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
});

async function file(select: string): Promise<RowsSource> {
  await session.run(`CREATE OR REPLACE TABLE run.original AS ${select}`);
  const { hash } = await keepRows(session, 'run.original', join(folder, 'outputs'), new AbortController().signal);
  return { kind: 'file', path: keptPath(join(folder, 'outputs'), hash) };
}
const sample = (columns: readonly (readonly [string, string])[], ...rows: readonly (readonly (string | null)[])[]): RowsSource => ({ kind: 'sample', sample: { columns: columns.map(([name, type]): Column => ({ name, type })), rows: rows.map((row) => [...row]), partial: false } });
const differ = async (left: RowsSource | string, right: RowsSource | string, limit = 100) =>
  differenceOf(session, { kind: 'difference', left: typeof left === 'string' ? await file(left) : left, right: typeof right === 'string' ? await file(right) : right, limit });

test('the same rows in another order do not differ: NULL is NULL and NaN is NaN', async () => {
  const found = await differ("SELECT * FROM (VALUES (1, 'nan'::DOUBLE, 'a'), (2, NULL, NULL), (2, NULL, NULL)) t(i, d, s)", "SELECT * FROM (VALUES (2, NULL, NULL), (1, 'nan'::DOUBLE, 'a'), (2, NULL, NULL)) t(i, d, s)");
  expect(found).toMatchObject({ leftRows: 3, rightRows: 3, same: 3, onlyLeft: 0, onlyRight: 0, left: { rows: [] }, right: { rows: [] } });
});

test('rows are counted as often as they are there', async () => {
  const found = await differ('SELECT * FROM (VALUES (1), (1), (1), (2), (3)) t(i)', 'SELECT * FROM (VALUES (1), (2), (2), (4)) t(i)');
  expect(found).toMatchObject({ leftRows: 5, rightRows: 4, same: 2, onlyLeft: 3, onlyRight: 2 });
  expect([found.left.rows, found.right.rows]).toEqual([[['1'], ['1'], ['3']], [['2'], ['4']]]);
});

test('columns of one side are told and left out; other types are compared by their texts', async () => {
  const found = await differ("SELECT 1 AS id, 'x' AS gone, 1.5::DOUBLE AS v", "SELECT 1::VARCHAR AS id, true AS new, 1.5::DOUBLE AS v");
  expect(found).toMatchObject({ same: 1, onlyLeft: 0, onlyRight: 0 });
  expect(found.columns).toEqual([
    { name: 'id', left: 'INTEGER', right: 'VARCHAR' }, { name: 'gone', left: 'VARCHAR', right: null }, { name: 'v', left: 'DOUBLE', right: 'DOUBLE' }, { name: 'new', left: null, right: 'BOOLEAN' },
  ]);
});

test('without a common column nothing is the same', async () => {
  expect(await differ('SELECT 1 AS a', 'SELECT 1 AS b')).toMatchObject({ same: 0, onlyLeft: 1, onlyRight: 1, left: { columns: [], rows: [] } });
});

test('types that Parquet does not have are compared as what they are', async () => {
  const value = "INTERVAL '-1 month' AS i, 170141183460469231731687303715884105727::HUGEINT AS h, MAP {'a': [1]} AS m, union_value(n := 1) AS u, {'a': [NULL]} AS s, '{}'::JSON AS j, '\\x00'::BLOB AS b, 1::VARIANT AS v";
  expect(await differ(`SELECT ${value}`, `SELECT ${value}`)).toMatchObject({ same: 1, onlyLeft: 0, onlyRight: 0 });
  expect(await differ(`SELECT ${value}`, `SELECT ${value.replace("'-1 month'", "'-1 day'")}`)).toMatchObject({ same: 0, onlyLeft: 1, onlyRight: 1 });
});

test('samples are compared by their texts, with each other and with a whole output; their quotes stay texts', async () => {
  const nasty = `it's'); DROP TABLE run.original; --`;
  const one = sample([['n "x"', 'BIGINT'], ['t', 'VARCHAR']], ['1', nasty], ['2', null], ['2', 'a\0b']);
  expect(await differ(one, sample([['n "x"', 'BIGINT'], ['t', 'VARCHAR']], ['2', 'a\0b'], ['1', nasty]))).toMatchObject({ leftRows: 3, rightRows: 2, same: 2, onlyLeft: 1, left: { rows: [['2', null]] } });
  expect(await differ(one, `SELECT 2::BIGINT AS "n ""x""", NULL::VARCHAR AS t`)).toMatchObject({ same: 1, onlyLeft: 2, onlyRight: 0 });
  expect(await differ(sample([]), sample([['a', 'BIGINT']]))).toMatchObject({ leftRows: 0, rightRows: 0, same: 0 });
});

test('only the first rows of many are shown', async () => {
  const found = await differ('SELECT range AS i FROM range(100000)', 'SELECT range + 50000 AS i FROM range(100000)', 5);
  expect(found).toMatchObject({ same: 50_000, onlyLeft: 50_000, onlyRight: 50_000 });
  expect(found.left).toEqual({ columns: [{ name: 'i', type: 'BIGINT' }], rows: [['0'], ['1'], ['2'], ['3'], ['4']], partial: true });
  const many = await differ('SELECT 7 AS i FROM range(1000)', 'SELECT 7 AS i FROM range(10)', 3);
  expect(many.left.rows).toEqual([['7'], ['7'], ['7']]);
});
