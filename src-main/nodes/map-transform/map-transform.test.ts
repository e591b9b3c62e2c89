import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import type { TestRows } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const map = async (config: Parameters<typeof runNode>[1], rows: TestRows) => (await runNode(node, config, { inputs: { in: rows } })).outputs['out'];
const single = async (operation: string, value: unknown) => (await map({ operation }, [{ value }]))?.rows[0]?.[0];

const problems = (operation: string) => node.check?.({ operation, columns: [] });

test.each([
  ['toUpperCase', 'straße', 'STRASSE'.replace('SS', 'ẞ')],
  ['toLowerCase', 'ÀB', 'àb'],
  ['capitalize', 'hELLO', 'Hello'],
  ['trim', ' \ta b\r\n', 'a b'],
  ['reverse', 'añ中', '中ña'],
  ['length', 'añ中', '3'],
  ['prefix:it\'s: ', 'x', "it's: x"],
  ['suffix:', 'x', 'x'],
  ['multiply:2', 21, '42'],
  ['add:1', 1.5, '2.5'],
  ['multiply:2', '21', '42.0'],
  ['round', 2.5, '3.0'],
  ['round:1', 2.25, '2.3'],
  ['abs', -3, '3'],
  ['negate', -3, '3'],
  ['UPPERCASE', 'a', 'A'],
  ['toUpperCase', 12, '12'],
])('%s of %j is %s', async (operation, value, result) => {
  expect(await single(operation, value)).toBe(result);
});

test('NULL stays NULL under every operation', async () => {
  for (const operation of ['toUpperCase', 'trim', 'prefix:x', 'multiply:2', 'round', 'length', 'toString']) expect(await single(operation, null)).toBeNull();
});

test('an expression replaces value; columns are replaced in place or added, all from the input as it came', async () => {
  const table = await map({ expression: 'upper(value)', columns: [{ name: 'n', expression: 'n + 1' }, { name: 'both', expression: "value || n" }] }, [{ n: 1, value: 'a', z: true }]);
  expect(table?.columns.map(({ name }) => name)).toEqual(['n', 'value', 'z', 'both']);
  expect(table?.rows).toEqual([['2', 'A', 'true', 'a1']]);
});

test('narrow whole numbers are widened before they overflow', async () => {
  expect((await map({ operation: 'multiply:2' }, 'SELECT 2147483647::INTEGER AS value'))?.rows).toEqual([['4294967294']]);
});

test('bad input names field, cause and remedy', async () => {
  await expect(map({ operation: 'trim', field: 'nmae' }, [{ name: 'a', x: 1 }])).rejects.toMatchObject({ place: 'field', remedy: expect.stringContaining('“name”') });
  await expect(map({ operation: 'trim' }, [{ a: 'a', b: 1 }])).rejects.toMatchObject({ place: 'field', message: expect.stringContaining('`value`') });
  await expect(single('multiply:2', 'twelve')).rejects.toMatchObject({ message: expect.stringMatching(/twelve|not a number/) });
  await expect(map({ operation: 'abs' }, "SELECT DATE '2026-01-01' AS value")).rejects.toMatchObject({ place: 'operation', message: expect.stringContaining('DATE') });
  await expect(map({ columns: [{ name: 'x', expression: 'value)) FROM t --' }] }, [{ value: 1 }])).rejects.toMatchObject({ place: 'columns[0].expression' });
  expect(problems('toUperCase')).toMatchObject([{ field: 'operation', remedy: expect.stringContaining('toUpperCase') }]);
  expect(problems('prefix')).toMatchObject([{ field: 'operation' }]);
  expect(problems('multiply:x')).toMatchObject([{ field: 'operation' }]);
  expect(problems('divide:0')).toMatchObject([{ field: 'operation' }]);
  expect(problems('constructor')).toMatchObject([{ field: 'operation' }]);
});
