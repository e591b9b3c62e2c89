import { rmSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { EVERY_TYPE, everyType } from '../../connectors/files/every-type.testing.ts';
import { openSession } from '../../dataplane/session.ts';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import source from '../file-excel/run.ts';
import node from './run.ts';

let folder = '';
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (select: string, config: JsonObject = {}) => runNode(node, { path: 'o.xlsx', ...config }, { folder, inputs: { in: select } });
const back = async (config: JsonObject = {}) => (await runNode(source, { path: 'o.xlsx', ...config }, { folder })).outputs['out'];
async function texts(select: string): Promise<readonly (readonly unknown[])[]> {
  const session = await openSession({ reads: [], writes: [], scratch: join(folder, 's'), memoryLimitMb: 256, threads: 1 });
  try {
    return await session.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${select})`);
  } finally {
    session.close();
  }
}

/** What a sheet has types for: these come back as they were, or as the wider type that Excel has. */
const HELD: Readonly<Record<string, string>> = { b: 'BOOLEAN', i8: 'BIGINT', i16: 'BIGINT', i32: 'BIGINT', u8: 'BIGINT', u16: 'BIGINT', u32: 'BIGINT' };

test('what a sheet has types for comes back as it was; everything else comes back as its text, without a digit lost', async () => {
  const names = Object.keys(EVERY_TYPE).filter((name) => !['f32', 'f64', 'd4', 'd9', 'st', 'sl', 'm'].includes(name));
  // A row of nothing but NULLs is an empty row, which reading passes over: each has a number here.
  const select = `SELECT *, row_number() OVER () AS nr FROM (${everyType(names)})`;
  await write(select);
  const found = await back();
  const expected = await texts(select);
  for (const [at, name] of names.entries()) {
    // An empty text is an empty cell; a number among texts is written as short as it can be.
    expect(found?.rows.map((row) => row[at]), name).toEqual(expected.map((row) => (row[at] === '' ? null : row[at] === '-0.0000000001' ? '-1e-10' : row[at])));
    expect(found?.columns[at]?.type, name).toBe(HELD[name] ?? 'VARCHAR');
  }
});

test('structs and maps are texts with quotes, so that each of their values can be told', async () => {
  await write(everyType(['st', 'm']));
  expect((await back())?.rows).toEqual([["{'a': 1, 'b c': NULL}", "{'a': 9007199254740993, 'b': NULL}"], ["{'a': NULL, 'b c': 'x'}", '{}']]);
});

test('dates, times and numbers that Excel can hold are its own', async () => {
  const select = "SELECT DATE '2024-02-29' AS d, TIMESTAMP '2024-02-29 12:00:00.123' AS t, TIMESTAMP_S '1999-12-31 23:59:59' AS s, TIME '23:59:59.999' AS at, 0.1::DOUBLE AS f, 123.45::DECIMAL(9,2) AS dec, 1.5::FLOAT AS f32 UNION ALL SELECT DATE '1900-03-01', TIMESTAMP '1901-01-01', TIMESTAMP_S '2000-01-01 00:00:01', TIME '00:00:01', -1e300, -0.01, -2.25";
  await write(select);
  const found = await back();
  expect(found?.columns.map(({ type }) => type)).toEqual(['DATE', 'TIMESTAMP', 'TIMESTAMP', 'TIME', 'DOUBLE', 'DOUBLE', 'DOUBLE']);
  expect(found?.rows).toEqual(await texts(select));
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(join(folder, 'o.xlsx'));
  expect(book.worksheets[0]?.getCell('A2').value).toEqual(new Date(Date.UTC(2024, 1, 29)));
});

test('letters that XML can’t hold, what looks like an escape, formulas and line ends are texts that come back', async () => {
  const select = String.raw`SELECT unnest(['a' || chr(1) || 'b', '_x0041_', '=1+1', '007', 'two' || chr(13) || chr(10) || 'lines', ' spaces ', '<&>"''']) AS s`;
  await write(select);
  expect((await back())?.rows).toEqual(await texts(select));
});

test('the sheet’s name, without a header, over many batches', async () => {
  await write('SELECT i, i / 2 AS h FROM range(5000) t(i)', { sheet: 'Größe 1', header: false });
  const found = await back({ sheet: 'Größe 1', header: false });
  expect([found?.columns, found?.rows.length, found?.rows[4999]]).toEqual([[{ name: 'A', type: 'BIGINT' }, { name: 'B', type: 'DOUBLE' }], 5000, ['4999', '2499.5']]);
  for (const sheet of ['', 'a/b', 'x'.repeat(32), "'q"]) expect(node.check?.({ path: 'o.xlsx', sheet, header: true })).toMatchObject([{ field: 'sheet' }]);
  expect(node.check?.({ path: 'o.xlsx', sheet: 'Sheet1', header: true })).toEqual([]);
});

test('what does not fit a sheet is told, and no file is left', async () => {
  const failed = write("SELECT repeat('x', 40000) AS t");
  await expect(failed).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('“t”') as string });
  await expect(back()).rejects.toMatchObject({ code: 'io' });
});
