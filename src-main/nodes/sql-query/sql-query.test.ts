import { expect, test } from 'vitest';
import { runNode } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const check = (config: Parameters<typeof runNode>[1]) => node.check?.({ connection: 'db', params: [], fetchRows: 4096, ...config });

test('parameters that do not fit the query are told before a run', () => {
  expect(check({ query: 'SELECT :a' })).toMatchObject([{ field: 'params', message: expect.stringContaining('“a”') }]);
  expect(check({ query: 'SELECT :a', params: [{ name: 'a', type: 'integer', value: 'x' }] })).toMatchObject([{ field: 'params[0].value' }]);
  expect(check({ query: 'SELECT 1; SELECT 2' })).toMatchObject([{ field: 'query' }]);
  expect(check({ query: 'SELECT :a', params: [{ name: 'a', type: 'integer', value: '1' }] })).toEqual([]);
});

test('a connection that is no database is refused', async () => {
  const connections = [{ name: 'web', kind: 'http' as const, settings: {}, secrets: {} }];
  await expect(runNode(node, { connection: 'web', query: 'SELECT 1' }, { connections })).rejects.toMatchObject({ code: 'unsupported', place: 'connection' });
});
