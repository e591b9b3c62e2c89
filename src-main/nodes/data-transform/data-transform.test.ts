import { expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { runNode } from '../../dataplane/node.testing.ts';
import type { TestRows } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const ROWS = [
  { id: 1, name: 'Ann Lee', when: '2026-01-02', amount: '1.5' },
  { id: 2, name: 'Bob', when: 'later', amount: null },
  { id: 3, name: 'Cid van Dam', when: null, amount: '7' },
];
const run = async (rules: readonly JsonObject[], rows: TestRows = ROWS) => (await runNode(node, { rules }, { inputs: { in: rows } })).outputs['out'];
const refused = (rule: JsonObject, wanted: object) => expect(run([{ type: 'select', columns: ['id', 'name', 'when'] }, rule])).rejects.toMatchObject({ code: 'node_failed', ...wanted });
const names = (table: Awaited<ReturnType<typeof run>>) => table?.columns.map(({ name }) => name);

test('rules work on what the one before gave', async () => {
  const table = await run([
    { type: 'rename', columns: { id: 'key', name: 'who' } },
    { type: 'drop', columns: ['when'] },
    { type: 'cast', column: 'amount', to: 'decimal(9,2)' },
    { type: 'derive', name: 'twice', expression: 'amount * 2' },
    { type: 'derive', name: 'who', expression: 'upper(who)' },
    { type: 'sort', by: [{ column: 'twice', descending: true }] },
    { type: 'limit', count: 2 },
    { type: 'select', columns: ['twice', 'who'] },
  ]);
  expect(table).toEqual({ columns: [{ name: 'twice', type: 'DECIMAL(18,2)' }, { name: 'who', type: 'VARCHAR' }], rows: [['14.00', 'CID VAN DAM'], ['3.00', 'ANN LEE']] });
});

test('split keeps what is left in the last column and fills with NULL', async () => {
  const table = await run([{ type: 'split', column: 'name', separator: ' ', into: ['first', 'rest'] }, { type: 'select', columns: ['first', 'rest'] }]);
  expect(table?.rows).toEqual([['Ann', 'Lee'], ['Bob', null], ['Cid', 'van Dam']]);
  expect(names(await run([{ type: 'split', column: 'name', separator: ' ', into: ['first'], keep: true }]))).toEqual(['id', 'name', 'first', 'when', 'amount']);
});

test('replace takes plain text as it stands and regular expressions with groups', async () => {
  const rows = [{ t: 'a.b.c' }, { t: null }];
  expect((await run([{ type: 'replace', column: 't', find: '.', with: "'" }], rows))?.rows).toEqual([["a'b'c"], [null]]);
  expect((await run([{ type: 'replace', column: 't', find: '(\\w)\\.', with: '<\\1>', regex: true }], rows))?.rows).toEqual([['<a><b>c'], [null]]);
});

test('unpivot and pivot are each other’s reverse', async () => {
  const wide = [{ id: 1, a: 10, b: null }, { id: 2, a: 30, b: 40 }];
  const long = { type: 'unpivot', columns: ['a', 'b'] };
  expect((await run([long], wide))?.rows).toEqual([['1', 'a', '10'], ['1', 'b', null], ['2', 'a', '30'], ['2', 'b', '40']]);
  const back = await run([long, { type: 'pivot', column: 'name', valueColumn: 'value', function: 'first' }, { type: 'sort', by: ['id'] }], wide);
  expect(names(back)).toEqual(['id', 'a', 'b']);
  expect(back?.rows).toEqual([['1', '10', null], ['2', '30', '40']]);
  expect((await run([long, { type: 'pivot', column: 'name', valueColumn: 'value', values: ["b'"] }, { type: 'sort', by: ['id'] }], wide))?.rows).toEqual([['1', null], ['2', null]]);
});

test('cast with onError null gives NULL where a value is no such thing', async () => {
  expect((await run([{ type: 'cast', column: 'when', to: 'DATE', onError: 'null' }, { type: 'select', columns: ['when'] }]))?.rows).toEqual([['2026-01-02'], [null], [null]]);
});

test('it fuses as rows unless a rule reshapes', () => {
  expect(node.fusing({ rules: [{ type: 'drop', columns: ['a'] }] })).toBe('rows');
  expect(node.fusing({ rules: [{ type: 'drop', columns: ['a'] }, { type: 'limit', count: 1 }] })).toBe('reshape');
});

test('bad input names field, cause and remedy', async () => {
  await refused({ type: 'drop', columns: ['nme'] }, { place: 'rules[1].columns[0]', remedy: expect.stringContaining('“name”') });
  await refused({ type: 'drop', columns: ['id', 'name', 'when'] }, { place: 'rules[1].columns' });
  await refused({ type: 'rename', columns: { id: 'NAME' } }, { place: 'rules[1].columns' });
  await refused({ type: 'cast', column: 'when', to: 'DATE' }, { message: expect.stringContaining('“later”') });
  await refused({ type: 'cast', column: 'when', to: 'DATE) FROM x --' }, { place: 'rules[1].to' });
  await refused({ type: 'replace', column: 'name', find: '(', regex: true }, { place: 'rules[1].find' });
  await refused({ type: 'replace', column: 'id', find: '1' }, { place: 'rules[1].column', message: expect.stringContaining('INTEGER') });
  await refused({ type: 'derive', name: 'x', expression: 'id, name' }, { place: 'rules[1].expression' });
  await refused({ type: 'pivot', column: 'name', valueColumn: 'when' }, { place: 'rules[1].valueColumn' });
  expect(node.check?.({ rules: [{ type: 'renme' }] })).toMatchObject([{ field: 'rules[0].type', remedy: expect.stringContaining('“rename”') }]);
});
