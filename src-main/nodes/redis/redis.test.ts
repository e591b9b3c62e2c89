import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { noRedis, redisCli, redisConnection, startRedis } from '../../connectors/servers/redis.testing.ts';
import type { Server } from '../../connectors/servers/server.testing.ts';
import { startProxy } from '../../connectors/servers/proxy.testing.ts';
import { runNode } from '../../dataplane/node.testing.ts';
import type { NodeOutcome } from '../../dataplane/node.testing.ts';
import node from './run.ts';

let server: Server;
beforeAll(async () => {
  if (noRedis === null) server = await startRedis();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  if (noRedis === null) await redisCli(server.port, ['FLUSHALL']);
});
const read = (config: JsonObject, port = server.port): Promise<NodeOutcome> => runNode(node, { connection: 'redis', ...config }, { connections: [redisConnection(port)] });
const out = ({ outputs }: NodeOutcome): readonly (readonly (string | null)[])[] => outputs['out']?.rows ?? [];
const sorted = (outcome: NodeOutcome): readonly (readonly (string | null)[])[] => out(outcome).toSorted((a, b) => String(a[0]).localeCompare(String(b[0])));

test.skipIf(noRedis !== null)('keys by pattern and kind, with their values', async () => {
  await redisCli(server.port, ['SET', 'a:1', 'ä'], ['SET', 'a:2', '5', 'PX', '1000000'], ['HSET', 'a:h', 'f', 'v', 'g', 'w'], ['RPUSH', 'a:l', 'x', 'y'], ['SADD', 'a:s', 'm'], ['ZADD', 'a:z', '1.5', 'm', 'inf', 'n'], ['XADD', 'a:x', '1-1', 'f', 'v'], ['SET', 'b', 'other']);
  const all = await read({ pattern: 'a:*' });
  expect(all.outputs['out']?.columns).toEqual([{ name: 'key', type: 'VARCHAR' }, { name: 'type', type: 'VARCHAR' }, { name: 'ttl_ms', type: 'BIGINT' }, { name: 'value', type: 'VARCHAR' }]);
  expect(sorted(all)).toEqual([
    ['a:1', 'string', null, 'ä'], ['a:2', 'string', expect.stringMatching(/^\d+$/), '5'], ['a:h', 'hash', null, '{"f":"v","g":"w"}'], ['a:l', 'list', null, '["x","y"]'],
    ['a:s', 'set', null, '["m"]'], ['a:x', 'stream', null, null], ['a:z', 'zset', null, '[["m",1.5],["n","inf"]]'],
  ]);
  expect(sorted(await read({ pattern: 'a:?', kind: 'string', values: false }))).toEqual([['a:1', 'string', null], ['a:2', 'string', expect.any(String)]]);
  expect(out(await read({ pattern: 'none:*' }))).toEqual([]);
});

test.skipIf(noRedis !== null)('thousands of keys come once each, and no more than wanted', async () => {
  await redisCli(server.port, ...Array.from({ length: 5000 }, (_none, n) => ['SET', `k:${n}`, String(n)]));
  const outcome = await read({ pattern: 'k:*' });
  expect(new Set(out(outcome).map(([key, , , value]) => `${key}=${value}`)).size).toBe(5000);
  expect(out(outcome)).toHaveLength(5000);
  expect(out(await read({ pattern: 'k:*', limit: 1234 }))).toHaveLength(1234);
});

test.skipIf(noRedis !== null)('a hash, a list, a stream: all of it, or a range', async () => {
  await redisCli(server.port, ['HSET', 'h', 'f', '1', 'g', '2'], ['RPUSH', 'l', ...Array.from({ length: 2500 }, (_none, n) => String(n))], ...Array.from({ length: 2500 }, (_none, n) => ['XADD', 's', `${n + 1}-1`, 'n', String(n), 'ü', '"q"']));
  expect(sorted(await read({ read: 'hash', key: 'h' }))).toEqual([['f', '1'], ['g', '2']]);
  expect(out(await read({ read: 'list', key: 'l' }))).toEqual(Array.from({ length: 2500 }, (_none, n) => [String(n), String(n)]));
  expect(out(await read({ read: 'list', key: 'l', from: '-2' })).map(([at]) => at)).toEqual(['2498', '2499']);
  expect(out(await read({ read: 'list', key: 'l', from: '1', to: '2' })).map(([, value]) => value)).toEqual(['1', '2']);
  expect(out(await read({ read: 'list', key: 'l', from: '0', to: '-9999' }))).toEqual([]);
  const entries = out(await read({ read: 'stream', key: 's' }));
  expect([entries.length, entries[0], entries.at(-1)?.[0]]).toEqual([2500, ['1-1', '{"n":"0","ü":"\\"q\\""}'], '2500-1']);
  expect(out(await read({ read: 'stream', key: 's', from: '2', to: '3' })).map(([id]) => id)).toEqual(['2-1', '3-1']);
  for (const [kind, key] of [['hash', 'none'], ['list', 'none'], ['stream', 'none']]) expect(out(await read({ read: kind ?? '', key: key ?? '' }))).toEqual([]);
  await expect(read({ read: 'list', key: 'h' })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('key h') as string });
});

test.skipIf(noRedis !== null)('what is no text is told, and read as bytes', async () => {
  const { Redis } = await import('ioredis');
  const client = new Redis(server.port, '127.0.0.1');
  await client.set('b', Buffer.from([0, 255, 34]));
  await client.hset('bh', 'f', Buffer.from([255]));
  client.disconnect();
  await expect(read({ pattern: 'b' })).rejects.toMatchObject({ place: 'encoding', message: 'What is under the key b is not text in UTF-8.' });
  const bytes = await read({ pattern: 'b', encoding: 'binary' });
  expect([bytes.outputs['out']?.columns[3]?.type, out(bytes)[0]?.[3]]).toEqual(['BLOB', '\\x00\\xFF\\x22']);
  expect(out(await read({ read: 'hash', key: 'bh', encoding: 'binary' }))).toEqual([['f', '\\xFF']]);
});

test.skipIf(noRedis !== null)('a line that is cut in the middle is opened again; a server that is gone is told', async () => {
  await redisCli(server.port, ['RPUSH', 'l', ...Array.from({ length: 20_000 }, (_none, n) => `value ${n}`)]);
  const proxy = await startProxy(server.port);
  try {
    proxy.cutAfter('down', 100_000);
    expect(out(await read({ read: 'list', key: 'l' }, proxy.port)).map(([, value]) => value)).toEqual(Array.from({ length: 20_000 }, (_none, n) => `value ${n}`));
    proxy.refuse(true);
    await expect(read({ read: 'list', key: 'l' }, proxy.port)).rejects.toMatchObject({ code: 'io', place: 'connection' });
    proxy.refuse(false);
    proxy.stall();
    await expect(read({ read: 'list', key: 'l', answerMs: 200 }, proxy.port)).rejects.toMatchObject({ code: 'timeout' });
  } finally {
    await proxy.close();
  }
});

const problems = (config: JsonObject): readonly string[] => (node.check?.({ from: '', to: '', read: 'keys', ...config }) ?? []).map(({ field }) => field);
test('positions and ids are checked before a run', () => {
  expect(problems({ read: 'list', from: '-3', to: '5' })).toEqual([]);
  expect(problems({ read: 'list', from: 'x' })).toEqual(['from']);
  expect(problems({ read: 'stream', from: '1526919030474-0', to: 'end' })).toEqual(['to']);
});
