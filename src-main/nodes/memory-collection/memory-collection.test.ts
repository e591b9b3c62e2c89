import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const run = async (data: Parameters<typeof runNode>[1][string]) => (await runNode(node, { data: data ?? null })).outputs['out'];

test('objects become columns in the order of their first appearance, with types', async () => {
  expect(await run([{ a: 1, b: 'x', ok: true }, { a: 2.5, c: [1, 2] }, { b: null }])).toEqual({
    columns: [{ name: 'a', type: 'DOUBLE' }, { name: 'b', type: 'VARCHAR' }, { name: 'ok', type: 'BOOLEAN' }, { name: 'c', type: 'BIGINT[]' }],
    rows: [['1.0', 'x', 'true', null], ['2.5', null, null, '[1, 2]'], [null, null, null, null]],
  });
});

test('scalars become the column value', async () => {
  expect(await run([3, 1, null, 2])).toEqual({ columns: [{ name: 'value', type: 'BIGINT' }], rows: [['3'], ['1'], [null], ['2']] });
  expect((await run(["it's", 'say "hi"', '', '{x}']))?.rows).toEqual([["it's"], ['say "hi"'], [''], ['{x}']]);
  expect((await run([1, 'two', false]))?.rows).toEqual([['1'], ['two'], ['false']]);
});

test('JSON text keeps 64-bit numbers digit by digit', async () => {
  expect(await run('[{"id": 9223372036854775807, "n": {"x": 1}}, {"id": -9223372036854775808}]')).toEqual({
    columns: [{ name: 'id', type: 'BIGINT' }, { name: 'n', type: 'STRUCT(x BIGINT)' }],
    rows: [['9223372036854775807', "{'x': 1}"], ['-9223372036854775808', null]],
  });
  expect((await run('[18446744073709551615]'))?.columns[0]?.type).toBe('HUGEINT');
  expect((await run('{"a":1}\n{"a":2}'))?.rows).toEqual([['1'], ['2']]);
});

test('CSV text is typed; codes with leading zeros stay text; an empty field is NULL', async () => {
  expect(await run('code;amount;day;note\n007;1.5;2026-02-28;"a ""b"";\nc"\n010;;2026-03-01;\n')).toEqual({
    columns: [{ name: 'code', type: 'VARCHAR' }, { name: 'amount', type: 'DOUBLE' }, { name: 'day', type: 'DATE' }, { name: 'note', type: 'VARCHAR' }],
    rows: [['007', '1.5', '2026-02-28', 'a "b";\nc'], ['010', null, '2026-03-01', null]],
  });
  expect((await run('n\n12345678901234567.25'))?.columns[0]?.type).toBe('DECIMAL(38,2)');
  expect((await run('d\n2026-02-31'))?.rows).toEqual([['2026-02-31']]);
});

test('no rows are no rows', async () => {
  expect((await run([]))?.rows).toEqual([]);
  expect((await run('  '))?.rows).toEqual([]);
});

test('many rows go through a file and keep types, digits and order', async () => {
  const data = Array.from({ length: 20_000 }, (_, index) => ({ 'a "b"': index, text: `row ${index} it's`, nested: { x: [index], y: null }, mixed: index % 2 === 0 ? 1 : { z: 1 } }));
  const table = await run(JSON.stringify(data).replace('"a \\"b\\"":0', '"a \\"b\\"":9223372036854775807'));
  expect(table?.columns.map((column) => column.type)).toEqual(['BIGINT', 'VARCHAR', 'STRUCT(x BIGINT[], y VARCHAR)', 'JSON']);
  expect(table?.rows).toHaveLength(20_000);
  expect(table?.rows[0]).toEqual(['9223372036854775807', "row 0 it's", "{'x': [0], 'y': NULL}", '1']);
  expect(table?.rows[19_999]).toEqual(['19999', "row 19999 it's", "{'x': [19999], 'y': NULL}", '{"z":1}']);
});

test('bad input names the place', async () => {
  await expect(run('[{"a": 1,}')).rejects.toMatchObject({ code: 'node_failed', place: 'data', message: expect.stringContaining('JSON') });
  await expect(run('a,b\n1,2,3')).rejects.toMatchObject({ message: expect.stringContaining('Row 1 has 3 fields') });
  await expect(run('a,b\n1,"2')).rejects.toMatchObject({ message: expect.stringContaining('Line 2') });
  await expect(run([{ a: 1, A: 2 }])).rejects.toMatchObject({ message: expect.stringContaining('capital letters') });
  await expect(run(5)).rejects.toMatchObject({ place: 'data' });
});
