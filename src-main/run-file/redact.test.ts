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
