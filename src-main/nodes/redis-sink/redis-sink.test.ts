import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { noRedis, redisCli, redisConnection, startRedis } from '../../connectors/servers/redis.testing.ts';
import { freePort } from '../../connectors/servers/server.testing.ts';
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
const others: Server[] = [];
afterEach(async () => {
  for (const one of others.splice(0)) await one.stop();
});
async function another(...given: Parameters<typeof startRedis>): Promise<Server> {
  const one = await startRedis(...given);
  others.push(one);
  return one;
}
const write = (rows: TestRows, config: JsonObject, port = server.port, more: Partial<Parameters<typeof runNode>[2]> = {}): Promise<NodeOutcome> =>
  runNode(node, { connection: 'redis', key: 'u:{id}', ...config }, { inputs: { in: rows }, connections: [redisConnection(port)], ...more });
/** What a second client sees: replies as they come over the line, their lengths left out. */
const see = async (...command: readonly string[]): Promise<readonly string[]> => (await redisCli(server.port, command)).split('\r\n').filter((line) => line !== '' && !/^[$*][\d-]+$/.test(line));

test.skipIf(noRedis !== null)('strings: a column, the whole row, bytes; for a time; only where nothing is', async () => {
  await write([{ id: 1, v: 'ä' }, { id: 2, v: 'b' }], { value: 'v' });
  expect([await see('GET', 'u:1'), await see('TTL', 'u:1')]).toEqual([['ä'], [':-1']]);
  await write(`SELECT 1 AS id, 9007199254740993 AS big, 1.50::DECIMAL(9,2) AS price, NULL AS none`, { ttl: 1000 });
  expect(await see('GET', 'u:1')).toEqual(['{"id":1,"big":9007199254740993,"price":1.50,"none":null}']);
  expect(Number((await see('TTL', 'u:1'))[0]?.slice(1))).toBeGreaterThan(0);
  const kept = await write([{ id: 1, v: 'new' }, { id: 3, v: 'new' }], { value: 'v', onExisting: 'keep' });
  expect([await see('GET', 'u:3'), kept.report]).toEqual([['new'], { rows: 2, 'were there already': 1 }]);
  await write(`SELECT 4 AS id, 'a'::BLOB || '\\x00\\xFF'::BLOB AS v`, { value: 'v' });
  expect(await see('STRLEN', 'u:4')).toEqual([':3']);
});

test.skipIf(noRedis !== null)('hashes: columns are fields, NULL is none; the others stay or go', async () => {
  await redisCli(server.port, ['HSET', 'u:1', 'old', 'x', 'b', 'y']);
  await write([{ id: 1, a: 5, b: null }], { write: 'hash' });
  expect(await see('HGETALL', 'u:1')).toEqual(['old', 'x', 'id', '1', 'a', '5']);
  await write([{ id: 1, a: 6, b: 'z' }], { write: 'hash', columns: ['A', 'b'], replace: true, ttl: 100 });
  expect(await see('HGETALL', 'u:1')).toEqual(['a', '6', 'b', 'z']);
  expect(Number((await see('TTL', 'u:1'))[0]?.slice(1))).toBeGreaterThan(0);
});

test.skipIf(noRedis !== null)('lists and streams take rows in their order, at either end, up to a length', async () => {
  const rows = 'SELECT range AS id FROM range(5)';
  const right = await write(rows, { write: 'list', key: 'l', value: 'id' });
  expect([await see('LRANGE', 'l', '0', '-1'), right.intents]).toEqual([['0', '1', '2', '3', '4'], [`The rows would be added again to the list l at 127.0.0.1:${server.port}, from the first one on`]]);
  await write(rows, { write: 'list', key: 'm', value: 'id', side: 'left', maxLength: 2 });
  expect(await see('LRANGE', 'm', '0', '-1')).toEqual(['4', '3']);
  await write([{ id: 1, v: 'ü', none: null }], { write: 'stream', key: 's:{id}' });
  expect((await see('XRANGE', 's:1', '-', '+')).slice(1)).toEqual(['id', '1', 'v', 'ü']);
  await write('SELECT range AS id FROM range(5000)', { write: 'stream', key: 't', maxLength: 100 });
  expect(Number((await see('XLEN', 't'))[0]?.slice(1))).toBeLessThan(1000);
  expect((await write([{ id: 1, v: 'x' }], {})).intents).toEqual([]);
  expect((await write('SELECT 1 AS id WHERE false', { write: 'list', key: 'n' })).intents).toEqual([]);
});

test.skipIf(noRedis !== null)('100,000 rows go in bundles', async () => {
  const outcome = await write('SELECT range AS id, range * 2 AS v FROM range(100000)', { value: 'v' });
  expect([outcome.report, await see('DBSIZE'), await see('GET', 'u:99999')]).toEqual([{ rows: 100_000 }, [':100000'], ['199998']]);
});

