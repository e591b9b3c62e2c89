import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import node, { conditionSql } from './run.ts';

const rows = 'SELECT * FROM (VALUES (10), (50), (60), (NULL)) t(value)';
const kept = async (condition: string, sql = rows) => {
  const { outputs } = await runNode(node, { condition }, { inputs: { in: sql } });
  return { out: outputs['out']?.rows.map((row) => row[0]), rejected: outputs['rejected']?.rows.map((row) => row[0]) };
};

test.each([['>50', 'value > 50'], ['<= 3', 'value <= 3'], ['== 5', 'value = 5'], ["!= 'x'", "value <> 'x'"], ['!== "it\'s"', "value <> 'it''s'"], ['=1', 'value = 1'], ['amount > 3', 'amount > 3'], ["name = '>5'", "name = '>5'"]])('%s means %s', (condition, sql) => {
  expect(conditionSql(condition)).toBe(sql);
});

test('every row leaves by one port; NULL counts as not met', async () => {
  expect(await kept('>50')).toEqual({ out: ['60'], rejected: ['10', '50', null] });
  expect(await kept('value <> 10 OR value IS NULL')).toEqual({ out: ['50', '60', null], rejected: ['10'] });
  expect(await kept('true')).toEqual({ out: ['10', '50', '60', null], rejected: [] });
  expect(await kept('NULL')).toEqual({ out: [], rejected: ['10', '50', '60', null] });
});

test('values that are no plain numbers are compared as they are', async () => {
  expect(await kept("= 'NaN'", "SELECT unnest(['NaN'::DOUBLE, 1.5]) AS value")).toEqual({ out: ['nan'], rejected: ['1.5'] });
  expect(await kept('> 9007199254740992', 'SELECT unnest([9007199254740993, 9007199254740992]) AS value')).toEqual({ out: ['9007199254740993'], rejected: ['9007199254740992'] });
});

test.each([
  ['valeu > 5', { message: 'There is no column “valeu”.' }],
  ['(SELECT true)', { place: 'condition' }],
  ['value > 5; DROP TABLE x', { place: 'condition' }],
  ['row_number() OVER () < 3', { code: 'node_failed' }],
  ['sum(value) > 1', { code: 'node_failed' }],
  ["value || 'x'", { place: 'condition' }],
  ['uper(value) > 1', { remedy: 'Did you mean “upper”?' }],
])('%s is refused', async (condition, told) => {
  await expect(runNode(node, { condition }, { inputs: { in: rows } })).rejects.toMatchObject(told);
});

test('a bare comparison wants a column called value', async () => {
  await expect(runNode(node, { condition: '>50' }, { inputs: { in: 'SELECT 1 AS amount' } })).rejects.toMatchObject({ place: 'condition', remedy: 'Name the column: amount.' });
});
