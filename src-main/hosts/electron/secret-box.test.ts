import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKeyFileBox } from '../../library/connections/key-file.ts';
import { createSystemBox } from './secret-box.ts';

vi.mock('electron', () => ({}));

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'millrace-box-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The double's keyring, fresh. */
async function desktop(backend: 'gnome_libsecret' | 'basic_text' | 'unknown', platform: NodeJS.Platform = 'linux') {
  vi.resetModules();
  const { keyring, safeStorage } = await import('../../../e2e/electron-double/safe-storage.ts');
  keyring.backend = backend;
  const keyFile = createKeyFileBox({ env: {}, file: join(folder, 'secret.key') });
  return { keyring, keyFile, box: createSystemBox({ storage: safeStorage, platform, agreedFile: join(folder, 'agreed'), keyFile }) };
}

test('seals with the keyring, which it names', async () => {
  const { box } = await desktop('gnome_libsecret');
  expect(await box.state()).toEqual({ kind: 'system', detail: 'GNOME Keyring' });
  const sealed = await box.seal('hunter2', 'Shop/password');
  expect(sealed).toMatch(/^system:/u);
  expect(Buffer.from(sealed.slice(7), 'base64').toString()).not.toContain('hunter2');
  expect(await box.open(sealed, 'Shop/password')).toEqual({ text: 'hunter2', stale: false });
  await expect(box.open(sealed, 'Other/password')).rejects.toMatchObject({ code: 'permission', place: 'Other/password' });
  // macOS and Windows have no backend to ask for.
  expect(await (await desktop('unknown', 'darwin')).box.state()).toEqual({ kind: 'system', detail: 'Keychain' });
  expect(await (await desktop('unknown', 'win32')).box.state()).toEqual({ kind: 'system', detail: 'DPAPI' });
});

test.each(['basic_text', 'unknown'] as const)('a Linux desktop without a keyring (%s) seals nothing until the person agrees to plain text', async (backend) => {
  const { box } = await desktop(backend);
  expect(await box.state()).toMatchObject({ kind: 'refused', detail: expect.stringContaining('no keyring') });
  await expect(box.seal('hunter2', 'Shop/password')).rejects.toMatchObject({ code: 'permission', remedy: expect.stringContaining('agree') });
  await box.allowPlainText(true);
  expect(await (await desktop(backend)).box.state()).toMatchObject({ kind: 'plain' });
  const sealed = await box.seal('hunter2', 'Shop/password');
  expect(sealed).toBe('plain:hunter2');
  expect(await box.open(sealed, 'Shop/password')).toEqual({ text: 'hunter2', stale: false });
  await box.allowPlainText(false);
  expect(existsSync(join(folder, 'agreed'))).toBe(false);
  expect(await box.state()).toMatchObject({ kind: 'refused' });
  await expect(box.open(sealed, 'Shop/password')).rejects.toMatchObject({ code: 'permission', message: expect.not.stringContaining('hunter2') });
});

test('what rests as plain text is to be sealed once there is a keyring, and a locked one is no reason for it', async () => {
  await (await desktop('basic_text')).box.allowPlainText(true);
  const { box, keyring } = await desktop('gnome_libsecret');
  expect(await box.open('plain:hunter2', 'Shop/password')).toEqual({ text: 'hunter2', stale: true });
  expect(await box.seal('hunter2', 'Shop/password')).toMatch(/^system:/u);
  keyring.locked = true;
  expect(await box.state()).toMatchObject({ kind: 'refused' });
});

test('a key that was replaced is said, and a keyring that is locked opens nothing', async () => {
  const { box, keyring } = await desktop('gnome_libsecret');
  const sealed = await box.seal('hunter2', 'Shop/password');
  keyring.generation = 2;
  expect(await box.open(sealed, 'Shop/password')).toEqual({ text: 'hunter2', stale: true });
  keyring.locked = true;
  expect(await box.state()).toMatchObject({ kind: 'refused' });
  await expect(box.open(sealed, 'Shop/password')).rejects.toMatchObject({ code: 'permission', remedy: expect.stringContaining('Unlock') });
  keyring.locked = false;
  await expect(box.open('system:AAAA', 'Shop/password')).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('does not open') });
});

test('what a host without a window has sealed opens here, and the other way round it is said', async () => {
  const { box, keyFile } = await desktop('gnome_libsecret');
  expect(await box.open(await keyFile.seal('hunter2', 'Shop/password'), 'Shop/password')).toEqual({ text: 'hunter2', stale: false });
  await expect(keyFile.open(await box.seal('hunter2', 'Shop/password'), 'Shop/password')).rejects.toMatchObject({ code: 'permission', message: expect.stringContaining('only that window') });
});
