import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { noRedis, redisCli, redisConnection, startRedis } from '../../connectors/servers/redis.testing.ts';
import type { Server } from '../../connectors/servers/server.testing.ts';
import { startProxy } from '../../connectors/servers/proxy.testing.ts';
import { runNode } from '../../dataplane/node.testing.ts';
import type { NodeOutcome, TestRows } from '../../dataplane/node.testing.ts';
import node from './run.ts';

let server: Server;
beforeAll(async () => {
  if (noRedis === null) server = await startRedis();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  if (noRedis === null) await redisCli(server.port, ['FLUSHALL']);
});
const look = (rows: TestRows, config: JsonObject, port = server.port): Promise<NodeOutcome> => runNode(node, { connection: 'redis', key: 'u:{id}', ...config }, { inputs: { in: rows }, connections: [redisConnection(port)] });
const out = ({ outputs }: NodeOutcome): readonly (readonly (string | null)[])[] => outputs['out']?.rows ?? [];
const columns = ({ outputs }: NodeOutcome): readonly string[] => (outputs['out']?.columns ?? []).map(({ name, type }) => `${name} ${type}`);

test.skipIf(noRedis !== null)('strings as text, JSON and bytes; hashes by field and whole', async () => {
  await redisCli(server.port, ['SET', 'u:1', '{"a": 9007199254740993}'], ['SET', 'u:2', 'ä'], ['HSET', 'h:1', 'name', 'Ann', 'age', '7']);
  const rows = [{ id: 1 }, { id: 3 }];
  const text = await look(rows, {});
  expect([columns(text), out(text), text.report]).toEqual([['id INTEGER', 'value VARCHAR'], [['1', '{"a": 9007199254740993}'], ['3', null]], { found: 1, 'not found': 1 }]);
  const json = await look(rows, { read: 'json', into: 'doc' });
  expect([columns(json)[1], out(json)[0]?.[1]]).toEqual(['doc JSON', '{"a": 9007199254740993}']);
  expect(out(await look([{ id: 2 }], { read: 'binary' }))).toEqual([['2', '\\xC3\\xA4']]);
  const fields = await look(rows, { key: 'h:{id}', read: 'fields', fields: ['name', 'none'] });
  expect([columns(fields), out(fields)]).toEqual([['id INTEGER', 'name VARCHAR', 'none VARCHAR'], [['1', 'Ann', null], ['3', null, null]]]);
  expect(out(await look(rows, { key: 'h:{id}', read: 'hash' }))).toEqual([['1', '{"name":"Ann","age":"7"}'], ['3', null]]);
});

test.skipIf(noRedis !== null)('100,000 rows look up in bundles, in their order', async () => {
  await redisCli(server.port, ...Array.from({ length: 1000 }, (_none, n) => ['SET', `u:${n}`, `value ${n}`]));
  const outcome = await look('SELECT range AS row, range % 2000 AS id FROM range(100000)', {});
  expect(out(outcome)).toHaveLength(100_000);
  expect(out(outcome).every(([row, id, value], at) => row === String(at) && value === (Number(id) < 1000 ? `value ${id}` : null))).toBe(true);
  expect(outcome.report).toEqual({ found: 50_000, 'not found': 50_000 });
});

test.skipIf(noRedis !== null)('rows without a key are kept, left out or fail; keys are made of any values', async () => {
  await redisCli(server.port, ['SET', 'u:{a b}:1.50:2026-03-04', 'x']);
  const rows = `SELECT 'a b' AS name, 1.50::DECIMAL(9,2) AS price, DATE '2026-03-04' AS day UNION ALL SELECT 'gone', 1, NULL UNION ALL SELECT 'gone', 1, DATE '2026-03-05'`;
  const key = 'u:{{{name}}}:{price}:{day}';
  expect(out(await look(rows, { key })).map((row) => row.at(-1))).toEqual(['x', null, null]);
  expect(out(await look(rows, { key, missing: 'drop' }))).toHaveLength(1);
  await expect(look(rows, { key, missing: 'fail' })).rejects.toMatchObject({ code: 'node_failed', place: 'key', message: expect.stringMatching(/^Row 2 has a NULL/) as string });
  await expect(look([{ id: 9 }], { missing: 'fail' })).rejects.toMatchObject({ message: 'Row 1: there is no key u:9.' });
});

test.skipIf(noRedis !== null)('what is of another kind, no JSON, or no column is told', async () => {
  await redisCli(server.port, ['SET', 'u:1', 'text'], ['RPUSH', 'u:2', 'x']);
  await expect(look([{ id: 2 }], {})).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('key u:2') as string });
  await expect(look([{ id: 1 }], { read: 'json' })).rejects.toMatchObject({ message: 'What is under the key u:1 is not JSON.' });
  await expect(look([{ id: 1 }], { key: 'u:{idd}' })).rejects.toMatchObject({ place: 'key', message: 'There is no column “idd” in the input.' });
  await expect(look([{ Value: 1, id: 1 }], {})).rejects.toMatchObject({ place: 'into' });
  expect(columns(await look('SELECT 1 AS id WHERE false', {}))).toEqual(['id INTEGER', 'value VARCHAR']);
});

test.skipIf(noRedis !== null)('a lookup goes on over a new line where the old one was cut, and ends where a run is stopped', async () => {
  await redisCli(server.port, ...Array.from({ length: 100 }, (_none, n) => ['SET', `u:${n}`, 'x'.repeat(500)]));
  const proxy = await startProxy(server.port);
  try {
    proxy.cutAfter('down', 200_000);
    const outcome = await look('SELECT range AS row, range % 100 AS id FROM range(20000)', {}, proxy.port);
    expect(out(outcome).every(([, , value]) => value?.length === 500)).toBe(true);
    proxy.stall();
    const stop = new AbortController();
    const running = runNode(node, { connection: 'redis', key: 'u:{id}' }, { inputs: { in: [{ id: 1 }] }, connections: [redisConnection(proxy.port)], signal: stop.signal });
    const before = proxy.sent();
    setTimeout(() => stop.abort(new Error('stopped by the test')), 50);
    await expect(running).rejects.toThrow('stopped by the test');
    expect(proxy.sent()).toBe(before);
  } finally {
    await proxy.close();
  }
});

test('fields that are not named are told before a run', () => {
  expect(node.check?.({ read: 'fields', fields: [] })).toMatchObject([{ field: 'fields' }]);
  expect(node.check?.({ read: 'text', fields: [] })).toEqual([]);
});
