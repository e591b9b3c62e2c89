import { expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import node from './run.ts';

const config = (more: JsonObject): JsonObject => ({ connection: 'db', table: 'things', mode: 'insert', keys: [], create: false, ...more });

test('an upsert needs keys, each once, and a table a name', () => {
  expect(node.check?.(config({ mode: 'upsert' }))).toMatchObject([{ field: 'keys' }]);
  expect(node.check?.(config({ mode: 'upsert', keys: ['a', 'a'] }))).toMatchObject([{ field: 'keys', message: expect.stringContaining('“a”') }]);
  expect(node.check?.(config({ table: 'a..b' }))).toMatchObject([{ field: 'table' }]);
  expect(node.check?.(config({ mode: 'upsert', keys: ['a', 'b'], table: '"a.b"' }))).toEqual([]);
});

test('only what is inserted would be there twice', () => {
  expect(['insert', 'upsert', 'truncate'].map((mode) => node.repeatable?.(config({ mode })))).toEqual([false, true, true]);
});
