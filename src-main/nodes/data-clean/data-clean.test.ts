import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import type { TestRows } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const clean = (config: Parameters<typeof runNode>[1], rows: TestRows) => runNode(node, config, { inputs: { in: rows } });

test('trims, empties, retypes, fills, removes and deduplicates in that order, and counts each', async () => {
  const rows = [
    { name: ' Ann ', age: '31', city: 'Rome' },
    { name: 'Ann', age: '31 ', city: 'Rome' },
    { name: '  ', age: '40', city: 'Oslo' },
    { name: 'Bob', age: 'old', city: null },
  ];
  const { outputs, report } = await clean({ trim: true, emptyAsNull: true, types: { age: 'INTEGER' }, onBadType: 'null', fill: { age: -1, city: '?' }, removeNull: true, deduplicate: true }, rows);
  expect(outputs['out']?.columns).toEqual([{ name: 'name', type: 'VARCHAR' }, { name: 'age', type: 'INTEGER' }, { name: 'city', type: 'VARCHAR' }]);
  expect(outputs['out']?.rows.toSorted()).toEqual([['Ann', '31', 'Rome'], ['Bob', '-1', '?']]);
  expect(report).toEqual({ trimmed: 3, emptied: 1, 'bad types': 1, filled: 1, 'rows with NULL': 1, duplicates: 1 });
});

test('rules look at the chosen columns only', async () => {
  const rows = [{ a: null, b: ' x ' }, { a: 1, b: null }, { a: 1, b: 'y' }];
  expect((await clean({ columns: ['a'], removeNull: true, trim: true }, rows)).outputs['out']?.rows).toEqual([['1', null], ['1', 'y']]);
  expect((await clean({ columns: ['a'], deduplicate: true }, rows)).outputs['out']?.rows).toHaveLength(2);
});

test('one value fills the columns that can hold it', async () => {
  const { outputs } = await clean({ fill: 0 }, 'SELECT NULL::INTEGER AS i, NULL::DECIMAL(5,2) AS d, NULL::VARCHAR AS t');
  expect(outputs['out']?.rows).toEqual([['0', '0.00', null]]);
});

test('it fuses as lightly as its rules allow', () => {
  const base = { columns: [], trim: false, emptyAsNull: false, types: {}, onBadType: 'fail', removeNull: false, deduplicate: false };
  expect(node.fusing(base)).toBe('rows');
  expect(node.fusing({ ...base, trim: true })).toBe('rows');
  expect(node.fusing({ ...base, removeNull: true })).toBe('filter');
  expect(node.fusing({ ...base, removeNull: true, trim: true })).toBe('reshape');
  expect(node.fusing({ ...base, deduplicate: true })).toBe('reshape');
  expect(node.fusing({ ...base, types: { a: 'DATE' }, onBadType: 'drop' })).toBe('reshape');
});

test('rows of the wrong type are dropped when asked', async () => {
  const { outputs, report } = await clean({ types: { d: 'DATE' }, onBadType: 'drop' }, [{ d: '2026-01-31' }, { d: '2026-02-31' }, { d: null }]);
  expect(outputs['out']?.rows).toEqual([['2026-01-31'], [null]]);
  expect(report).toEqual({ 'bad types': 1 });
});

test('bad input names field, cause and remedy', async () => {
  await expect(clean({ types: { n: 'INTEGER' } }, [{ n: 'twelve' }])).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('“twelve”') });
  await expect(clean({ types: { n: 'INTEGER); DROP TABLE x' } }, [{ n: '1' }])).rejects.toMatchObject({ place: 'types.n' });
  await expect(clean({ columns: ['nme'], trim: true }, [{ name: 'x' }])).rejects.toMatchObject({ place: 'columns[0]', remedy: expect.stringContaining('“name”') });
  await expect(clean({ fill: { n: 'x' } }, [{ n: 1 }])).rejects.toMatchObject({ place: 'fill.n' });
});
