import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { tableFromIPC } from 'apache-arrow';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSession } from '../../dataplane/session.ts';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import type { TestRows } from '../../dataplane/node.testing.ts';
import node from './run.ts';

let folder: string;
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = async (config: Parameters<typeof runNode>[1], rows: TestRows) => (await runNode(node, config, { folder, inputs: { in: rows } })).files;
const LINES = "SELECT unnest(['a,b', 'say \"x\"', NULL, '', ' sp ', '#c']) AS value, 7 AS line";
const WIDE = "SELECT 9223372036854775807::BIGINT AS i, 12345678901234567.89::DECIMAL(20,2) AS d, 'nan'::DOUBLE AS f, '\\xAA\\x00'::BLOB AS b, TIMESTAMPTZ '2026-01-02 03:04:05.678901+02' AS t, DATE '2026-01-02' AS day, NULL::INTEGER AS n, 'é' AS s, (-5)::HUGEINT AS h, [1, 2] AS l";

test('text is the value column as it stands, one a line, NULL empty', async () => {
  expect(await write({ path: 'o.txt' }, LINES)).toEqual({ 'o.txt': 'a,b\nsay "x"\n\n\n sp \n#c\n' });
  expect(await write({ path: 'o.txt', column: 'line' }, 'SELECT 1 AS value, 7 AS line')).toEqual({ 'o.txt': '7\n' });
  expect(await write({ path: 'o.txt' }, [{ a: 1, b: null, c: 'x' }])).toEqual({ 'o.txt': '1\t\tx\n' });
});

test('CSV has delimiter and header', async () => {
  expect(await write({ path: 'o.csv', delimiter: ';' }, [{ a: 1, b: 'x;y' }])).toEqual({ 'o.csv': 'a;b\n1;"x;y"\n' });
});

test('JSON stays JSON and keeps long numbers', async () => {
  const { 'o.ndjson': lines } = await write({ path: 'o.ndjson' }, WIDE);
  expect(lines).toContain('"i":9223372036854775807');
  expect(lines).toContain('12345678901234567.89');
  expect(JSON.parse(lines ?? '')).toMatchObject({ f: 'nan', n: null, s: 'é' });
  expect(JSON.parse((await write({ path: 'o.json' }, 'SELECT 1 AS a FROM range(2)'))['o.json'] ?? '')).toEqual([{ a: 1 }, { a: 1 }]);
});

test('parquet keeps every type, 128-bit integers as decimals', async () => {
  await write({ path: 'o.parquet' }, WIDE);
  const session = await openSession({ reads: [join(folder, 'o.parquet')], writes: [], scratch: join(folder, 's'), memoryLimitMb: 256, threads: 1 });
  const [row] = await session.rows(`SELECT i::VARCHAR, d::VARCHAR, f::VARCHAR, b::VARCHAR, t::VARCHAR, h::VARCHAR FROM read_parquet('${join(folder, 'o.parquet')}')`);
  session.close();
  expect(row).toEqual(['9223372036854775807', '12345678901234567.89', 'nan', '\\xAA\\x00', '2026-01-02 01:04:05.678901+00', '-5']);
});

test('gzip and zstd go by the ending or by name', async () => {
  await write({ path: 'o.csv.gz' }, [{ a: 1 }]);
  expect(gunzipSync(readFileSync(join(folder, 'o.csv.gz'))).toString()).toBe('a\n1\n');
  await write({ path: 'o.txt', compression: 'zstd' }, [{ a: 1 }]);
  expect(zstdDecompressSync(readFileSync(join(folder, 'o.txt'))).toString()).toBe('1\n');
});

