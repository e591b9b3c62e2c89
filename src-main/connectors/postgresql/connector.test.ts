import { createServer } from 'node:net';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenConnection, TestReport } from '#shared/connections/connection';
import { createAuthority, opensslMissing } from '../servers/certificates.testing.ts';
import { postgresqlMissing, startPostgresql } from '../servers/postgresql.testing.ts';
import type { PostgresqlServer } from '../servers/postgresql.testing.ts';
import { freePort } from '../servers/server.testing.ts';
import type { Batch } from '../../nodes/define.ts';
import connector from './connector.ts';
import driver from './driver.ts';

const missing = postgresqlMissing() ?? opensslMissing();
const attempt = (connection: OpenConnection, signal = new AbortController().signal): Promise<TestReport> => connector.test(connection, { signal, resolve: (path) => path });
const steps = (report: TestReport): string => report.steps.map(({ step, ok }) => (ok ? step : `${step}!`)).join(' ');

const plain = (settings: OpenConnection['settings']): OpenConnection => ({ name: 'db', kind: 'postgresql', settings: { host: '127.0.0.1', port: 5432, database: 'postgres', user: 'u', tls: 'off', connectTimeoutMs: 500, ...settings }, secrets: { password: 'secret password' } });

/** Something that listens and is no database. */
async function impostor(onData: (socket: Socket) => void): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server: NetServer = createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => onData(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => new Promise((resolve) => void server.close(() => resolve())) };
}

describe('without a server', () => {
  test('a host that nobody knows', async () => {
    const report = await attempt(plain({ host: 'no-such-host.invalid' }));
    expect([steps(report), report.ok]).toEqual(['settings host!', false]);
    expect(report.error).toMatchObject({ code: 'io', message: expect.stringMatching(/no-such-host\.invalid/) });
  });

  test('a port that nobody listens on', async () => {
    const report = await attempt(plain({ port: await freePort() }));
    expect(steps(report)).toBe('settings host port!');
    expect(report.error).toMatchObject({ message: expect.stringMatching(/^Nothing listens on port \d+ of 127\.0\.0\.1\.$/), place: expect.stringContaining('127.0.0.1:') });
  });

  test('something else listens there', async () => {
    const web = await impostor((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const report = await attempt(plain({ port: web.port }));
    await web.close();
    expect(steps(report)).toBe('settings host port!');
    expect(report.error?.message).toBe(`What answers on port ${web.port} of 127.0.0.1 is not a PostgreSQL server.`);
  });

  test('something listens and says nothing', async () => {
    const silent = await impostor((socket) => void setTimeout(() => socket.destroy(), 20_000).unref());
    const report = await attempt(plain({ port: silent.port }));
    expect(steps(report)).toBe('settings host port!');
    expect(report.error).toMatchObject({ code: 'timeout', message: expect.stringContaining('did not answer within 500 ms') });
  });

  test('settings that can’t be', async () => {
    for (const [settings, message] of [[{ database: '' }, 'names no database'], [{ tls: 'verify', ca: 'nonsense' }, 'CA certificate is not in PEM'], [{ tls: 'on', clientCertificate: '-----BEGIN CERTIFICATE-----' }, 'without its key']] as const) {
      const report = await attempt(plain(settings));
      expect(steps(report)).toBe('settings!');
      expect(report.error).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(message) });
    }
  });
});

