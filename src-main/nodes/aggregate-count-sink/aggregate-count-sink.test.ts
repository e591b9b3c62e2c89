import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const print = async (groupBy: readonly string[], rows: string) => (await runNode(node, { groupBy }, { inputs: { in: rows } })).console.join('\n');

test('prints the count, or a count for each group with the largest first', async () => {
  expect(await print([], 'SELECT 1 AS a FROM range(1234)')).toContain('1234');
  expect(await print(['k'], "SELECT unnest(['few', 'many', 'many', 'many']) AS k")).toMatch(/many[^\n]*3[^]*few[^\n]*1/);
});

test('an unknown column is refused', async () => {
  await expect(print(['x'], 'SELECT 1 AS k')).rejects.toMatchObject({ code: 'node_failed', place: 'groupBy[0]' });
});
