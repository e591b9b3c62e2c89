import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import { describing } from '../define.ts';
import sink from '../file-parquet-sink/run.ts';
import node from './run.ts';

let folder = '';
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FLIGHTS = join(import.meta.dirname, '../../../node_modules/vega-datasets/data/flights-3m.parquet');
const write = (path: string, select: string) => runNode(sink, { path }, { folder, inputs: { in: select } });
const read = async (config: JsonObject) => {
  const { outputs, expectedRows } = await runNode(node, config, { folder });
  const { columns = [], rows = [] } = outputs['out'] ?? {};
  return { columns: columns.map(({ name, type }) => `${name} ${type}`), rows, expectedRows };
};

test('real flights: chosen columns in their order, and how many rows to expect', async () => {
  copyFileSync(FLIGHTS, join(folder, 'f.parquet'));
  // Three million rows as texts are too many for a test: the first ones are enough.
  const first = describing<JsonObject>({
    spec: node.spec,
    fusing: (config) => node.fusing(config),
    files: (config, context) => node.files?.(config, context) ?? {},
    async describe(config, inputs, context) {
      const found = 'describe' in node ? await node.describe(config, inputs, context) : {};
      return { ...found, outputs: { out: `SELECT * FROM (${found.outputs?.['out'] ?? ''}) LIMIT 2` } };
    },
  });
  const description = await runNode(first, { path: 'f.parquet', columns: ['origin', 'date'] }, { folder });
  expect(description.expectedRows).toBe(3_000_000);
  expect(description.outputs['out']?.columns).toEqual([{ name: 'origin', type: 'VARCHAR' }, { name: 'date', type: 'TIMESTAMP' }]);
  expect(description.outputs['out']?.rows).toHaveLength(2);
});

test('many files: folders become columns, columns are matched by name, the file is told', async () => {
  for (const year of [2024, 2025]) mkdirSync(join(folder, `y=${year}`));
  await write('y=2024/a.parquet', 'SELECT 1 AS a');
  await write('y=2025/b.parquet', "SELECT 'x' AS b, 2 AS a");
  expect(await read({ path: '**/*.parquet' })).toEqual({ columns: ['a INTEGER', 'b VARCHAR', 'y BIGINT'], rows: [['1', null, '2024'], ['2', 'x', '2025']], expectedRows: 2 });
  const told = await read({ path: '**/*.parquet', hive: false, columns: ['a'], filename: true });
  expect(told.rows).toEqual([['1', join(folder, 'y=2024/a.parquet')], ['2', join(folder, 'y=2025/b.parquet')]]);
});

test('a file without rows still tells its columns', async () => {
  await write('a.parquet', 'SELECT 1 AS a, NULL::DATE AS d WHERE false');
  expect(await read({ path: 'a.parquet' })).toEqual({ columns: ['a INTEGER', 'd DATE'], rows: [], expectedRows: 0 });
});

test('an unknown column is told with the nearest', async () => {
  await write('a.parquet', 'SELECT 1 AS price');
  await expect(read({ path: 'a.parquet', columns: ['prize'] })).rejects.toMatchObject({ place: 'columns[0]', message: 'There is no column “prize” in the file.', remedy: expect.stringContaining('“price”') as string });
});

test('what is no Parquet file, or not a whole one, is told with what it is', async () => {
  await write('a.parquet', 'SELECT range AS a FROM range(10000)');
  const whole = readFileSync(join(folder, 'a.parquet'));
  const cases: readonly (readonly [string | Buffer, string])[] = [
    ['', 'The file is empty'], ['a,b\n1,2\n', 'This is not a Parquet file. It looks like text.'], ['[{"a":1}]', 'It looks like JSON'],
    [whole.subarray(0, 5000), 'cut off'], [Buffer.from('PK\x03\x04xxxxxxxxxxxx', 'latin1'), 'ZIP archive'], [Buffer.concat([Buffer.from('PARE'), whole]), 'encrypted'],
  ];
  for (const [bytes, message] of cases) {
    writeFileSync(join(folder, 'b.parquet'), bytes);
    await expect(read({ path: 'b.parquet' })).rejects.toMatchObject({ place: join(folder, 'b.parquet'), message: expect.stringContaining(message) as string, remedy: expect.any(String) as string });
  }
  const broken = Buffer.from(whole);
  broken.fill(0x55, broken.length - 200, broken.length - 8);
  writeFileSync(join(folder, 'b.parquet'), broken);
  await expect(read({ path: 'b.parquet' })).rejects.toMatchObject({ name: 'StudioError' });
  await expect(read({ path: 'nothing.parquet' })).rejects.toMatchObject({ code: 'io', place: join(folder, 'nothing.parquet') });
});