describe.skipIf(missing !== null)(`with a server${missing === null ? '' : `: ${missing}`}`, () => {
  let server: PostgresqlServer;
  beforeAll(async () => {
    server = await startPostgresql({ access: ['hostnossl all careful 127.0.0.1/32 reject'] });
    await server.run('CREATE DATABASE closed');
    await server.run('CREATE ROLE careful LOGIN; CREATE ROLE visitor LOGIN PASSWORD $$visitor password$$; REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
  });
  afterAll(() => server?.stop());

  test('it works', async () => {
    const report = await attempt(server.connection());
    expect([report.ok, steps(report), report.error]).toEqual([true, 'settings host port login database ready', null]);
    expect(report.server).toMatch(/^PostgreSQL \d+\.\d+$/);
    const named = await attempt(server.connection({ host: 'localhost' }));
    expect(named.steps[1]?.detail).toMatch(/^localhost is (?:127\.0\.0\.1|::1)$/);
  });

  test.each<[string, OpenConnection['settings'], OpenConnection['secrets'], string, RegExp]>([
    ['a wrong password', {}, { password: 'another secret' }, 'settings host port login!', /“millrace”: the user or the password is wrong/],
    ['no password', {}, { password: '' }, 'settings host port login!', /asks “millrace” for a password/],
    ['a user that is not there', { user: 'ghost' }, {}, 'settings host port login!', /“ghost”: the user or the password is wrong/],
    ['a user without encryption', { user: 'careful' }, {}, 'settings host port login!', /“careful”/],
    ['no such database', { database: 'nowhere' }, {}, 'settings host port login database!', /no database “nowhere”/],
    ['a database that is not for everybody', { database: 'closed', user: 'visitor' }, { password: 'visitor password' }, 'settings host port login database!', /closed/],
    ['TLS that the server has not', { tls: 'on' }, {}, 'settings host port tls!', /does not offer TLS/],
  ])('%s', async (_name, settings, secrets, expected, message) => {
    const report = await attempt(server.connection(settings, secrets));
    expect(steps(report)).toBe(expected);
    expect(report.error).toMatchObject({ message: expect.stringMatching(message), remedy: expect.stringMatching(/./) });
    expect(JSON.stringify(report)).not.toMatch(/another secret|correct horse|visitor password/);
  });

  test('a server that does not answer any more', async () => {
    server.freeze();
    const report = await attempt(server.connection({ connectTimeoutMs: 700 }));
    server.thaw();
    expect(steps(report)).toBe('settings host port!');
    expect(report.error).toMatchObject({ code: 'timeout' });
  });

  test('it ends with the signal', async () => {
    server.freeze();
    const report = await attempt(server.connection({ connectTimeoutMs: 300_000 }), AbortSignal.timeout(200));
    server.thaw();
    expect(report.ok).toBe(false);
  });
});

async function* someRows(): AsyncGenerator<Batch> {
  for (let from = 0; from < 40_000; from += 2000) yield { columns: [{ name: 'id', type: 'INTEGER' }, { name: 'text', type: 'VARCHAR' }], rows: Array.from({ length: 2000 }, (_, index) => [from + index, 'é'.repeat(100)]) };
}

/** Some megabytes there and back. */
async function moves(connection: OpenConnection): Promise<void> {
  const io = { signal: new AbortController().signal, resolve: (path: string) => path, console: () => undefined };
  await driver.write(connection, { table: 'sealed', mode: 'truncate', keys: [], create: true }, someRows(), io, async () => undefined);
  let sum = 0;
  for await (const batch of driver.read(connection, { query: 'SELECT * FROM sealed', params: [], fetchRows: 1000 }, io)) for (const [id, text] of batch.rows) sum += (id as number) + (text as string).length;
  expect(sum).toBe(799_980_000 + 40_000 * 100);
}

describe.skipIf(missing !== null)(`encrypted${missing === null ? '' : `: ${missing}`}`, () => {
  const servers: PostgresqlServer[] = [];
  const authority = missing === null ? createAuthority() : null;
  const started = async (certificate: { readonly certificate: string; readonly key: string }, more: Parameters<typeof startPostgresql>[0] = {}): Promise<PostgresqlServer> => {
    const server = await startPostgresql({ tls: { ...certificate, ca: authority?.certificate ?? '' }, ...more });
    servers.push(server);
    return server;
  };
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  test('a certificate that is good, one that nobody knows, and one of another name', async () => {
    const client = authority?.sign('millrace', []) ?? expect.fail();
    const server = await started(authority?.sign('localhost', ['DNS:localhost', 'IP:127.0.0.1']) ?? expect.fail(), { access: ['hostssl all certified 127.0.0.1/32 scram-sha-256 clientcert=verify-ca'] });
    await server.run("CREATE ROLE certified LOGIN PASSWORD 'correct horse battery'");
    const ca = authority?.certificate ?? '';
    for (const host of ['localhost', '127.0.0.1']) {
      const good = await attempt(server.connection({ tls: 'verify', ca, host }));
      expect([good.ok, steps(good), good.error]).toEqual([true, 'settings host port tls login database ready', null]);
      expect(good.steps[3]?.detail).toMatch(/^encrypted with TLSv1\.\d, the certificate is good$/);
    }
    expect((await attempt(server.connection({ tls: 'on' }))).ok).toBe(true);
    expect((await attempt(server.connection({ tls: 'off' }))).ok).toBe(true);
    const unknown = await attempt(server.connection({ tls: 'verify' }));
    expect([steps(unknown), unknown.error?.message]).toEqual(['settings host port tls!', 'The server’s certificate is not trusted: the authority behind it is not known here.']);
    const other = await attempt(server.connection({ tls: 'verify', ca: createAuthority('Another').certificate }));
    expect([steps(other), other.error?.message]).toEqual(['settings host port tls!', expect.stringContaining('not trusted')]);
    const without = await attempt(server.connection({ tls: 'verify', ca, user: 'certified' }));
    expect([steps(without), without.error?.message]).toEqual(['settings host port tls login!', expect.stringContaining('certificate')]);
    expect((await attempt(server.connection({ tls: 'verify', ca, user: 'certified', clientCertificate: client.certificate }, { clientKey: client.key }))).ok).toBe(true);
    await moves(server.connection({ tls: 'verify', ca }));
    const mismatched = await attempt(server.connection({ tls: 'verify', ca, clientCertificate: client.certificate }, { clientKey: authority?.key ?? '' }));
    expect([steps(mismatched), mismatched.error?.message]).toEqual(['settings host port tls!', 'The client key does not belong to the client certificate.']);
  });

  test('a certificate for another name, and one that has expired', async () => {
    const ca = authority?.certificate ?? '';
    const elsewhere = await started(authority?.sign('db.example.org', ['DNS:db.example.org']) ?? expect.fail());
    const wrong = await attempt(elsewhere.connection({ tls: 'verify', ca, host: 'localhost' }));
    expect([steps(wrong), wrong.error?.message]).toEqual(['settings host port tls!', 'The server’s certificate is for another name than “localhost”.']);
    const old = await started(authority?.sign('localhost', ['DNS:localhost'], -2) ?? expect.fail());
    const expired = await attempt(old.connection({ tls: 'verify', ca, host: 'localhost' }));
    expect([steps(expired), expired.error?.message]).toEqual(['settings host port tls!', 'The server’s certificate has expired.']);
  });
});