test('arrow is read back with its types, over several batches', async () => {
  await write({ path: 'o.arrow' }, WIDE);
  const table = tableFromIPC(readFileSync(join(folder, 'o.arrow')));
  const row = table.get(0);
  expect(row?.['i']).toBe(9223372036854775807n);
  expect(String(table.schema.fields[1]?.type)).toContain('Decimal');
  expect([...(row?.['d'] as Uint32Array | undefined ?? [])].reduceRight((sum, word) => (sum << 32n) + BigInt(word), 0n)).toBe(1234567890123456789n);
  expect(row?.['f']).toBeNaN();
  expect([...(row?.['b'] as Uint8Array | undefined ?? [])]).toEqual([0xaa, 0]);
  expect(row?.['t']).toBeCloseTo(Date.parse('2026-01-02T01:04:05.678Z') + 0.901, 2);
  expect(row?.['day']).toBe(Date.UTC(2026, 0, 2));
  expect(row?.['n']).toBeNull();
  expect([row?.['s'], [...(row?.['l'] as Iterable<number> | undefined ?? [])]]).toEqual(['é', [1, 2]]);
  await write({ path: 'many.arrow' }, 'SELECT i FROM range(50000) t(i)');
  const many = tableFromIPC(readFileSync(join(folder, 'many.arrow')));
  expect([many.numRows, many.get(49_999)?.['i']]).toEqual([50_000, 49_999n]);
});

test('xlsx is read back; long numbers and zones are text, so that no digit is lost', async () => {
  await write({ path: 'o.xlsx' }, WIDE);
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(join(folder, 'o.xlsx'));
  const sheet = book.worksheets[0];
  const cells = (row: number): unknown[] => ((sheet?.getRow(row).values ?? []) as unknown[]).slice(1);
  expect(cells(1)).toEqual(['i', 'd', 'f', 'b', 't', 'day', 'n', 's', 'h', 'l']);
  expect(cells(2)).toEqual(['9223372036854775807', '12345678901234567.89', 'NaN', '\\xAA\\x00', '2026-01-02 01:04:05.678901+00', new Date('2026-01-02T00:00:00Z'), undefined, 'é', -5, '[1, 2]']);
});

test('a sheet that would be too large is refused and leaves nothing', async () => {
  await expect(write({ path: 'o.xlsx' }, "SELECT repeat('x', 40000) AS t")).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('32,767') });
  expect(readdirSync(folder).filter((name) => name.startsWith('o.'))).toEqual([]);
});

test('the path knows date, time and run; unknown words and bad pairs are refused', async () => {
  expect(Object.keys(await write({ path: 'sub-{runId}-{date}.txt' }, [{ a: 1 }]))).toEqual(['sub-run-test-2026-03-04.txt']);
  const base = { format: 'auto', append: false, header: true, delimiter: ',', compression: 'auto' };
  expect(node.check?.({ ...base, path: '{dat}.csv' })).toMatchObject([{ field: 'path' }]);
  expect(node.check?.({ ...base, path: 'a.parquet', append: true })).toMatchObject([{ field: 'append' }]);
  expect(node.check?.({ ...base, path: 'a.xlsx', compression: 'gzip' })).toMatchObject([{ field: 'compression' }]);
  expect([node.fusing({ ...base, path: 'a.xlsx' }), node.fusing({ ...base, path: 'a.csv' }), node.fusing({ ...base, path: 'a.jsonl.gz' })]).toEqual(['stream', 'sink', 'sink']);
});

test('an unknown column and a folder in the place of the file are refused', async () => {
  await expect(write({ path: 'o.txt', column: 'valeu' }, [{ value: 1 }])).rejects.toMatchObject({ place: 'column', remedy: expect.stringContaining('“value”') });
  mkdirSync(join(folder, 'o.arrow'));
  await expect(write({ path: 'o.arrow' }, [{ value: 1 }])).rejects.toMatchObject({ code: 'io', place: join(folder, 'o.arrow') });
});

test('an address is no place to write', async () => {
  await expect(write({ path: 'https://example.org/a.csv' }, [{ value: 1 }])).rejects.toMatchObject({ message: expect.stringContaining('an address') });
  expect(readdirSync(folder).filter((name) => name.startsWith('https'))).toEqual([]);
});
