import { expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { redacted } from './redact.ts';
import { withWorkflow } from './run-file.testing.ts';

const shown = async (workflow: JsonObject, text: string): Promise<string> => (await redacted(withWorkflow(workflow, { console: [{ node: null, at: 1, level: 'info', text, attempt: null, version: 1 }] }))).console[0]?.text ?? '';

test.each([
  ['GET https://me:pass1234@example.org/a?b=c', 'GET https://•••@example.org/a?b=c'],
  ['https://ghp_0123456789@github.com/x.git', 'https://•••@github.com/x.git'],
  ['postgres://me:p@ss@db:5432/x', 'postgres://•••@db:5432/x'],
  ['https://example.org/@me and a@b.org', 'https://example.org/@me and a@b.org'],
  ['Authorization: Bearer abc.def-123', 'Authorization: Bearer •••'],
  ['authorization: Basic bWU6cGFzcw==', 'authorization: Basic •••'],
  ['"Authorization":"token 12345678"', '"Authorization":"•••"'],
  ['said Bearer eyJhbGciOi.eyJz.sig_', 'said Bearer •••'],
  ['Cookie: session=abc; id=7', 'Cookie: •••'],
  ['Server=x;User=me;Password=hunter22;Port=1', 'Server=x;User=me;Password=•••;Port=1'],
  ["host=x password='two words' port=1", 'host=x password=••• port=1'],
  ['https://x.org/?api_key=12345678&b=1', 'https://x.org/?api_key=•••&b=1'],
  ['{"client_secret":"abcd1234","id":1}', '{"client_secret":"•••","id":1}'],
  ['{\\"password\\":\\"abcd1234\\"}', '{\\"password\\":\\"•••\\"}'],
  ['password is not set; 12 tokens', 'password is not set; 12 tokens'],
  ["const password = 'hunter22';", 'const password = •••;'],
  ['let apiKey: string = "hunter22";', 'let apiKey: string = •••;'],
  ["{ apiKey: 'hunter22', limit: 3 }", '{ apiKey: •••, limit: 3 }'],
  ["select * from t where password = 'hunter22' and a = 'b'", "select * from t where password = ••• and a = 'b'"],
  ["CREATE SECRET s (TYPE s3, KEY_ID 'abc', SECRET 'hunter22', REGION 'eu')", "CREATE SECRET s (TYPE s3, KEY_ID •••, SECRET •••, REGION 'eu')"],
  ["identified by 'hunter22'", 'identified by •••'],
  ['PGPASSWORD=hunter22 psql -h db', 'PGPASSWORD=••• psql -h db'],
  ['dbPassword=hunter22;pw=hunter23', 'dbPassword=•••;pw=•••'],
  ['tool --password hunter22 --user me', 'tool --password ••• --user me'],
  ['X-Api-Key: hunter22', 'X-Api-Key: •••'],
  ['x-auth-token: hunter22', 'x-auth-token: •••'],
  ['password: required', 'password: required'],
  ['used AKIAIOSFODNN7EXAMPLE there', 'used ••• there'],
  ['ghp_0123456789abcdefghijABCDEFGHIJ012345', '•••'],
  ['xoxb-123456789012-abcdefghijkl', '•••'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123_-x', '•••'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END RSA PRIVATE KEY-----', '-----BEGIN RSA PRIVATE KEY-----•••-----END RSA PRIVATE KEY-----'],
  ['secretary=ann; token_count=500; bypass=yes; max_tokens: 500', 'secretary=ann; token_count=500; bypass=yes; max_tokens: 500'],
  ['select secret, token from t where token is not null', 'select secret, token from t where token is not null'],
  ["Unexpected token 'x' at 5", "Unexpected token 'x' at 5"],
])('%s → %s', async (text, left) => {
  expect(await shown({}, text)).toBe(left);
});

test('a secret that one place names is hidden in every other', async () => {
  const workflow: JsonObject = { nodes: [{ id: 'node-1', type: 'source', nodeType: 'file.csv', config: { path: '/in/hunter22.csv', password: 'hunter22', retries: 3 } }] };
  const run = await redacted(withWorkflow(workflow, { samples: { hunter22: { out: { columns: [{ name: 'hunter22', type: 'VARCHAR' }], rows: [['x hunter22 y']], partial: false } } } }));
  expect(JSON.stringify(run)).not.toContain('hunter22');
  expect(run.events[0]?.data['workflow']).toMatchObject({ nodes: [{ id: 'node-1', nodeType: 'file.csv', config: { path: '/in/•••.csv', password: '•••', retries: 3 } }] });
  expect(run.samples).toEqual({ '•••': { out: { columns: [{ name: '•••', type: 'VARCHAR' }], rows: [['x ••• y']], partial: false } } });
});

test('numbers, lists and objects under a secret name go too; a switch stays', async () => {
  const config = { pin_code: 1, secret: 12_345_678, tokens: ['aaaa1', 'bbbb2'], credentials: { user: 'me', key: 'cccc3' }, useToken: true, cookie: null };
  const workflow: JsonObject = { nodes: [{ id: 'node-1', config }] };
  expect((await redacted(withWorkflow(workflow))).events[0]?.data['workflow']).toMatchObject({
    nodes: [{ config: { pin_code: 1, secret: '•••', tokens: ['•••', '•••'], credentials: { user: '•••', key: '•••' }, useToken: true, cookie: null } }],
  });
  expect(await shown(workflow, 'aaaa1 bbbb2 cccc3 12345678')).toBe('••• ••• ••• •••');
});

test('columns that say they hold secrets are hidden, in samples and in pinned rows', async () => {
  const table = { columns: [{ name: 'user', type: 'VARCHAR' }, { name: 'Password', type: 'VARCHAR' }], rows: [['ann', 'abc'], ['bob', null]] };
  const run = await redacted(withWorkflow({ nodes: [{ id: 'node-1', pin: { out: table } }] }, { samples: { 'node-1': { out: { ...table, partial: false } } } }));
  const hidden = [['ann', '•••'], ['bob', null]];
  expect(run.samples['node-1']?.['out']?.rows).toEqual(hidden);
  expect(run.events[0]?.data['workflow']).toMatchObject({ nodes: [{ pin: { out: { rows: hidden } } }] });
});

test('a key of several lines is hidden line by line', async () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n';
  expect(await shown({ settings: { privateKey: key } }, 'could not read hkiG9w0BAQEFAASC')).toBe('could not read •••');
});

