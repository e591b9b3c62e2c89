import { afterEach, describe, expect, test } from 'vitest';
import type { OpenConnection } from '#shared/connections/connection';
import type { JsonObject } from '#shared/json';
import { noKafka, startKafka } from '../servers/kafka.testing.ts';
import type { Kafka } from '../servers/kafka.testing.ts';
import { freePort } from '../servers/server.testing.ts';
import connector from './connector.ts';
import { clientOptions, settingsOf } from './settings.ts';

const PASSWORD = 'pa:ss,wörd=1';
const open = (settings: JsonObject, secrets: OpenConnection['secrets'] = {}): OpenConnection => ({ name: 'k', kind: 'kafka', settings: { sasl: 'none', tls: 'off', connectTimeoutMs: 10_000, ...settings }, secrets });
const probe = async (settings: JsonObject, secrets: OpenConnection['secrets'] = {}) => {
  const { ok, steps, server, error } = await connector.test(open(settings, secrets), { signal: new AbortController().signal, resolve: (path) => path });
  expect(JSON.stringify({ steps, error })).not.toContain(PASSWORD);
  return { ok, server, failed: steps.find((step) => !step.ok)?.step ?? null, steps: steps.map((step) => step.step), message: error?.message, remedy: error?.remedy, details: steps.map((step) => step.detail) };
};

const running: Kafka[] = [];
const start = async (options: Parameters<typeof startKafka>[0] = {}): Promise<Kafka> => {
  const kafka = await startKafka(options);
  running.push(kafka);
  return kafka;
};
afterEach(async () => {
  for (const kafka of running.splice(0)) await kafka.stop();
});

describe.skipIf(noKafka !== null)(`testing a connection to Kafka${noKafka === null ? '' : ` (skipped: ${noKafka})`}`, { timeout: 60_000 }, () => {
  test('a cluster that answers says who it is', async () => {
    const { bootstrap } = await start({ brokers: 3 });
    expect(await probe({ bootstrap })).toMatchObject({ ok: true, server: expect.stringMatching(/^Kafka cluster mockCluster/), steps: ['settings', 'host', 'port', 'ready'], details: expect.arrayContaining([expect.stringMatching(/^3 brokers, \d topics?\.$/)]) });
    // One of several that is away is no reason to fail.
    expect(await probe({ bootstrap: `127.0.0.1:${await freePort()},${bootstrap}` })).toMatchObject({ ok: true });
  });

  test('each step that fails says what is wrong', async () => {
    expect(await probe({ bootstrap: 'a b' })).toMatchObject({ failed: 'settings', message: 'This is no broker: it has to be host:port.' });
    expect(await probe({ bootstrap: 'x:1', sasl: 'plain', user: 'u' })).toMatchObject({ failed: 'settings', message: 'The login needs a password.' });
    expect(await probe({ bootstrap: 'no-such-host.invalid:9092' })).toMatchObject({ failed: 'host', message: 'The name of the broker is not known.' });
    expect(await probe({ bootstrap: `127.0.0.1:${await freePort()}` })).toMatchObject({ failed: 'port', message: 'Nothing listens there.' });
  });

  test('TLS: trusted by the CA that was given, not verified where that is wanted, else refused; off where there is TLS, and on where there is none', async () => {
    const [secure, plain] = [await start({ tls: true }), await start()];
    expect(await probe({ bootstrap: secure.bootstrap, tls: 'verify', ca: secure.ca })).toMatchObject({ ok: true, steps: ['settings', 'host', 'port', 'tls', 'ready'] });
    expect(await probe({ bootstrap: secure.bootstrap, tls: 'on' })).toMatchObject({ ok: true });
    expect(await probe({ bootstrap: secure.bootstrap, tls: 'verify' })).toMatchObject({ failed: 'tls', message: 'The broker’s certificate can’t be trusted.' });
    expect(await probe({ bootstrap: plain.bootstrap, tls: 'on', connectTimeoutMs: 2000 })).toMatchObject({ ok: false, failed: 'tls' });
    expect(await probe({ bootstrap: secure.bootstrap, connectTimeoutMs: 1000 })).toMatchObject({ ok: false, failed: 'ready' });
  });

  test.each([['plain', 'PLAIN'], ['scram-sha-256', 'SCRAM-SHA-256'], ['scram-sha-512', 'SCRAM-SHA-512']] as const)('a login by %s, over TLS', async (sasl, mechanism) => {
    const { bootstrap, ca } = await start({ tls: true, login: { mechanism, user: 'ana', password: PASSWORD } });
    const settings = { bootstrap, tls: 'verify', ca, sasl, user: 'ana' };
    expect(await probe(settings, { password: PASSWORD })).toMatchObject({ ok: true, steps: ['settings', 'host', 'port', 'tls', 'login', 'ready'], details: expect.arrayContaining([`ana is logged in (${mechanism}).`]) });
    expect(await probe(settings, { password: 'wrong' })).toMatchObject({ failed: 'login', message: 'The cluster does not accept this user and password.' });
    expect(await probe({ ...settings, user: 'bo' }, { password: PASSWORD })).toMatchObject({ failed: 'login', message: 'The cluster does not accept this user and password.' });
    expect(await probe({ ...settings, sasl: sasl === 'plain' ? 'scram-sha-256' : 'plain' }, { password: PASSWORD })).toMatchObject({ failed: 'login', message: 'The cluster does not take this kind of login.' });
  });
});

test('settings become what the client takes; a certificate without its key, and a key without its certificate, are refused', () => {
  expect(clientOptions(settingsOf(open({ bootstrap: 'a.example, b.example:9093', tls: 'verify', ca: 'CA', clientCertificate: 'CERT', sasl: 'scram-sha-512', user: 'ana', connectTimeoutMs: 500 }, { password: 'p', clientKey: 'KEY' })))).toEqual({
    clientId: 'millrace', bootstrapBrokers: [{ host: 'a.example', port: 9092 }, { host: 'b.example', port: 9093 }], connectTimeout: 500, requestTimeout: 1500, retries: 0,
    tls: { rejectUnauthorized: true, ca: 'CA', cert: 'CERT', key: 'KEY' }, tlsServerName: true, sasl: { mechanism: 'SCRAM-SHA-512', username: 'ana', password: 'p' },
  });
  expect(clientOptions(settingsOf(open({ bootstrap: '127.0.0.1:1', tls: 'on' })))).toMatchObject({ tls: { rejectUnauthorized: false }, tlsServerName: false });
  expect(clientOptions(settingsOf(open({ bootstrap: 'a:1', ca: 'CA', user: 'ignored' })))).not.toHaveProperty('tls');
  expect(() => settingsOf(open({ bootstrap: 'a:1', tls: 'on', clientCertificate: 'CERT' }))).toThrow('There is a client certificate, but no key to it.');
  expect(() => settingsOf(open({ bootstrap: 'a:1', tls: 'on' }, { clientKey: 'KEY' }))).toThrow('There is a client key, but no certificate it belongs to.');
  expect(() => settingsOf(open({ bootstrap: 'user:secret@host:1' }))).toThrow('This is no broker');
});
