import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { call } from './driver/call.ts';
import { launchOnDouble } from './electron-double/launch.ts';
import type { LaunchedApp } from './electron-double/launch.ts';

/** Where the Electron host keeps secrets: with the desktop's keyring, and without one. */
const SECRET = 'correct horse battery';
const shop = { name: 'Shop', kind: 'postgresql', settings: { database: 'shop', user: 'reader' }, previous: null, secrets: { password: SECRET } };

let dataDir: string;
let app: LaunchedApp | null = null;

const open = async (keyring?: 'gnome_libsecret'): Promise<LaunchedApp> => (app = await launchOnDouble({ dataDir, ...(keyring === undefined ? {} : { keyring }) }));
const list = (of: LaunchedApp): Promise<unknown> => call(of.page, '/connections/list');
const everything = (): string => readdirSync(dataDir, { recursive: true, withFileTypes: true }).flatMap((one) => (one.isFile() && !one.parentPath.includes('Chromium') ? [readFileSync(join(one.parentPath, one.name), 'latin1')] : [])).join('\n');

test.beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-secrets-'));
});
test.afterEach(async () => {
  await app?.close();
  app = null;
  rmSync(dataDir, { recursive: true, force: true });
});

test('without a keyring secrets are refused until the person agrees to plain text, and removed when they no longer do', async () => {
  const first = await open();
  expect(await list(first)).toMatchObject({ connections: [], store: { kind: 'refused' } });
  expect(await call(first.page, '/connections/save', shop)).toMatchObject({ code: 'permission', data: { place: 'Shop/password', remedy: expect.stringContaining('plain text') } });
  expect(everything()).not.toContain(SECRET);
  // What needs no secret can be kept all the same.
  expect(await call(first.page, '/connections/save', { ...shop, name: 'Open', secrets: {} })).toMatchObject({ name: 'Open' });

  expect(await call(first.page, '/connections/allowPlainText', { allow: true })).toMatchObject({ kind: 'plain' });
  expect(await call(first.page, '/connections/save', shop)).toMatchObject({ secrets: { password: true } });
  expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  await first.close();
  const second = await open();
  expect(await list(second)).toMatchObject({ connections: [{ name: 'Open' }, { name: 'Shop', secrets: { password: true }, unopened: [] }], store: { kind: 'plain' } });
  expect(await call(second.page, '/connections/allowPlainText', { allow: false })).toMatchObject({ kind: 'refused' });
  expect(await list(second)).toMatchObject({ connections: [{ name: 'Open' }, { name: 'Shop', secrets: { password: false } }] });
  expect(everything()).not.toContain(SECRET);
});

test('with a keyring they are sealed; plain ones from before are too, as soon as they are seen', async () => {
  const first = await open();
  await call(first.page, '/connections/allowPlainText', { allow: true });
  await call(first.page, '/connections/save', shop);
  await first.close();
  const second = await open('gnome_libsecret');
  expect(await list(second)).toMatchObject({ connections: [{ unopened: [] }], store: { kind: 'system', detail: 'GNOME Keyring' } });
  await expect.poll(everything).not.toContain(SECRET);
  await second.control('setKeyring', { generation: 2 });
  await call(second.page, '/connections/save', { ...shop, previous: 'Shop', name: 'Store', secrets: {} });
  await second.control('setKeyring', { locked: true });
  expect(await list(second)).toMatchObject({ connections: [{ name: 'Store', unopened: [] }], store: { kind: 'refused' } });
});

test('what the keyring has sealed a host without a window can’t open, and says so', async () => {
  const first = await open('gnome_libsecret');
  await call(first.page, '/connections/save', shop);
  await first.close();
  app = null;
  const cli = spawn(process.execPath, [join(import.meta.dirname, '../out/main/cli.js'), 'connections', 'test', 'Shop', '--data-dir', dataDir], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  cli.stderr.on('data', (text: Buffer) => void (said += text.toString()));
  expect(await once(cli, 'exit')).toEqual([1, null]);
  expect(said).toContain('only that window opens it');
});
