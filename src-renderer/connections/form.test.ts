import { describe, expect, it } from 'vitest';
import { CONNECTION_KINDS, ConnectionName } from '#shared/connections/connection';
import { connectionSpecs } from '#shared/connections/kinds';
import { nodeIcons } from '../canvas/node-icons.ts';
import { changeOf, differs, fingerprintIn, freeName, nameProblem, newDraft, placeOf, secretsAsked, settingsProblems, usualName } from './form.ts';
import { whereTo } from './summary.ts';

const names = (auth: string): readonly string[] => secretsAsked({ kind: 'http', settings: { auth } }).map((one) => one.name);
const at = (place?: string): string | null => placeOf({ code: 'permission', message: '', ...(place === undefined ? {} : { place }) }, ' Shop');

describe('the form of a connection', () => {
  it('asks for the secrets that the settings call for', () => {
    expect(names('none')).toEqual([]);
    expect(names('basic')).toEqual(['password']);
    expect(names('bearer')).toEqual(['token']);
    expect(secretsAsked({ kind: 'sftp', settings: {} }).map((one) => one.name)).toEqual(['password']);
  });
  it('sends what was typed, what is removed, and nothing that is not asked for', () => {
    const draft = { ...newDraft('http', ' Shop ', { auth: 'bearer' }), secrets: { token: 't', password: 'p' } };
    expect(changeOf(draft, 'Old')).toEqual({ previous: 'Old', name: 'Shop', kind: 'http', settings: { auth: 'bearer' }, secrets: { token: 't' } });
    expect(changeOf({ ...draft, secrets: { token: '' } }, null).secrets).toEqual({});
    expect(changeOf({ ...draft, secrets: { token: null } }, null).secrets).toEqual({ token: null });
  });
  it('knows what closing would lose', () => {
    const start = newDraft('redis', 'Cache');
    expect(differs(start, start)).toBe(false);
    expect(differs({ ...start, name: 'Cache ' }, start)).toBe(false);
    expect(differs({ ...start, secrets: { password: 'x' } }, start)).toBe(true);
    expect(differs({ ...start, settings: { port: 1 } }, start)).toBe(true);
  });
  it('says what is wrong with a name', () => {
    expect(['', 'Shop', 'a/b', ' Lager (Süd) '].map((name) => nameProblem(name, ['Shop']))).toEqual(['missing', 'taken', 'form', null]);
  });
  it('finds a name that is free, and may stand in a workflow', () => {
    expect(freeName('Shop', [])).toBe('Shop');
    expect(freeName('Shop', ['Shop', 'Shop 2'])).toBe('Shop 3');
    for (const kind of CONNECTION_KINDS) expect(ConnectionName.safeParse(usualName(kind, [])).success, kind).toBe(true);
  });
  it('checks settings as a node’s config is checked', () => {
    expect(settingsProblems({ kind: 'postgresql', settings: { port: 70_000 } }).map((one) => [one.field, one.code])).toEqual([['port', 'config_range'], ['database', 'config_missing']]);
    expect(settingsProblems({ kind: 'redis', settings: {} })).toEqual([]);
  });
  it('knows the field that an error is about', () => {
    expect([at('Shop/password'), at('port'), at('Other/password'), at()]).toEqual(['password', 'port', 'Other/password', null]);
  });
  it('finds a fingerprint in a sentence', () => {
    const key = `SHA256:${'a/+9'.repeat(10)}abc`;
    expect(fingerprintIn(`The key of the server is ${key}, and nobody vouches for it.`)).toBe(key);
    expect(fingerprintIn('SHA256:short')).toBeNull();
  });
});

describe('kinds of connections', () => {
  it.each(CONNECTION_KINDS)('%s has an icon that is drawn, and puts each secret behind a setting that there is', (kind) => {
    const spec = connectionSpecs[kind];
    expect(nodeIcons.has(spec.icon)).toBe(true);
    const params = new Set(spec.params.map((param) => param.name));
    for (const { name, after } of spec.secrets) expect(after === undefined || params.has(after), name).toBe(true);
  });
  it('say where they lead', () => {
    expect(whereTo({ kind: 'postgresql', settings: { database: 'shop' } })).toBe('localhost/shop');
    expect(whereTo({ kind: 'mysql', settings: { host: 'db', port: 3307, database: 'shop' } })).toBe('db:3307/shop');
    expect(whereTo({ kind: 'sqlite', settings: { path: 'data/shop.db' } })).toBe('data/shop.db');
    expect(whereTo({ kind: 'http', settings: { baseUrl: 'https://api.example.com/v1/' } })).toBe('api.example.com/v1');
    expect(whereTo({ kind: 'sftp', settings: { host: 'files', user: 'anna', folder: '/in' } })).toBe('anna@files/in');
    expect(whereTo({ kind: 'kafka', settings: { bootstrap: 'a:9092 ,b:9092' } })).toBe('a:9092, b:9092');
  });
});
