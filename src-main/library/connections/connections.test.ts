import { readdirSync, statSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { database, newDesk } from './connections.testing.ts';
import type { Desk } from './connections.testing.ts';

let desk: Desk;
beforeEach(() => (desk = newDesk()));
afterEach(() => desk.remove());

const refusal = (code: string, place: string, more: object = {}) => expect.objectContaining({ code, place, ...more });

test('what is saved is there for the next who opens it; its secret rests sealed, and goes to no list', async () => {
  const saved = await desk.open().save(database('Shop'));
  expect(saved).toMatchObject({ name: 'Shop', kind: 'postgresql', secrets: { password: true, clientKey: false }, unopened: [] });
  const again = desk.open();
  expect(JSON.stringify(await again.list())).not.toContain('pass word');
  for (const name of readdirSync(desk.folder)) expect(desk.text(name), name).not.toContain('pass word');
  expect(await again.open('Shop')).toEqual({ name: 'Shop', kind: 'postgresql', settings: expect.objectContaining({ database: 'shop', host: 'localhost', port: 5432 }), secrets: { password: 'Shop pass word' } });
  expect(await again.all()).toEqual([{ name: 'Shop', kind: 'postgresql', settings: { database: 'shop', user: 'reader' } }]);
});

test.runIf(process.platform !== 'win32')('only their owner may read the files', async () => {
  desk.write('connections.json', '{ "formatVersion": 1, "connections": [] }');
  await desk.open().save(database('Shop'));
  for (const name of ['connections.json', 'secrets.json', 'secret.key']) expect(statSync(desk.path(name)).mode & 0o777, name).toBe(0o600);
});

test('a secret that is left out stays, null and nothing remove it, a text takes its place', async () => {
  const connections = desk.open();
  await connections.save(database('Shop', { secrets: { password: 'first', clientKey: 'a key' }, settings: { database: 'shop', tls: 'on' } }));
  await connections.save(database('Shop', { previous: 'Shop', secrets: {}, settings: { database: 'other', tls: 'on' } }));
  expect(await connections.open('Shop')).toMatchObject({ settings: { database: 'other' }, secrets: { password: 'first', clientKey: 'a key' } });
  await connections.save(database('Shop', { previous: 'Shop', secrets: { password: 'second', clientKey: null }, settings: { database: 'other', tls: 'on' } }));
  expect((await connections.open('Shop')).secrets).toEqual({ password: 'second' });
  await connections.save(database('Shop', { previous: 'Shop', secrets: { password: '' } }));
  expect((await connections.open('Shop')).secrets).toEqual({});
});

test('a secret goes along to a new name, and to no other connection', async () => {
  const connections = desk.open();
  await connections.save(database('Shop'));
  await connections.save(database('Store', { previous: 'Shop', secrets: {} }));
  expect((await connections.open('Store')).secrets).toEqual({ password: 'Shop pass word' });
  await expect(connections.open('Shop')).rejects.toEqual(refusal('not_found', 'Shop'));
  expect(Object.keys(JSON.parse(desk.text('secrets.json')).secrets as object)).toEqual(['Store']);
  // Put in another's place by hand, it does not open.
  await connections.save(database('Other'));
  const { secrets } = JSON.parse(desk.text('secrets.json')) as { secrets: Record<string, object> };
  desk.write('secrets.json', JSON.stringify({ formatVersion: 1, secrets: { ...secrets, Other: secrets['Store'] } }));
  await expect(connections.open('Other')).rejects.toEqual(refusal('permission', 'Other/password'));
});

test('a new connection has nothing of an old one of its name', async () => {
  const connections = desk.open();
  await connections.save(database('Shop'));
  desk.write('connections.json', JSON.stringify({ formatVersion: 1, connections: [] }));
  await connections.save(database('Shop', { secrets: {} }));
  expect((await connections.open('Shop')).secrets).toEqual({});
});

test('a name that is taken, a kind’s unknown secret and settings that do not fit are refused at their field', async () => {
  const connections = desk.open();
  await connections.save(database('Shop'));
  await expect(connections.save(database('Shop'))).rejects.toEqual(refusal('conflict', 'name'));
  await expect(connections.save(database('Two', { previous: 'One' }))).rejects.toEqual(refusal('not_found', 'One'));
  await expect(connections.save(database('New', { secrets: { apiKey: 'x' } }))).rejects.toEqual(refusal('invalid_input', 'apiKey'));
  await expect(connections.save(database('New', { settings: { port: 70_000, database: '' } }))).rejects.toEqual(refusal('invalid_input', 'port', { detail: expect.stringMatching(/^port: .*\ndatabase: /su) }));
  expect((await connections.all()).map((one) => one.name)).toEqual(['Shop']);
});

test('what is secret is not let in among the settings', async () => {
  const connections = desk.open();
  const save = (settings: object, kind: 'postgresql' | 'http' = 'postgresql') => connections.save(database('New', { kind, settings: { database: 'shop', ...settings }, secrets: {} }));
  await expect(save({ password: 'open' })).rejects.toEqual(refusal('invalid_input', 'password'));
  await expect(save({ tls: 'verify', clientCertificate: '-----BEGIN RSA PRIVATE KEY-----\nabc' })).rejects.toEqual(refusal('invalid_input', 'clientCertificate'));
  await expect(save({ baseUrl: 'https://me:mine@example.org' }, 'http')).rejects.toEqual(refusal('invalid_input', 'baseUrl', { message: expect.not.stringContaining('mine') }));
  // By hand somebody can put it there: it goes no further.
  desk.write('connections.json', JSON.stringify({ formatVersion: 1, connections: [{ name: 'Hand', kind: 'postgresql', settings: { database: 'shop', password: 'by hand' } }] }));
  expect(JSON.stringify(await connections.list())).not.toContain('by hand');
});

test('a form is tried as it stands; what is wrong with it is a report, not an error', async () => {
  const connections = desk.open();
  await connections.save(database('Shop', { settings: { database: 'shop', tls: 'on' }, secrets: { password: 'kept', clientKey: 'key' } }));
  expect(await connections.test(database('Renamed', { previous: 'Shop', settings: { database: 'typed' }, secrets: {} }))).toMatchObject({ ok: true });
  expect(await connections.test(database('Renamed', { previous: 'Shop', settings: { database: 'typed' }, secrets: { password: 'typed' } }))).toMatchObject({ ok: true });
  // The client's key is asked for only with TLS.
  expect(desk.tried).toMatchObject([{ name: 'Renamed', settings: { database: 'typed', port: 5432 }, secrets: { password: 'kept' } }, { secrets: { password: 'typed' } }]);
  expect(Object.keys(desk.tried[0]?.secrets ?? {})).toEqual(['password']);
  expect(await connections.test(database('Shop', { previous: 'Shop', settings: {} }))).toMatchObject({ ok: false, steps: [{ step: 'settings', ok: false }], error: { code: 'invalid_input', place: 'database' } });
  await expect(connections.test(database('Shop', { previous: 'Gone' }))).rejects.toEqual(refusal('not_found', 'Gone'));
});

test('saves that come together are all kept', async () => {
  const connections = desk.open();
  const names = Array.from({ length: 12 }, (_none, at) => `Shop ${at}`);
  await Promise.all(names.map((name) => connections.save(database(name))));
  await Promise.all(names.slice(0, 6).map((name) => connections.delete(name)));
  const left = desk.open();
  expect((await left.all()).map((one) => one.name).toSorted()).toEqual(names.slice(6).toSorted());
  for (const name of names.slice(6)) expect((await left.open(name)).secrets).toEqual({ password: `${name} pass word` });
});

test('a secret that can’t be opened is said, and stops nothing else', async () => {
  const connections = desk.open();
  await connections.save(database('Shop', { secrets: { password: 'one', clientKey: 'two' }, settings: { database: 'shop', tls: 'on' } }));
  await connections.save(database('Other'));
  const file = JSON.parse(desk.text('secrets.json')) as { secrets: { Shop: { password: string } } };
  file.secrets.Shop.password = file.secrets.Shop.password.slice(0, -8);
  desk.write('secrets.json', JSON.stringify(file));
  const { connections: views, store } = await connections.list();
  expect(views.map((one) => [one.name, one.unopened])).toEqual([['Other', []], ['Shop', ['password']]]);
  expect(store).toEqual({ kind: 'broken', detail: expect.stringContaining('“Shop”') });
  expect((await connections.open('Other')).secrets).toEqual({ password: 'Other pass word' });
  await expect(connections.open('Shop')).rejects.toEqual(refusal('permission', 'Shop/password'));
  // Saving what is next to it goes, and so does entering it again; a new name would lose it.
  await expect(connections.save(database('Store', { previous: 'Shop', secrets: {} }))).rejects.toEqual(refusal('permission', 'password'));
  await connections.save(database('Shop', { previous: 'Shop', secrets: { clientKey: 'three' }, settings: { database: 'shop', tls: 'on' } }));
  await connections.save(database('Store', { previous: 'Shop', secrets: { password: 'again' }, settings: { database: 'shop', tls: 'on' } }));
  expect((await connections.open('Store')).secrets).toEqual({ password: 'again', clientKey: 'three' });
  expect((await connections.list()).store.kind).toBe('keyFile');
});

test('a file that was edited by hand counts at once', async () => {
  const connections = desk.open();
  await connections.save(database('Shop'));
  const file = JSON.parse(desk.text('connections.json')) as { connections: { settings: object }[] };
  desk.write('connections.json', JSON.stringify({ ...file, connections: file.connections.map((one) => ({ ...one, settings: { database: 'edited by hand' } })) }));
  expect(await connections.open('Shop')).toMatchObject({ settings: { database: 'edited by hand' }, secrets: { password: 'Shop pass word' } });
});

test.each([
  ['that is no JSON', '{ "formatVersion": 1, "connections": [ { "name": "hunter2'],
  ['of a newer Millrace', '{ "formatVersion": 2, "connections": { "a": "hunter2" } }'],
  ['of a list', '["hunter2"]'],
])('a file %s is said, put aside and never lost', async (_what, broken) => {
  const before = desk.open();
  await before.save(database('Shop'));
  for (const name of ['connections.json', 'secrets.json']) {
    const whole = desk.text(name);
    desk.write(name, broken);
    const connections = desk.open();
    const { store } = await connections.list();
    expect(store).toEqual({ kind: 'broken', detail: expect.stringContaining(name) });
    expect(store.detail).not.toContain('hunter2');
    await connections.save(database(`After ${name}`));
    expect(desk.text(`${name}.broken-1000`)).toBe(broken);
    expect((await connections.list()).store.kind).toBe('keyFile');
    expect((await connections.open(`After ${name}`)).secrets).toEqual({ password: `After ${name} pass word` });
    desk.write(name, whole);
  }
  expect(await desk.open().open('Shop')).toMatchObject({ secrets: { password: 'Shop pass word' } });
});

test('an entry that can’t be read stays in the file, and the others work', async () => {
  const connections = desk.open();
  await connections.save(database('Shop'));
  const file = JSON.parse(desk.text('connections.json')) as { connections: object[] };
  const strange = { name: 'Oracle', kind: 'oracle', settings: { sid: 'x' }, note: 'mine' };
  desk.write('connections.json', JSON.stringify({ ...file, connections: [...file.connections, strange] }));
  expect(await connections.list()).toMatchObject({ connections: [{ name: 'Shop' }], store: { kind: 'broken' } });
  await connections.save(database('Next'));
  expect(JSON.parse(desk.text('connections.json'))).toMatchObject({ connections: [{ name: 'Next' }, { name: 'Shop' }, strange] });
});

test('plain secrets are removed when nobody agrees to them any more', async () => {
  let agreed = true;
  const box = {
    state: () => Promise.resolve({ kind: agreed ? ('plain' as const) : ('refused' as const), detail: '' }),
    seal: (text: string) => Promise.resolve(`plain:${text}`),
    open: (sealed: string) => Promise.resolve({ text: sealed.slice(6), stale: false }),
    allowPlainText: (allow: boolean) => {
      agreed = allow;
      return Promise.resolve();
    },
  };
  const connections = desk.open({ box });
  await connections.save(database('Shop'));
  expect(desk.text('secrets.json')).toContain('Shop pass word');
  expect(await connections.allowPlainText(false)).toMatchObject({ kind: 'refused' });
  expect(desk.text('secrets.json')).not.toContain('Shop pass word');
  expect(await connections.list()).toMatchObject({ connections: [{ name: 'Shop', secrets: { password: false } }] });
});

test('a secret whose key was replaced is sealed anew when it has been used', async () => {
  let generation = 1;
  const box = {
    state: () => Promise.resolve({ kind: 'system' as const, detail: 'Keyring' }),
    seal: (text: string) => Promise.resolve(`system:${generation}${text}`),
    open: (sealed: string) => Promise.resolve({ text: sealed.slice(8), stale: sealed[7] !== String(generation) }),
    allowPlainText: () => Promise.resolve(),
  };
  const connections = desk.open({ box });
  await connections.save(database('Shop'));
  generation = 2;
  expect((await connections.open('Shop')).secrets).toEqual({ password: 'Shop pass word' });
  // The next who saves comes after it.
  await connections.save(database('Other'));
  expect(JSON.parse(desk.text('secrets.json'))).toMatchObject({ secrets: { Shop: { password: 'system:2Shop pass word' } } });
});
