import { afterEach, expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import { freePort } from '../servers/server.testing.ts';
import type { Server } from '../servers/server.testing.ts';
import { noRedis, redisCli, redisConnection, startRedis } from '../servers/redis.testing.ts';
import { selfSigned } from '../servers/web.testing.ts';
import connector from './connector.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
async function serve(...given: Parameters<typeof startRedis>): Promise<Server> {
  const server = await startRedis(...given);
  servers.push(server);
  return server;
}
const context = { signal: new AbortController().signal, resolve: (path: string) => path };
const tried = async (connection: OpenConnection): Promise<readonly [string, string | undefined, string | null]> => {
  const report = await connector.test(connection, context);
  const said = JSON.stringify(report);
  for (const secret of Object.values(connection.secrets)) if (secret.length > 8) expect(said).not.toContain(secret);
  return [report.steps.map(({ step, ok }) => `${step}${ok ? '' : '!'}`).join(' '), report.error?.message, report.server];
};

test.skipIf(noRedis !== null)('a server without a login, with one, with users; a database that is not there', async () => {
  const open = await serve();
  expect(await tried(redisConnection(open.port))).toEqual(['host port login database ready', undefined, expect.stringMatching(/^Redis 7\./)]);
  expect((await tried(redisConnection(open.port, {}, { password: 'needless-password' })))[0]).toBe('host port login database ready');
  expect(await tried(redisConnection(open.port, { database: 99 }))).toEqual(['host port login database!', expect.stringContaining('no database of that number'), null]);
  const locked = await serve({ config: ['requirepass s3cret-password', 'user ann on >ann-password ~ann:* +get +ping +select', 'user eve on nopass ~* +@all'] });
  expect(await tried(redisConnection(locked.port))).toEqual(['host port login!', expect.stringContaining('asks for a login'), null]);
  expect(await tried(redisConnection(locked.port, {}, { password: 'wr0ng-password' }))).toEqual(['host port login!', expect.stringContaining('password is wrong'), null]);
  expect((await tried(redisConnection(locked.port, {}, { password: 's3cret-password' })))[0]).toBe('host port login database ready');
  // A user that may not ask for the server's version is no failure.
  expect(await tried(redisConnection(locked.port, { user: 'ann' }, { password: 'ann-password' }))).toEqual(['host port login database ready', undefined, 'Redis']);
  expect((await tried(redisConnection(locked.port, { user: 'eve' })))[0]).toBe('host port login database ready');
  expect((await tried(redisConnection(locked.port, { user: 'bob' }, { password: 'ann-password' })))[0]).toBe('host port login!');
  expect(await redisCli(open.port, ['PING'])).toBe('+PONG\r\n');
});

test('a host that is not there, a port where nothing listens', async () => {
  expect((await tried(redisConnection(6379, { host: 'nowhere.invalid' })))[0]).toBe('host!');
  expect(await tried(redisConnection(await freePort()))).toEqual(['host port!', expect.stringContaining('Nothing listens'), null]);
});

test.skipIf(noRedis !== null)('TLS is verified, or not, as the connection says', async () => {
  const certificate = selfSigned();
  const { port } = await serve({ certificate });
  expect(await tried(redisConnection(port, { tls: 'verify' }))).toEqual(['host port tls!', expect.stringContaining('vouched for by nobody'), null]);
  expect((await tried(redisConnection(port, { tls: 'verify', ca: certificate.cert })))[0]).toBe('host port tls login database ready');
  expect((await tried(redisConnection(port, { tls: 'on' })))[0]).toBe('host port tls login database ready');
  const plain = await serve();
  expect((await tried(redisConnection(plain.port, { tls: 'on', connectTimeoutMs: 2000 })))[0]).toBe('host port tls!');
  expect((await tried(redisConnection(port, { connectTimeoutMs: 2000 })))[0]).toMatch(/^host port( login)?!?$/);
  const strict = await serve({ certificate, config: ['tls-auth-clients yes'] });
  expect((await tried(redisConnection(strict.port, { tls: 'verify', ca: certificate.cert })))[0]).toMatch(/^host port tls( login)?!$/);
  expect((await tried(redisConnection(strict.port, { tls: 'verify', ca: certificate.cert, clientCertificate: certificate.cert }, { clientKey: certificate.key })))[0]).toBe('host port tls login database ready');
  expect(await tried(redisConnection(strict.port, { tls: 'verify', ca: certificate.cert, clientCertificate: 'nonsense' }, { clientKey: 'nonsense' }))).toEqual(['host port tls!', expect.stringContaining('can’t be read'), null]);
  expect(await tried(redisConnection(port, { tls: 'verify', ca: 'not a certificate' }))).toEqual(['host port tls!', expect.any(String), null]);
});
