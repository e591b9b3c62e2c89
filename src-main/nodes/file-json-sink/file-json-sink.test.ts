import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { EVERY_TYPE, everyType } from '../../connectors/files/every-type.testing.ts';
import { runNode, testFolder } from '../../dataplane/node.testing.ts';
import type { TestRows } from '../../dataplane/node.testing.ts';
import source from '../file-json/run.ts';
import node from './run.ts';

let folder = '';
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = async (config: JsonObject, rows: TestRows) => (await runNode(node, config, { folder, inputs: { in: rows } })).files;

test('an array or lines, by the ending or as told', async () => {
  const rows = [{ a: 1, b: 'x' }, { a: 2, b: null }];
  expect(JSON.parse((await write({ path: 'o.json' }, rows))['o.json'] ?? '')).toEqual(rows);
  expect((await write({ path: 'o.ndjson' }, rows))['o.ndjson']).toBe('{"a":1,"b":"x"}\n{"a":2,"b":null}\n');
  expect((await write({ path: 'o.json', format: 'lines' }, rows))['o.json']).toBe('{"a":1,"b":"x"}\n{"a":2,"b":null}\n');
  await write({ path: 'o.jsonl.gz' }, rows);
  expect(gunzipSync(readFileSync(join(folder, 'o.jsonl.gz'))).toString()).toBe('{"a":1,"b":"x"}\n{"a":2,"b":null}\n');
  expect(JSON.parse((await write({ path: 'e.json' }, 'SELECT 1 AS a WHERE false'))['e.json'] ?? '')).toEqual([]);
});

test('the file stays JSON for NaN and infinities at any depth, and keeps digits that a double would lose', async () => {
  const files = await write({ path: 'o.json' }, `SELECT [1.5, 'nan'::DOUBLE] AS l, 'inf'::DOUBLE AS i, {'q': '-inf'::FLOAT, 'r': NULL} AS s, MAP {'k': 'nan'::DOUBLE} AS m,
    12345678901234567.89::DECIMAL(20,2) AS d, [(-5)::HUGEINT] AS h, 9007199254740993 AS big, NULL::DOUBLE[] AS n, '{"x": [1]}'::JSON AS j, [0.5::DOUBLE, NULL]::DOUBLE[2] AS arr`);
  expect(JSON.parse(files['o.json'] ?? '')).toEqual([{ l: [1.5, 'nan'], i: 'inf', s: { q: '-inf', r: null }, m: { k: 'nan' }, d: '12345678901234567.89', h: ['-5'], big: 9_007_199_254_740_992, n: null, j: { x: [1] }, arr: [0.5, null] }]);
  expect(files['o.json']).toContain('"big":9007199254740993');
});

test('every type comes back with its values when its type is given', async () => {
  await write({ path: 'o.ndjson' }, everyType());
  const columns = Object.fromEntries(Object.entries(EVERY_TYPE).map(([name, [type]]) => [name, type]));
  const { outputs } = await runNode(source, { path: 'o.ndjson', columns }, { folder });
  const asIs = await runNode(echo, {}, { folder, inputs: { in: everyType() } });
  expect(outputs['out']?.rows).toEqual(asIs.outputs['out']?.rows);
});

/** Gives its input back: how the engine writes the values as texts. */
const echo = { ...source, files: () => ({}), fusing: () => 'rows', describe: (_config: unknown, inputs: { readonly in?: { readonly sql: string } }) => ({ outputs: { out: `SELECT * FROM ${inputs.in?.sql ?? ''}` } }), spec: { ...source.spec, params: [] } } as unknown as typeof source;

test('lines can be appended, an array can’t', () => {
  const config = { path: 'o.ndjson', format: 'auto', append: true, compression: 'auto' };
  expect(node.check?.(config)).toEqual([]);
  expect(node.check?.({ ...config, path: 'o.json' })).toMatchObject([{ field: 'append', remedy: expect.any(String) as string }]);
  expect([node.repeatable?.(config), node.repeatable?.({ ...config, append: false })]).toEqual([false, true]);
});
