import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const run = async (config: Parameters<typeof runNode>[1]) => (await runNode(node, config)).outputs['out'];

test('both ends are inclusive, up and down', async () => {
  expect((await run({ start: 1, end: 5, step: 2 }))?.rows).toEqual([['1'], ['3'], ['5']]);
  expect((await run({ start: 3, end: 1, step: -1 }))?.rows).toEqual([['3'], ['2'], ['1']]);
  expect(await run({ start: 7, end: 7 })).toEqual({ columns: [{ name: 'value', type: 'BIGINT' }], rows: [['7']] });
});

test('fractions are exact in their decimals', async () => {
  expect(await run({ start: 0, end: 0.5, step: 0.1 })).toEqual({ columns: [{ name: 'value', type: 'DOUBLE' }], rows: [['0.0'], ['0.1'], ['0.2'], ['0.3'], ['0.4'], ['0.5']] });
  expect((await run({ start: 1, end: 0, step: -0.25 }))?.rows.map(([value]) => Number(value))).toEqual([1, 0.75, 0.5, 0.25, 0]);
});

test('fields are computed over value', async () => {
  const table = await run({ start: 1, end: 3, fields: [{ name: 'square', expression: 'value * value' }, { name: 'a "name"', expression: "'n' || value" }] });
  expect(table?.columns.map((column) => column.name)).toEqual(['value', 'square', 'a "name"']);
  expect(table?.rows).toEqual([['1', '1', 'n1'], ['2', '4', 'n2'], ['3', '9', 'n3']]);
});

test('a sequence that never reaches its end is empty and says so', async () => {
  const { outputs, console } = await runNode(node, { start: 5, end: 1, step: 1 });
  expect(outputs['out']?.rows).toEqual([]);
  expect(console.join()).toContain('never reaches');
});

test('a step of 0, a doubled name and a subquery are refused with their fields', async () => {
  expect(node.check?.({ start: 1, end: 2, step: 0, fields: [] })).toMatchObject([{ field: 'step' }]);
  expect(node.check?.({ start: 1, end: 2, step: 1, fields: [{ name: 'Value', expression: '1' }] })).toMatchObject([{ field: 'fields[0].name' }]);
  await expect(run({ fields: [{ name: 'x', expression: '(SELECT 1)' }] })).rejects.toMatchObject({ code: 'node_failed', place: 'fields[0].expression' });
});
