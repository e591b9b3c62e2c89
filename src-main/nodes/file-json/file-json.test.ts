import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import node from './run.ts';

let folder = '';
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const DATA = join(import.meta.dirname, '../../../node_modules/vega-datasets/data');
const read = async (content: string | Buffer | null, config: JsonObject = {}) => {
  if (content !== null) writeFileSync(join(folder, 'in.json'), content);
  const { outputs, report, console: lines } = await runNode(node, { path: 'in.json', ...config }, { folder });
  const { columns = [], rows = [] } = outputs['out'] ?? {};
  return { columns: columns.map(({ name, type }) => `${name} ${type}`), rows, rejected: outputs['rejected']?.rows ?? [], report, lines };
};

test('real data: penguins, an array of objects with spaces in their keys and NULLs', async () => {
  copyFileSync(join(DATA, 'penguins.json'), join(folder, 'in.json'));
  const { columns, rows } = await read(null);
  expect(columns).toEqual(['Species VARCHAR', 'Island VARCHAR', 'Beak Length (mm) DOUBLE', 'Beak Depth (mm) DOUBLE', 'Flipper Length (mm) BIGINT', 'Body Mass (g) BIGINT', 'Sex VARCHAR']);
  expect(rows).toHaveLength(344);
  expect(rows[3]).toEqual(['Adelie', 'Torgersen', null, null, null, null, null]);
});

test('an array, lines and gzip are told apart; keys that only some objects have are columns; long integers stay', async () => {
  expect(await read('[{"a":1},{"b":"x","a":9007199254740993}]')).toMatchObject({ columns: ['a BIGINT', 'b VARCHAR'], rows: [['1', null], ['9007199254740993', 'x']] });
  expect(await read('{"a":1}\r\n\r\n{"a":2.5}\r\n')).toMatchObject({ columns: ['a DOUBLE'], rows: [['1.0'], ['2.5']] });
  writeFileSync(join(folder, 'z.json.gz'), gzipSync('{"a":[1,{"b":2}]}\n'));
  expect(await read(null, { path: 'z.json.gz' })).toMatchObject({ columns: ['a JSON[]'] });
});

test('a key that comes late is a column all the same', async () => {
  const many = Array.from({ length: 30_000 }, (_, n) => `{"n":${n}}`).join('\n');
  const { columns, rows } = await read(`${many}\n{"n":0,"late":true}\n`);
  expect([columns, rows.length, rows.at(-1)]).toEqual([['n BIGINT', 'late BOOLEAN'], 30_001, ['0', 'true']]);
});

test('bare values are one column `value`; an object’s only key may be called json', async () => {
  expect(await read('[1,2,3]')).toMatchObject({ columns: ['value BIGINT'], rows: [['1'], ['2'], ['3']] });
  expect(await read('"a"\n"b"\n', { format: 'lines', onBadRow: 'skip' })).toMatchObject({ columns: ['value VARCHAR'], rows: [['a'], ['b']] });
  expect(await read('[{"json":1}]')).toMatchObject({ columns: ['json BIGINT'], rows: [['1']] });
});

test('types may be given; a name that no object has is told with the nearest', async () => {
  expect(await read('[{"code":"007","when":"2024-01-01","money":"12345678901234567.89"}]', { columns: { when: 'DATE', money: 'DECIMAL(20,2)' } })).toMatchObject({ columns: ['code VARCHAR', 'when DATE', 'money DECIMAL(20,2)'], rows: [['007', '2024-01-01', '12345678901234567.89']] });
  await expect(read('[{"price":1}]', { columns: { prize: 'BIGINT' } })).rejects.toMatchObject({ place: 'columns.prize', remedy: 'Did you mean “price”?' });
});

test('many files are one, with their names', async () => {
  writeFileSync(join(folder, 'a.ndjson'), '{"a":1}\n');
  writeFileSync(join(folder, 'b.ndjson'), '{"b":2}\n');
  writeFileSync(join(folder, 'c.ndjson'), '');
  const { columns, rows } = await read(null, { path: '*.ndjson', filename: true });
  expect([columns, rows]).toEqual([['a BIGINT', 'b BIGINT', 'filename VARCHAR'], [['1', null, join(folder, 'a.ndjson')], [null, '2', join(folder, 'b.ndjson')]]]);
});

const BAD = '{"a":1,"b":"x"}\n{"a":\n{"a":null,"b":null}\n{"a":"word"}\n[1]\n{"a":4,"c/d~":{"e":[1]}}\n';

test('a bad line stops with its place', async () => {
  await expect(read(BAD, { format: 'lines' })).rejects.toMatchObject({ code: 'node_failed', place: 'in.json, line 2', message: expect.stringContaining('no JSON') as string, remedy: expect.any(String) as string });
  await expect(read('[{"a":1},{"a":2')).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('ends too early') as string, place: expect.stringContaining('in.json') as string });
  await expect(read('{"a":1}\n{"a":"x"}\n', { columns: { a: 'BIGINT' } })).rejects.toMatchObject({ code: 'node_failed', place: 'in.json, line 2' });
});

test('bad lines are left out and counted, or collected, and rows of NULLs are no bad lines', async () => {
  const types = { columns: { a: 'BIGINT' } };
  expect(await read(BAD, { onBadRow: 'skip', ...types })).toMatchObject({ columns: ['a BIGINT', 'b VARCHAR', 'c/d~ STRUCT(e BIGINT[])'], rows: [['1', 'x', null], [null, null, null], ['4', null, "{'e': [1]}"]], report: { badRows: 3, firstBadRecord: 2 } });
  const { rejected } = await read(BAD, { onBadRow: 'collect', ...types });
  expect(rejected).toEqual([
    [join(folder, 'in.json'), '2', 'This is not JSON.', '{"a":'], [join(folder, 'in.json'), '4', 'The value of “a” is not a BIGINT.', '{"a":"word"}'], [join(folder, 'in.json'), '5', 'This is not an object.', '[1]'],
  ]);
  expect(node.check?.({ path: 'x', format: 'array', columns: {}, onBadRow: 'skip', filename: false })).toMatchObject([{ field: 'onBadRow' }]);
});

test('what is empty or no JSON at all is told', async () => {
  await expect(read('')).rejects.toMatchObject({ place: 'path', message: 'The file is empty: not even [] is there.' });
  expect((await read('[]')).rows).toEqual([]);
  await expect(read('a,b\n1,2\n')).rejects.toMatchObject({ code: 'node_failed', place: expect.stringContaining('in.json') as string });
  await expect(read(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0]))).rejects.toMatchObject({ code: 'node_failed' });
});