test('a word of the form that is also somebody’s password keeps the run readable', async () => {
  const run = await redacted(withWorkflow({ settings: { password: 'node' } }));
  expect(run.events.map((event) => event.type)).toEqual(withWorkflow({}).events.map((event) => event.type));
  expect(run.events[2]?.data['node']).toBe('node-1');
});

test.each(['db_pass', 'dbPass', 'pw', 'passcode', 'Passwort', 'signingKey', 'account-key', 'basic_auth', 'session.id', 'api/key', 'ｐａｓｓｗｏｒｄ', '密码'])('a setting called %s holds a secret', async (name) => {
  expect(await shown({ nodes: [{ id: 'node-1', config: { [name]: 'hunter22' } }] }, 'hunter22')).toBe('•••');
});

test.each(['token_count', 'max_tokens', 'tokenizer', 'secretary', 'passwordColumn', 'token_url', 'bypass', 'compass', 'passes', 'keyword', 'author'])('a setting called %s holds none', async (name) => {
  const { events } = await redacted(withWorkflow({ nodes: [{ id: 'node-1', config: { [name]: 'whitespace', other: { [name]: 500 } } }] }));
  expect(events[0]?.data['workflow']).toMatchObject({ nodes: [{ config: { [name]: 'whitespace', other: { [name]: 500 } } }] });
});

test('the word password as somebody’s password leaves the names of settings readable', async () => {
  const { events } = await redacted(withWorkflow({ nodes: [{ id: 'node-1', config: { passwordKind: 1, password: 'password' } }] }));
  expect(events[0]?.data['workflow']).toMatchObject({ nodes: [{ config: { passwordKind: '•••', password: '•••' } }] });
});

const odd = `p@ss "w/rd's+1&<x>é`;
test.each([
  ['JSON', JSON.stringify(odd).slice(1, -1)],
  ['Base64', Buffer.from(odd).toString('base64').replaceAll('=', '')],
  ['Base64 of addresses', Buffer.from(odd).toString('base64url')],
  ['an address', encodeURIComponent(odd)],
  ['an address in small letters', encodeURIComponent(odd).replaceAll(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase())],
  ['a form', new URLSearchParams({ a: odd }).toString().slice(2)],
  ['SQL', odd.replaceAll("'", "''")],
  ['CSV', odd.replaceAll('"', '""')],
  ['HTML', odd.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')],
])('a secret is found as it stands in %s', async (_what, text) => {
  expect(await shown({ nodes: [{ id: 'node-1', config: { password: odd } }] }, `a ${text} b`)).toBe('a ••• b');
});

/** Looked at from each of its characters to its end, a text of this length would take hours. */
const LONG = 1_000_000;
test.each(['a', 'a.', String.fromCodePoint(92), ' ', 'eyJ', 'eyJ-', 'token=', 'bearer ', 'xoxb-', 'authorization ', 'password', '-----BEGIN PRIVATE KEY-----', '--password '])('a long text of %s is looked through in one go', async (piece) => {
  const text = `a://${piece.repeat(LONG / piece.length)}"password":"x`;
  expect((await shown({}, text)).length <= text.length + LONG).toBe(true);
});

test('a secret of any length is hidden, and any number of them', async () => {
  const long = 'ab'.repeat(2_000_000);
  const many = Array.from({ length: 5_000 }, (_, index) => `secret of number ${index}`);
  const left = await shown({ nodes: [{ id: 'node-1', config: { password: long, tokens: many } }] }, `<${long}> ${many.join(';')}`);
  expect(left === `<•••> ${many.map(() => '•••').join(';')}`).toBe(true);
});
