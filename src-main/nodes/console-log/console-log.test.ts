import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const print = async (config: Parameters<typeof runNode>[1], rows: string) => (await runNode(node, config, { inputs: { in: rows } })).console;

test('prints at most the limit, as a table or as JSON', async () => {
  const table = (await print({}, "SELECT i AS n, 'row ' || i AS t FROM range(50) t(i)")).join('\n');
  expect(table).toContain('row 19');
  expect(table).not.toContain('row 20');
  const lines = (await print({ limit: 2, format: 'json' }, "SELECT 9007199254740993 AS n, NULL AS x, 'a\"b' AS t FROM range(3)")).filter((line) => line.startsWith('{'));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('9007199254740993');
});
