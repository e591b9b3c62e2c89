import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import type { TestRows } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const sum = async (config: Parameters<typeof runNode>[1], rows: TestRows) => (await runNode(node, config, { inputs: { in: rows } })).outputs['out'];

test('sums leave NULL out and group by columns', async () => {
  const rows = [{ k: 'a', v: 1 }, { k: 'b', v: 5 }, { k: 'a', v: null }, { k: null, v: 2 }, { k: 'a', v: 3 }];
  const table = await sum({ field: 'v', groupBy: ['k'], also: ['avg', 'min', 'max', 'count', 'median', 'distinct'] }, rows);
  expect(table?.columns.map(({ name }) => name)).toEqual(['k', 'sum', 'avg', 'min', 'max', 'count', 'median', 'distinct']);
  expect(table?.rows.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))).toEqual([
    ['a', '4', '2.0', '1', '3', '2', '2.0', '2'],
    ['b', '5', '5.0', '5', '5', '1', '5.0', '1'],
    [null, '2', '2.0', '2', '2', '1', '2.0', '1'],
  ]);
});

test('no rows: one row with NULL and 0 without groups, none with them', async () => {
  const none = 'SELECT 1 AS value, 2 AS k WHERE false';
  expect((await sum({ also: ['count'] }, none))?.rows).toEqual([[null, '0']]);
  expect((await sum({ groupBy: ['k'] }, none))?.rows).toEqual([]);
});

test('64-bit integers and decimals neither overflow nor lose a digit', async () => {
  expect(await sum({}, 'SELECT 9223372036854775807::BIGINT AS value FROM range(1000)')).toEqual({ columns: [{ name: 'sum', type: 'HUGEINT' }], rows: [['9223372036854775807000']] });
  expect((await sum({}, 'SELECT 0.1::DECIMAL(18,1) AS value FROM range(10)'))?.rows).toEqual([['1.0']]);
  expect((await sum({}, "SELECT unnest(['1', 'nan'])::DOUBLE AS value"))?.rows).toEqual([['nan']]);
});

test('bad input names field, cause and remedy', async () => {
  await expect(sum({ field: 'name' }, [{ name: 'x' }])).rejects.toMatchObject({ code: 'node_failed', place: 'field', message: expect.stringContaining('VARCHAR') });
  await expect(sum({ field: 'amuont' }, [{ amount: 1 }])).rejects.toMatchObject({ place: 'field', remedy: expect.stringContaining('“amount”') });
  await expect(sum({ groupBy: ['kk'] }, [{ value: 1, k: 1 }])).rejects.toMatchObject({ place: 'groupBy[0]' });
  expect(node.check?.({ field: 'value', groupBy: [], also: ['averge', 'avg'] })).toMatchObject([{ field: 'also[0]' }]);
  expect(node.check?.({ field: 'value', groupBy: ['Sum'], also: [] })).toMatchObject([{ field: 'groupBy[0]' }]);
});
