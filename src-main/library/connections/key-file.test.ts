import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeyFileBox } from './key-file.ts';

let folder: string;
const path = (name: string): string => join(folder, name);
const box = (env: Readonly<Record<string, string>> = {}) => createKeyFileBox({ env, file: path('secret.key') });
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'millrace-key-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LONG = 'a passphrase that somebody has chosen';

test('what one has sealed another opens with the same key, and never looks the same twice', async () => {
  const sealed = await box().seal('hunter2 – 密码', 'Shop/password');
  expect(await box().open(sealed, 'Shop/password')).toEqual({ text: 'hunter2 – 密码', stale: false });
  expect(await box().seal('hunter2 – 密码', 'Shop/password')).not.toBe(sealed);
  expect(sealed).toMatch(/^keyFile:[0-9a-f]{8}:/u);
});

test('nothing is made before something is sealed; two who seal at once have one key', async () => {
  const one = box();
  expect(await one.state()).toEqual({ kind: 'keyFile', detail: path('secret.key') });
  expect(existsSync(path('secret.key'))).toBe(false);
  const sealed = await Promise.all(['a', 'b', 'c'].map((text) => one.seal(text, 'x')));
  for (const [at, text] of ['a', 'b', 'c'].entries()) expect(await box().open(sealed[at] ?? '', 'x')).toMatchObject({ text });
});

test.each([
  ['a passphrase', { MILLRACE_KEY: LONG }],
  ['32 bytes in Base64', { MILLRACE_KEY: Buffer.alloc(32, 7).toString('base64') }],
  ['32 bytes in hex', { MILLRACE_KEY: Buffer.alloc(32, 9).toString('hex') }],
])('the environment gives the key: %s', async (_what, env) => {
  const sealed = await box(env).seal('text', 'x');
  expect(existsSync(path('secret.key'))).toBe(false);
  expect(await box(env).open(sealed, 'x')).toMatchObject({ text: 'text' });
  expect(await box(env).state()).toEqual({ kind: 'keyFile', detail: 'MILLRACE_KEY' });
  await expect(box({ MILLRACE_KEY: `${LONG} too` }).open(sealed, 'x')).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('another key'), remedy: expect.stringContaining('MILLRACE_KEY') });
  await expect(box().open(sealed, 'x')).rejects.toMatchObject({ code: 'permission', message: 'The key that seals secrets is gone.' });
});

test('a file that the environment names is read, never made', async () => {
  const env = { MILLRACE_KEY: '', MILLRACE_KEY_FILE: path('named.key') };
  await expect(box(env).seal('text', 'x')).rejects.toMatchObject({ code: 'permission', place: path('named.key') });
  expect(await box(env).state()).toMatchObject({ kind: 'broken', detail: expect.stringContaining('named.key') });
  writeFileSync(path('named.key'), `${LONG}\n`);
  const sealed = await box(env).seal('text', 'x');
  expect(await box({ MILLRACE_KEY: LONG }).open(sealed, 'x')).toMatchObject({ text: 'text' });
});

test.each([
  ['that is empty', ''],
  ['that is too short', 'short\n'],
])('a key %s is said, and nothing is written over it', async (_what, text) => {
  writeFileSync(path('secret.key'), text);
  expect(await box().state()).toMatchObject({ kind: 'broken' });
  await expect(box().seal('text', 'x')).rejects.toMatchObject({ code: 'permission' });
  expect(readFileSync(path('secret.key'), 'utf8')).toBe(text);
});

test('a key that can’t be read is said, and read once it can', async () => {
  const sealed = await box().seal('text', 'x');
  // Rights would not keep root out: a folder does.
  renameSync(path('secret.key'), path('aside.key'));
  mkdirSync(path('secret.key'));
  const one = box();
  await expect(one.open(sealed, 'x')).rejects.toMatchObject({ code: 'permission', place: path('secret.key') });
  rmdirSync(path('secret.key'));
  renameSync(path('aside.key'), path('secret.key'));
  expect(await one.open(sealed, 'x')).toMatchObject({ text: 'text' });
});

test('what belongs to another, was changed or was made elsewhere does not open, and says why', async () => {
  const one = box();
  const sealed = await one.seal('text', 'Shop/password');
  await expect(one.open(sealed, 'Other/password')).rejects.toMatchObject({ code: 'permission', place: 'Other/password', message: expect.stringContaining('damaged') });
  await expect(one.open(`${sealed.slice(0, -4)}AAA=`, 'Shop/password')).rejects.toMatchObject({ message: expect.stringContaining('damaged') });
  await expect(one.open(sealed.slice(0, 20), 'Shop/password')).rejects.toMatchObject({ code: 'permission' });
  await expect(one.open('system:AAAA', 'Shop/password')).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('keyring') });
  await expect(one.open('hunter2', 'Shop/password')).rejects.toMatchObject({ code: 'permission', message: expect.not.stringContaining('hunter2') });
  expect(await one.open('plain:text', 'Shop/password')).toMatchObject({ text: 'text' });
});
