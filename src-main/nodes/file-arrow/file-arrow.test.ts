import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Dictionary, Field, Float16, Int32, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct, Table, tableFromArrays, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { unpackLz4 } from '../../connectors/files/lz4.ts';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import node from './run.ts';

let folder = '';
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FLIGHTS = join(import.meta.dirname, '../../../node_modules/vega-datasets/data/flights-200k.arrow');
const read = async (config: JsonObject) => {
  const { columns = [], rows = [] } = (await runNode(node, config, { folder })).outputs['out'] ?? {};
  return { columns: columns.map(({ name, type }) => `${name} ${type}`), rows };
};

test('real flights: every row, and chosen columns in their order', async () => {
  copyFileSync(FLIGHTS, join(folder, 'f.arrow'));
  const { columns, rows } = await read({ path: 'f.arrow', columns: ['time', 'delay'] });
  expect(columns).toEqual(['time FLOAT', 'delay SMALLINT']);
  expect(rows).toHaveLength(200_000);
  const table = tableFromIPC(readFileSync(FLIGHTS));
  for (const at of [0, 100_000, 199_999]) expect(Number(rows[at]?.[1])).toBe(table.get(at)?.['delay']);
});

const words = (list: readonly (string | null)[]) => vectorFromArray([...list], new Dictionary(new Utf8(), new Int32(), 7));
// A frame of one block, as the format’s description has it.
const frame = (body: readonly number[], stored: boolean): Uint8Array => Uint8Array.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, body.length, 0, 0, stored ? 0x80 : 0, ...body, 0, 0, 0, 0]);

test('dictionaries of several batches, and half floats, are their values', async () => {
  const schema = new Schema([new Field('w', new Dictionary(new Utf8(), new Int32(), 7), true)]);
  const writer = new RecordBatchStreamWriter();
  for (const list of [['a', 'b', null, 'a'], ['c', 'a']]) {
    const [data] = words(list).data;
    if (data !== undefined) writer.write(new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: list.length, nullCount: 0, children: [data] })));
  }
  writer.finish();
  writeFileSync(join(folder, 'd.arrows'), await writer.toUint8Array());
  expect(await read({ path: 'd.arrows' })).toEqual({ columns: ['w VARCHAR'], rows: [['a'], ['b'], [null], ['a'], ['c'], ['a']] });
  writeFileSync(join(folder, 'h.arrow'), tableToIPC(new Table({ h: vectorFromArray([0.5, -2, 65_504, null], new Float16()) }), 'file'));
  expect((await read({ path: 'h.arrow' })).rows).toEqual([['0.5'], ['-2.0'], ['65504.0'], [null]]);
});

test('LZ4 frames are unpacked: stored and packed blocks, overlapping copies; broken ones are refused', async () => {
  const text = new TextDecoder();
  expect(text.decode(unpackLz4(frame([...new TextEncoder().encode('hello\n')], true)))).toBe('hello\n');
  // Six literals, then 89 bytes repeated from six back, then five literals: 4 + 15 + 70 = 89.
  const packed = [0x6f, ...new TextEncoder().encode('hello\n'), 6, 0, 70, 0x50, ...new TextEncoder().encode('ello\n')];
  expect(text.decode(unpackLz4(frame(packed, false)))).toBe(`${'hello\n'.repeat(15)}helloello\n`);
  for (const bad of [[0x6f, 1, 2], [0x0f, 9, 0, 0], [0xff]]) expect(() => unpackLz4(frame(bad, false))).toThrow('broken');
  expect(() => unpackLz4(new Uint8Array(20))).toThrow('broken');
});

test('many files are one: columns by name, and types that differ are told with both files', async () => {
  const put = (name: string, columns: Record<string, Int32Array | Float64Array>) => writeFileSync(join(folder, name), tableToIPC(tableFromArrays(columns), 'file'));
  put('a.arrow', { x: Int32Array.of(1) });
  put('b.arrow', { y: Int32Array.of(3), x: Int32Array.of(2) });
  expect(await read({ path: '[ab].arrow', filename: true })).toEqual({ columns: ['x INTEGER', 'y INTEGER', 'filename VARCHAR'], rows: [['1', null, join(folder, 'a.arrow')], ['2', '3', join(folder, 'b.arrow')]] });
  put('c.arrow', { x: Float64Array.of(1) });
  await expect(read({ path: '*.arrow' })).rejects.toMatchObject({ code: 'node_failed', place: join(folder, 'c.arrow'), message: expect.stringContaining('is DOUBLE here, and INTEGER') as string });
  await expect(read({ path: 'a.arrow', columns: ['xx'] })).rejects.toMatchObject({ place: 'columns[0]' });
});

test('what is no Arrow file, or not a whole one, is told', async () => {
  const whole = readFileSync(FLIGHTS);
  const broken = Buffer.from(whole);
  broken.fill(0x7f, broken.length - 600, broken.length - 20);
  const cases: readonly (readonly [string | Buffer, string])[] = [['', 'The file is empty'], ['a,b\n', 'It looks like text'], [whole.subarray(0, 50_000), 'cut off'], [broken, 'The Arrow file is broken'], [Buffer.from('PAR1xxxxPAR1'), 'a Parquet file']];
  for (const [bytes, message] of cases) {
    writeFileSync(join(folder, 'x.arrow'), bytes);
    await expect(read({ path: 'x.arrow' })).rejects.toMatchObject({ name: 'StudioError', place: join(folder, 'x.arrow'), message: expect.stringContaining(message) as string });
  }
});
