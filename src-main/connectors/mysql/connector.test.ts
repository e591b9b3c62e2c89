import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import mysql from 'mysql2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenConnection, TestReport } from '#shared/connections/connection';
import { createAuthority, opensslMissing } from '../servers/certificates.testing.ts';
import { mariadbMissing, startMariadb } from '../servers/mariadb.testing.ts';
import type { MariadbServer } from '../servers/mariadb.testing.ts';
import { freePort } from '../servers/server.testing.ts';
import connector from './connector.ts';

const missing = mariadbMissing() ?? opensslMissing();
const attempt = (connection: OpenConnection, signal = new AbortController().signal): Promise<TestReport> => connector.test(connection, { signal, resolve: (path) => path });
const steps = (report: TestReport): string => report.steps.map(({ step, ok }) => (ok ? step : `${step}!`)).join(' ');
const plain = (settings: OpenConnection['settings']): OpenConnection => ({ name: 'db', kind: 'mysql', settings: { host: '127.0.0.1', port: 3306, database: 'shop', user: 'u', tls: 'off', connectTimeoutMs: 500, ...settings }, secrets: { password: 'secret password' } });

/** Something that listens and is no database. */
async function impostor(onConnection: (socket: Socket) => void): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

describe('without a server', () => {
  test('a host that nobody knows', async () => {
    const report = await attempt(plain({ host: 'no-such-host.invalid' }));
    expect([steps(report), report.ok]).toEqual(['settings host!', false]);
    expect(report.error).toMatchObject({ code: 'io', message: expect.stringContaining('no-such-host.invalid') });
  });

  test('a port that nobody listens on', async () => {
    const port = await freePort();
    const report = await attempt(plain({ port }));
    expect(steps(report)).toBe('settings host port!');
    expect(report.error).toMatchObject({ message: `Nothing listens on port ${port} of “127.0.0.1”.`, place: `127.0.0.1:${port}/shop`, remedy: expect.any(String) });
  });

  test.each([['an SSH server', 'SSH-2.0-OpenSSH_9.2\r\n'], ['a mail server', '220 mail ESMTP\r\n']])('%s listens there', async (_what, greeting) => {
    const other = await impostor((socket) => void socket.write(greeting));
    const report = await attempt(plain({ port: other.port }));
    other.close();
    expect(steps(report)).toBe('settings host port!');
    expect(report.error).toMatchObject({ code: 'unsupported', message: `What listens on port ${other.port} of “127.0.0.1” is no MySQL or MariaDB server.` });
  });

  test('something listens and says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = await impostor((socket) => void sockets.push(socket));
    const report = await attempt(plain({ port: silent.port }));
    for (const socket of sockets) socket.destroy();
    silent.close();
    expect(steps(report)).toBe('settings host port!');
    expect(report.error).toMatchObject({ code: 'timeout', message: expect.stringContaining('says nothing within 500 ms') });
  });

  test('settings that can’t be', async () => {
    for (const [settings, message] of [[{ database: '' }, 'names no database'], [{ host: ' ' }, 'names no host'], [{ tls: 'verify', ca: 'nonsense' }, 'CA certificate of the connection “db” is not in PEM']] as const) {
      const report = await attempt(plain(settings));
      expect(steps(report)).toBe('settings!');
      expect(report.error).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(message) });
    }
  });
});

