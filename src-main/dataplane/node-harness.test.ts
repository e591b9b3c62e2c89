import { expect, test } from 'vitest';
import { describing, streaming } from '../nodes/define.ts';
import type { Batch } from '../nodes/define.ts';
import { runNode } from './node.testing.ts';

const text = (en: string) => ({ en, zh: en });
const port = (name: string) => ({ name, label: text(name) });
const spec = {
  type: 'transform' as const, nodeType: 'test', label: text('test'), summary: text('A test.'), icon: 'box',
  inputs: [port('in')], outputs: [port('out')], params: [], repeatable: true,
};

test('a describing node runs on rows or SQL and gives DuckDB text', async () => {
  const node = describing({ spec, fusing: () => 'rows', describe: (_config, inputs) => ({ outputs: { out: `SELECT *, a * 2 AS b FROM ${inputs['in']?.sql}` } }) });
  const { outputs } = await runNode(node, {}, { inputs: { in: [{ a: 1 }, { a: null }] } });
  expect(outputs['out']).toEqual({ columns: [{ name: 'a', type: 'INTEGER' }, { name: 'b', type: 'INTEGER' }], rows: [['1', '2'], [null, null]] });
});

test('a streaming node gets batches and fills a table', async () => {
  const node = streaming({
    spec, fusing: () => 'stream',
    async *stream(_config, input, context): AsyncIterable<Batch> {
      for await (const batch of input ?? []) {
        context.report('seen', batch.rows.length);
        yield { columns: [{ name: 'n', type: 'BIGINT' }], rows: batch.rows.map((row) => [Number(row[0]) + 1]) };
      }
    },
  });
  const { outputs, report } = await runNode(node, {}, { inputs: { in: 'SELECT * FROM range(20000) t(n)' } });
  expect(report).toEqual({ seen: 20000 });
  expect(outputs['out']?.rows.at(-1)).toEqual(['20000']);
});

test('a wrong expression is a sentence', async () => {
  const node = describing({
    spec, fusing: () => 'rows',
    describe: async (_config, inputs, context) => {
      await context.checkExpression('a + (SELECT 1)', 'x');
      return { outputs: { out: `FROM ${inputs['in']?.sql}` } };
    },
  });
  await expect(runNode(node, {}, { inputs: { in: 'SELECT 1 AS a' } })).rejects.toMatchObject({ code: 'node_failed', place: 'x' });
});
