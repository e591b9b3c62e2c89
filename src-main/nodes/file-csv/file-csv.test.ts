import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import node from './run.ts';

let folder = '';
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = async (content: string | Buffer, config: JsonObject = {}) => {
  writeFileSync(join(folder, 'in.csv'), content);
  const outcome = await runNode(node, { path: 'in.csv', ...config }, { folder });
  const { columns = [], rows = [] } = outcome.outputs['out'] ?? {};
  return { ...outcome, names: columns.map((column) => column.name), types: columns.map((column) => column.type), rows };
};

test('types, delimiter and quotes are found', async () => {
  const found = await read('id;when;price;name\n1;2024-05-01;1.5;"a;b"\n2;2024-05-02;2;"say ""hi"""\n');
  expect(found.types).toEqual(['BIGINT', 'DATE', 'DOUBLE', 'VARCHAR']);
  expect(found.rows).toEqual([['1', '2024-05-01', '1.5', 'a;b'], ['2', '2024-05-02', '2.0', 'say "hi"']]);
  expect(found.expectedRows).toBeGreaterThan(1);
});

test('BOM, CRLF, quoted line breaks, empty values and a missing last line end', async () => {
  const found = await read('\uFEFFid,text\r\n1,"two\r\nlines"\r\n2,\r\n3,last');
  expect(found.names).toEqual(['id', 'text']);
  expect(found.rows).toEqual([['1', 'two\r\nlines'], ['2', null], ['3', 'last']]);
});

test('mixed line ends', async () => {
  expect((await read('a,b\r\n1,2\r\n3,4\n5,6\n')).rows).toEqual([['1', '2'], ['3', '4'], ['5', '6']]);
});

test('header only, without header, duplicate names, 200 columns', async () => {
  expect(await read('a,b\n')).toMatchObject({ names: ['a', 'b'], rows: [] });
  expect(await read('1,x\n2,y\n', { skipHeader: false })).toMatchObject({ names: ['column0', 'column1'], rows: [['1', 'x'], ['2', 'y']] });
  expect(await read('1,x\n', { hasHeader: false, columns: { n: 'INTEGER', t: 'VARCHAR' } })).toMatchObject({ names: ['n', 't'], types: ['INTEGER', 'VARCHAR'] });
  expect((await read('a,a,A\n1,2,3\n')).rows).toEqual([['1', '2', '3']]);
  const wide = Array.from({ length: 200 }, (_, n) => `c${n}`);
  expect((await read(`${wide.join()}\n${wide.map((_, n) => n).join()}\n`)).names).toEqual(wide);
});

test('given delimiter, types, NULL texts and the file name', async () => {
  const found = await read('code\tn\n007\tNA\n008\t5\n', { delimiter: '\\t', columns: { code: 'VARCHAR' }, nullValues: ['NA'], filename: true });
  expect(found.types).toEqual(['VARCHAR', 'BIGINT', 'VARCHAR']);
  expect(found.rows).toEqual([['007', null, join(folder, 'in.csv')], ['008', '5', join(folder, 'in.csv')]]);
});

test.each([['latin1', 'latin1'], ['windows-1252', 'win1252'], ['utf-16', 'utf-16']])('%s', async (encoding, how) => {
  expect((await read(iconv.encode('name,n\nJosé,1\n', how), { encoding })).rows).toEqual([['José', '1']]);
});

test('gb18030', async () => {
  expect(await read(iconv.encode('名字,数\n张三,1\n', 'gb18030'), { encoding: 'gb18030' })).toMatchObject({ names: ['名字', '数'], rows: [['张三', '1']] });
});

test('a wrong encoding is told', async () => {
  await expect(read(iconv.encode('name,n\nJosé,1\nMár,2\n', 'latin1'))).rejects.toMatchObject({ code: 'node_failed', message: "The file's bytes don't fit the encoding it is read with." });
  await expect(read('a,b\n', { encoding: 'klingon' })).rejects.toMatchObject({ place: 'encoding' });
});

test('a bad line stops with its number, or is skipped and counted, or collected', async () => {
  const content = 'id,value\n1,10\n2\n3,30\n4,5,6\n';
  await expect(read(content)).rejects.toMatchObject({ place: 'in.csv, line 3', message: 'The line has 1 fields where 2 were expected.' });
  expect(await read(content, { onBadRow: 'skip' })).toMatchObject({ rows: [['1', '10'], ['3', '30']], report: { badRows: 2, firstBadLine: 3 } });
  const { outputs } = await read(content, { onBadRow: 'collect' });
  expect(outputs['rejected']?.rows).toEqual([[join(folder, 'in.csv'), '3', 'value', 'Expected Number of Columns: 2 Found: 1', '2'], [join(folder, 'in.csv'), '5', null, 'Expected Number of Columns: 2 Found: 3', '4,5,6']]);
});

test('a value that does not fit the type that was asked for', async () => {
  await expect(read('n\n1\nx\n', { columns: { n: 'BIGINT' } })).rejects.toMatchObject({ place: 'in.csv, line 3', message: '“x” in column n is not a BIGINT.' });
  await expect(read('num\n1\n', { columns: { nun: 'BIGINT' } })).rejects.toMatchObject({ place: 'columns.nun', remedy: 'Did you mean “num”?' });
});

test('a pattern reads all files as one, by name, with types that hold every value', async () => {
  writeFileSync(join(folder, 'a.csv'), 'id,v\n1,2\n');
  writeFileSync(join(folder, 'b.csv'), 'id,v\n2,2.5\n');
  writeFileSync(join(folder, 'c.csv'), 'v;id;more\n7;3;x\n');
  writeFileSync(join(folder, 'd.csv'), '');
  const { outputs } = await runNode(node, { path: '[a-d].csv' }, { folder });
  expect(outputs['out']?.columns.map((column) => `${column.name} ${column.type}`)).toEqual(['id BIGINT', 'v DOUBLE', 'more VARCHAR']);
  expect(outputs['out']?.rows).toEqual([['1', '2.0', null], ['2', '2.5', null], ['3', '7.0', 'x']]);
});

test('what is not there is told with what is near', async () => {
  writeFileSync(join(folder, 'orders.csv'), 'a\n1\n');
  mkdirSync(join(folder, 'sub'));
  await expect(runNode(node, { path: 'ordres.csv' }, { folder })).rejects.toMatchObject({ code: 'io', place: join(folder, 'ordres.csv'), remedy: 'Did you mean “orders.csv”?' });
  await expect(runNode(node, { path: 'nowhere/x.csv' }, { folder })).rejects.toMatchObject({ code: 'io', message: `The folder ${join(folder, 'nowhere')} doesn't exist.` });
  await expect(runNode(node, { path: 'sub' }, { folder })).rejects.toMatchObject({ code: 'io', message: 'This is a folder, not a file.' });
  await expect(runNode(node, { path: 'sub/*.csv' }, { folder })).rejects.toMatchObject({ code: 'io', message: 'No file matches the pattern.' });
  await expect(read('')).rejects.toMatchObject({ place: 'path', message: 'The file is empty: not even a header line is there.' });
});

test.each([['/dev/zero', 'pipe or a device'], ['https://example.org/a.csv', 'an address'], ['s3://bucket/a.csv', 'an address'], ['a\0.csv', 'NUL']])('%s is refused with its reason', async (path, reason) => {
  await expect(runNode(node, { path }, { folder })).rejects.toMatchObject({ message: expect.stringContaining(reason) });
});
