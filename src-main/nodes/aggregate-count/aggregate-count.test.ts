import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const count = async (groupBy: readonly string[], rows: string) => (await runNode(node, { groupBy }, { inputs: { in: rows } })).outputs['out'];

test('counts all rows, NULLs too, and groups', async () => {
  expect(await count([], 'SELECT NULL AS a FROM range(7)')).toEqual({ columns: [{ name: 'count', type: 'BIGINT' }], rows: [['7']] });
  expect((await count(['K'], 'SELECT i % 2 AS k FROM range(5) t(i)'))?.rows.toSorted()).toEqual([['0', '3'], ['1', '2']]);
  expect((await count([], 'SELECT 1 AS a WHERE false'))?.rows).toEqual([['0']]);
});

test('an unknown column and a group called count are refused', async () => {
  await expect(count(['citty'], "SELECT 'x' AS city")).rejects.toMatchObject({ place: 'groupBy[0]', remedy: expect.stringContaining('“city”') });
  expect(node.check?.({ groupBy: ['Count'] })).toMatchObject([{ field: 'groupBy[0]' }]);
});
