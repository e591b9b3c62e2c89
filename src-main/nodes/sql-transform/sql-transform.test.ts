import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import type { TestRows } from '../../dataplane/node.testing.ts';
import { pieces } from './parameters.ts';
import node from './run.ts';

const PEOPLE = [{ id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }];
const ORDERS = [{ person: 1, amount: 5 }, { person: 1, amount: 7 }];
const run = async (query: string, params: Record<string, string | number | boolean | null> = {}, inputs: Record<string, TestRows> = { input: PEOPLE, input2: ORDERS }) =>
  (await runNode(node, { query, params }, { inputs })).outputs['out'];

test('a SELECT joins its inputs, with CTEs, windows and a closing comment', async () => {
  const table = await run('WITH t AS (SELECT person, sum(amount) AS total FROM input2 GROUP BY ALL)\nSELECT name, total, row_number() OVER (ORDER BY id) AS nr FROM input LEFT JOIN t ON id = person ORDER BY id; -- done'.replace('; -- done', ' -- done'));
  expect(table?.rows).toEqual([['Ann', '12', '1'], ['Bob', null, '2']]);
  expect((await run('SELECT count(*) FROM input;'))?.rows).toEqual([['2']]);
});

test('parameters are values, whatever they hold', async () => {
  expect((await run('SELECT name FROM input WHERE id > :low AND name <> $not', { low: '1', not: 'x' }))?.rows).toEqual([['Bob']]);
  const hostile = "x'); DROP TABLE input; --";
  expect((await run('SELECT :it AS it, :n + 1 AS n, :none IS NULL AS z FROM input LIMIT 1', { it: hostile, n: 41, none: null }))?.rows).toEqual([[hostile, '42', 'true']]);
});

test('what only looks like a parameter is left alone', async () => {
  expect((await run(`SELECT ':a' AS a, "id"::VARCHAR AS b, [1,2,3][1:2] AS c, {'k':id} AS d, $$ :e $$ AS e -- :f\n FROM input WHERE id=:x`, { x: 1 }))?.rows).toEqual([[':a', '1', '[1, 2]', "{'k': 1}", ' :e ']]);
  expect(pieces('a=:b')).toEqual([{ kind: 'text', text: 'a=' }, { kind: 'parameter', name: 'b', text: ':b' }]);
  expect(pieces("e'\\':x' ::y /* :z */ \"q:w\" :v").filter((piece) => piece.kind === 'parameter').map((piece) => piece.name)).toEqual(['v']);
});

test.each([
  ['DROP TABLE x'],
  ['SELECT 1; SELECT 2'],
  ["SELECT * FROM read_csv('/etc/passwd')"],
  ["SELECT * FROM '/etc/passwd'"],
  ["SELECT 1) UNION (SELECT 2"],
  ['SELECT * FROM input3'],
  ['SELEC 1'],
])('%s is refused, naming the field', async (query) => {
  await expect(run(query)).rejects.toMatchObject({ code: 'node_failed', place: 'query' });
});

test('a parameter without a value is refused with the nearest name', async () => {
  await expect(run('SELECT :limt', { limit: 5 })).rejects.toMatchObject({ place: 'params', remedy: expect.stringContaining('“limit”') });
});
