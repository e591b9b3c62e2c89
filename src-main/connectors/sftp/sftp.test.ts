import { generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { Connection } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import { startProxy } from '../servers/proxy.testing.ts';
import { freePort } from '../servers/server.testing.ts';
import { sshdMissing, startSshd } from '../servers/sshd.testing.ts';
import type { Sshd } from '../servers/sshd.testing.ts';
import connector from './connector.ts';
import { fingerprintOf } from './session.ts';

const probe = (connection: OpenConnection, signal = new AbortController().signal) => connector.test(connection, { signal, resolve: (path) => path });

describe.skipIf(sshdMissing !== null)(`against OpenSSH’s server${sshdMissing === null ? '' : `, which is missing: ${sshdMissing}`}`, () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  test('all steps pass with a private key, also with one that is locked', async () => {
    const report = await probe(sshd.connection());
    expect(report).toMatchObject({ ok: true, error: null, server: expect.stringContaining('OpenSSH') as string });
    expect(report.steps.map(({ step, ok }) => `${step} ${ok}`)).toEqual(['host true', 'port true', 'tls true', 'login true', 'ready true']);
    expect(report.steps[2]?.detail).toContain(sshd.fingerprint);
    expect(await probe(sshd.connection({}, { privateKey: sshd.lockedKey, passphrase: 'open sesame' }))).toMatchObject({ ok: true });
  });

  test.each([['no', ''], ['another', 'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA']])('with %s host key known nothing is sent, and the one found is told', async (_what, hostKey) => {
    const before = sshd.output();
    const report = await probe(sshd.connection({ hostKey }));
    expect(report).toMatchObject({ ok: false, error: { code: 'permission', detail: sshd.fingerprint } });
    expect(report.steps.at(-1)).toMatchObject({ step: 'tls', ok: false, detail: expect.stringContaining(sshd.fingerprint) as string });
    expect(sshd.output().slice(before.length)).not.toMatch(/Accepted|Failed|Postponed/);
  });

  test('a key that is not let in, a wrong passphrase, a text that is no key, and nothing at all are told apart', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    const refused = await probe(sshd.connection({}, { privateKey: other }));
    expect([refused.steps.at(-1)?.step, refused.error?.code]).toEqual(['login', 'permission']);
    expect((await probe(sshd.connection({}, { privateKey: sshd.lockedKey, passphrase: 'wrong one' }))).error).toMatchObject({ code: 'permission', place: 'passphrase' });
    expect((await probe(sshd.connection({}, { privateKey: sshd.lockedKey }))).error).toMatchObject({ code: 'permission', place: 'passphrase' });
    expect((await probe(sshd.connection({}, { privateKey: 'not a key' }))).error).toMatchObject({ code: 'invalid_input', place: 'privateKey' });
    expect((await probe(sshd.connection({}, {}))).error).toMatchObject({ code: 'invalid_input', place: 'privateKey' });
    expect(JSON.stringify([refused])).not.toContain(other.split('\n')[1]);
  });

  test('a folder that is missing, and a file in its place', async () => {
    writeFileSync(join(sshd.home, 'file'), '');
    for (const [folder, message] of [['gone', 'doesn’t exist'], ['file', 'a file']]) {
      const report = await probe(sshd.connection({ folder: join(sshd.home, folder ?? '') }));
      expect(report).toMatchObject({ ok: false, error: { place: 'folder', message: expect.stringContaining(message ?? '') as string } });
      expect(report.steps.at(-1)?.step).toBe('ready');
    }
    rmSync(join(sshd.home, 'file'));
  });

  test('a line on which nothing comes ends in time', async () => {
    const proxy = await startProxy(sshd.port);
    proxy.stall();
    expect(await probe(sshd.connection({ port: proxy.port, connectTimeoutMs: 500 }))).toMatchObject({ ok: false, error: { code: 'timeout' } });
    await proxy.close();
  });

  test('a test that is stopped ends', async () => {
    const proxy = await startProxy(sshd.port);
    proxy.stall();
    const stop = new AbortController();
    const testing = probe(sshd.connection({ port: proxy.port }), stop.signal);
    stop.abort(new Error('stopped'));
    expect(await testing).toMatchObject({ ok: false });
    await proxy.close();
  });
});

test('a host that is not there and a port without a server are told by their steps', async () => {
  const settings = { host: '127.0.0.1', port: await freePort(), user: 'u', login: 'password', hostKey: '', folder: '', connectTimeoutMs: 10_000 };
  const nobody = await probe({ name: 'x', kind: 'sftp', settings, secrets: { password: 'pass word' } });
  expect([nobody.steps.at(-1)?.step, nobody.error?.message]).toEqual(['port', expect.stringContaining('Nothing listens')]);
  const unknown = await probe({ name: 'x', kind: 'sftp', settings: { ...settings, host: 'no-such-host.invalid' }, secrets: { password: 'pass word' } });
  expect(unknown.steps.at(-1)?.step).toBe('host');
});

test('a server of another kind is told', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const settings = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'u', login: 'password', hostKey: 'SHA256:x', folder: '', connectTimeoutMs: 10_000 };
  const report = await probe({ name: 'x', kind: 'sftp', settings, secrets: { password: 'pass word' } });
  expect(report).toMatchObject({ ok: false, error: { code: 'io' } });
  expect(report.steps.at(-1)?.step).toBe('tls');
  await new Promise((resolve) => void server.close(resolve));
});

test('passwords: the right one is let in, a wrong one is told and appears nowhere', async () => {
  const keys = ssh2.utils.generateKeyPairSync('ed25519');
  const parsed = ssh2.utils.parseKey(keys.public);
  if (parsed instanceof Error) throw parsed;
  const offered: string[] = [];
  const server = new ssh2.Server({ hostKeys: [keys.private] }, (client: Connection) => {
    client.on('authentication', (context) => {
      if (context.method !== 'password') return context.reject(['password']);
      offered.push(context.password);
      return context.password === 'right horse' ? context.accept() : context.reject(['password']);
    });
    client.on('error', () => undefined);
    client.on('session', (accept) => {
      accept().on('sftp', (take) => {
        const sftp = take();
        sftp.on('STAT', (id: number) => sftp.attrs(id, { mode: 0o040755, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 }));
      });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const settings = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'ann', login: 'password', hostKey: fingerprintOf(parsed.getPublicSSH()), folder: '', connectTimeoutMs: 30_000 };
  expect(await probe({ name: 'x', kind: 'sftp', settings, secrets: { password: 'right horse' } })).toMatchObject({ ok: true });
  const wrong = await probe({ name: 'x', kind: 'sftp', settings, secrets: { password: 'wrong horse' } });
  expect(wrong).toMatchObject({ ok: false, error: { code: 'permission', message: expect.stringContaining('does not let ann in') as string } });
  expect(wrong.steps.at(-1)?.step).toBe('login');
  expect(JSON.stringify(wrong)).not.toContain('wrong horse');
  await probe({ name: 'x', kind: 'sftp', settings: { ...settings, hostKey: '' }, secrets: { password: 'right horse' } });
  expect(offered).toEqual(['right horse', 'wrong horse']);
  await new Promise<void>((resolve) => void server.close(() => resolve()));
});