if (missing !== null) test.skip(`MariaDB: ${missing}`, () => undefined);
else {
  describe('with a MariaDB server', () => {
    const authority = createAuthority();
    const other = createAuthority('Somebody else');
    const client = authority.sign('client', []);
    const here = authority.sign('this computer', ['IP:127.0.0.1']);
    let server: MariadbServer;
    beforeAll(async () => {
      server = await startMariadb({
        tls: { ...here, ca: authority.certificate },
        args: ['--max-connections=10'],
        statements: [
          "CREATE USER IF NOT EXISTS certified@'%' IDENTIFIED BY 'p' REQUIRE X509", "GRANT ALL ON shop.* TO certified@'%'",
          "CREATE USER IF NOT EXISTS encrypted@'%' IDENTIFIED BY 'p' REQUIRE SSL", "GRANT ALL ON shop.* TO encrypted@'%'",
          "CREATE USER IF NOT EXISTS lonely@'%' IDENTIFIED BY 'p'", "CREATE USER IF NOT EXISTS few@'%' IDENTIFIED BY 'p' WITH MAX_USER_CONNECTIONS 1", "GRANT ALL ON shop.* TO few@'%'",
        ],
      });
    });
    afterAll(() => server?.stop());

    test('everything is well', async () => {
      const report = await attempt(server.connection());
      expect([steps(report), report.error]).toEqual(['settings host port login database', null]);
      expect(report.server).toMatch(/^MariaDB \d+\.\d+\.\d+$/);
    });

    test('a wrong password, a wrong user', async () => {
      for (const [connection, user] of [[server.connection({}, { password: 'not this one' }), 'millrace'], [server.connection({ user: 'nobody' }), 'nobody']] as const) {
        const report = await attempt(connection);
        expect(steps(report)).toBe('settings host port login!');
        expect(report.error).toMatchObject({ code: 'permission', message: expect.stringContaining(`“${user}”`), place: `127.0.0.1:${server.port}/shop` });
        expect(JSON.stringify(report)).not.toContain('not this one');
      }
    });

    test('a database that is not there, or not for this user', async () => {
      const gone = await attempt(server.connection({ database: 'shoop' }));
      expect([steps(gone), gone.error?.message]).toEqual(['settings host port login database!', 'The server has no database “shoop”.']);
      const barred = await attempt(server.connection({ user: 'lonely' }, { password: 'p' }));
      expect([steps(barred), barred.error?.message]).toEqual(['settings host port login database!', 'The user “lonely” may not use the database “shop”.']);
    });

    test('a way to log in that is not known here', async () => {
      await server.run("INSTALL SONAME 'auth_ed25519'");
      await server.run("CREATE USER edward@'%' IDENTIFIED VIA ed25519 USING PASSWORD('p')");
      // The password “p”, as servers kept it before 4.1.
      await server.run("CREATE USER olaf@'%' IDENTIFIED VIA mysql_old_password USING '7cd2b5942be28759'");
      for (const [user, message] of [['edward', /by the plugin client_ed25519/], ['olaf', /mysql_old_password/]] as const) {
        const report = await attempt(server.connection({ user }, { password: 'p' }));
        expect(steps(report)).toBe('settings host port login!');
        expect(report.error).toMatchObject({ code: 'unsupported', message: expect.stringMatching(message), remedy: expect.any(String) });
      }
      await server.run("DROP USER edward@'%', olaf@'%'");
    });

    test('too many connections', async () => {
      const held = mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'few', password: 'p', database: 'shop' });
      held.on('error', () => undefined);
      await new Promise<void>((resolve) => void held.once('connect', () => resolve()));
      const report = await attempt(server.connection({ user: 'few' }, { password: 'p' }));
      held.destroy();
      expect(steps(report)).toBe('settings host port login!');
      expect(report.error).toMatchObject({ code: 'io', message: expect.stringMatching(/max_user_connections|too many connections/i) });
    });

    test('encrypted, and verified', async () => {
      const on = await attempt(server.connection({ tls: 'on' }));
      expect([steps(on), on.error]).toEqual(['settings host port tls login database', null]);
      const verified = await attempt(server.connection({ tls: 'verify', ca: authority.certificate }));
      expect([steps(verified), verified.error]).toEqual(['settings host port tls login database', null]);
      const certified = await attempt(server.connection({ tls: 'verify', ca: authority.certificate, user: 'certified', clientCertificate: client.certificate }, { password: 'p', clientKey: client.key }));
      expect([steps(certified), certified.error]).toEqual(['settings host port tls login database', null]);
    });

    test('a server that is not who it should be is told nothing', async () => {
      for (const ca of [other.certificate, '']) {
        const report = await attempt(server.connection({ tls: 'verify', ca }));
        expect(steps(report)).toBe('settings host port tls!');
        expect(report.error).toMatchObject({ code: 'permission', message: expect.stringMatching(/^The server can’t prove who it is: /) });
      }
      // The certificate is for the address, not for the name.
      const named = await attempt(server.connection({ tls: 'verify', ca: authority.certificate, host: 'localhost' }));
      expect([steps(named), named.error?.message]).toEqual(['settings host port tls!', 'The server can’t prove who it is: its certificate is for another name.']);
    });

    test('who must come encrypted, or with a certificate', async () => {
      for (const [connection, at] of [[server.connection({ user: 'encrypted' }, { password: 'p' }), 'settings host port login!'], [server.connection({ user: 'certified', tls: 'on' }, { password: 'p' }), 'settings host port tls login!']] as const) {
        const report = await attempt(connection);
        expect(steps(report)).toBe(at);
        expect(report.error).toMatchObject({ code: 'permission' });
      }
    });

    test('a certificate for a name does not do for an address', async () => {
      const named = await startMariadb({ tls: authority.sign('localhost', ['DNS:localhost']) });
      const report = await attempt(named.connection({ tls: 'verify', ca: authority.certificate }));
      const right = await attempt(named.connection({ tls: 'verify', ca: authority.certificate, host: 'localhost' }));
      await named.stop();
      expect([steps(report), report.error?.message]).toEqual(['settings host port tls!', 'The server can’t prove who it is: its certificate is for another name.']);
      expect(right.error).toBeNull();
    });

    test('a server without TLS', async () => {
      const bare = await startMariadb();
      const report = await attempt(bare.connection({ tls: 'on' }));
      await bare.stop();
      expect([steps(report), report.error?.message]).toEqual(['settings host port tls!', 'The server does not offer TLS.']);
    });
  });
}