test.skipIf(noRedis !== null)('a row without a key or a value is told by its number', async () => {
  await expect(write([{ id: 1, v: 'x' }, { id: null, v: 'y' }], { value: 'v' })).rejects.toMatchObject({ place: 'key', message: 'Row 2 has a NULL where its key needs a value.' });
  await expect(write([{ id: 1, v: null }], { value: 'v' })).rejects.toMatchObject({ place: 'value', message: expect.stringContaining('Row 1: the column “v” is NULL') as string });
  await expect(write([{ id: 1 }], { value: 'w' })).rejects.toMatchObject({ place: 'value', message: 'There is no column “w” in the input.' });
  await expect(write([{ id: 1, a: null }], { write: 'stream', columns: ['a'] })).rejects.toMatchObject({ place: 'columns' });
  // A bundle is whole or not at all.
  expect(await see('DBSIZE')).toEqual([':0']);
});

test.skipIf(noRedis !== null)('a key of another kind is told with its row', async () => {
  await redisCli(server.port, ['SET', 'u:2', 'text']);
  await expect(write([{ id: 1 }, { id: 2 }], { write: 'hash' })).rejects.toMatchObject({ code: 'node_failed', message: expect.stringContaining('(row 2, key u:2)') as string });
});

test.skipIf(noRedis !== null)('what a server refuses: a full memory, a replica, a user without the right, a cluster', async () => {
  const full = await another({ config: ['maxmemory 2mb', 'maxmemory-policy noeviction'] });
  await expect(write(`SELECT range AS id, repeat('x', 10000) AS v FROM range(2000)`, {}, full.port)).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('maxmemory') as string });
  const replica = await another({ config: [`replicaof 127.0.0.1 ${await freePort()}`] });
  await expect(write([{ id: 1 }], {}, replica.port)).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('is a replica') as string });
  const users = await another({ config: ['user ann on >ann-password ~* +@all -set'] });
  const connections = [redisConnection(users.port, { user: 'ann' }, { password: 'ann-password' })];
  await expect(write([{ id: 1 }], {}, users.port, { connections })).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('may not do this') as string });
  const [one, two] = [await another({ config: ['cluster-enabled yes'] }), await another({ config: ['cluster-enabled yes'] })];
  await redisCli(one.port, ['CLUSTER', 'ADDSLOTSRANGE', '0', '8191']);
  await redisCli(two.port, ['CLUSTER', 'ADDSLOTSRANGE', '8192', '16383']);
  await redisCli(one.port, ['CLUSTER', 'MEET', '127.0.0.1', String(two.port)]);
  while (!(await redisCli(one.port, ['CLUSTER', 'INFO'])).includes('cluster_state:ok')) await new Promise((resolve) => void setTimeout(resolve, 100));
  await expect(write('SELECT range AS id FROM range(20)', {}, one.port)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('belongs to a cluster') as string });
}, 60_000);

test.skipIf(noRedis !== null)('a line that is cut: what can be written again is, on a new line; what grows is not, and says how far it came', async () => {
  const proxy = await startProxy(server.port);
  const rows = 'SELECT range AS id FROM range(20000)';
  try {
    proxy.cutAfter('up', 200_000);
    await write(rows, { value: 'id' }, proxy.port);
    expect(await see('DBSIZE')).toEqual([':20000']);
    await redisCli(server.port, ['FLUSHALL']);
    proxy.cutAfter('up', 200_000);
    const told: unknown = await write(rows, { write: 'list', key: 'l', value: 'id' }, proxy.port).catch((thrown: unknown) => thrown);
    expect(told).toMatchObject({ code: 'io', message: expect.stringMatching(/[\d,]+ rows were added before; whether the 1,024 after them were too is not known\.$/) as string });
    const before = Number(/([\d,]+) rows were added/.exec(String(told))?.[1]?.replaceAll(',', ''));
    const there = Number((await see('LLEN', 'l'))[0]?.slice(1));
    expect([before, before + 1024]).toContain(there);
  } finally {
    await proxy.close();
  }
});

test.skipIf(noRedis !== null)('a server that is killed ends the run after a few tries; one that stands still, in time', async () => {
  const doomed = await another();
  let rows = 0;
  const running = write('SELECT range AS id FROM range(500000)', { value: 'id' }, doomed.port, { connections: [redisConnection(doomed.port)] });
  const watched = running.catch((thrown: unknown) => thrown);
  while (rows < 1000) rows = Number((await redisCli(doomed.port, ['DBSIZE'])).slice(1).trim());
  await doomed.kill();
  expect(await watched).toMatchObject({ code: 'io', place: 'connection', message: expect.stringMatching(/Nothing listens|was cut/) as string });
  const still = await another();
  still.freeze();
  await expect(write([{ id: 1 }], { answerMs: 300 }, still.port)).rejects.toMatchObject({ code: 'timeout' });
  still.thaw();
});
