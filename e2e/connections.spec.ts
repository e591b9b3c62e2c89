import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { connectionsOf, openShop } from './driver/connections.ts';
import { held, hear } from './driver/hear.ts';
import { startSsh } from './driver/ssh-server.ts';
import { suiteStudio } from './driver/suite.ts';

/** Connections: set up, tried, copied, with their secrets. Where they are used: connections-use.spec.ts. The tests follow each other in one studio. */
test.describe.configure({ mode: 'serial' });
const studio = suiteStudio(({ folder }) => openShop(folder), { keyring: 'gnome_libsecret' });

test('an empty list says what connections are for, and leads to the first', async () => {
  const connections = connectionsOf(studio.page);
  await connections.open();
  await expect(studio.page.getByRole('heading', { name: 'No connections yet' })).toBeVisible();
  await connections.begin('SQLite');
  await expect(connections.field('Name')).toHaveValue('SQLite');
  await connections.field('Name').fill('Shop/1');
  await connections.form.getByRole('button', { name: 'Save' }).click();
  await expect(connections.form.getByRole('alert').filter({ hasText: 'beginning with a letter' })).toBeVisible();
  await expect(connections.form.getByRole('alert').filter({ hasText: '“File” is missing.' })).toBeVisible();
  await expect(connections.field('Name')).toBeFocused();
});

test('a test says how far it came: what is wrong, at which step, and then that it works', async () => {
  const connections = connectionsOf(studio.page);
  await connections.field('Name').fill('Shop');
  await connections.form.getByLabel('File').fill('shops.db');
  await connections.test();
  await expect(connections.found.getByText('It does not work')).toBeVisible();
  await expect(connections.found.getByRole('listitem').filter({ hasText: 'File' }).getByRole('img', { name: 'It does not work' })).toBeVisible();
  await connections.form.getByLabel('File').fill('shop.db');
  await expect(connections.found.getByText('Changed since this test')).toBeVisible();
  await connections.test();
  await expect(connections.found.getByText('It works')).toBeVisible();
  await expect(connections.found.getByRole('listitem').filter({ hasText: 'Database' })).toContainText('1 table');
  await expect(connections.found).toContainText(/Answered in \d/);
  await connections.save();
  await expect(connections.row('Shop')).toContainText('SQLite · shop.db');
  await connections.row('Shop').getByRole('button', { name: 'Test “Shop”' }).click();
  await expect(connections.row('Shop').getByRole('status')).toContainText('It works · SQLite 3');
});

test('what was typed is not lost by a slip: closing asks first', async () => {
  const { page } = studio;
  const connections = connectionsOf(page);
  await connections.edit('Shop');
  await connections.form.getByLabel('File').fill('other.db');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Discard what you have typed?' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).last().click();
  await expect(connections.form.getByLabel('File')).toHaveValue('other.db');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(connections.row('Shop')).toContainText('shop.db');
});

test('a secret goes in and never comes out again', async () => {
  const { page } = studio;
  const heard = await hear(page);
  const connections = connectionsOf(page);
  await connections.open();
  await connections.begin('Web service');
  await connections.field('Name').fill('Orders API');
  await connections.form.getByLabel('Base address').fill('https://api.example.com/v1');
  await expect(connections.field('Token')).toHaveCount(0);
  await connections.choose('Login', 'Bearer token');
  await expect(connections.field('Token')).toHaveAttribute('type', 'password');
  await connections.field('Token').fill('tok-Zq7-first-secret');
  await connections.save();
  await expect(connections.row('Orders API')).toContainText('api.example.com/v1');
  await expect(connections.store).toContainText(test.info().project.metadata['host'] === 'server' ? 'secret.key' : 'GNOME Keyring');
  await connections.edit('Orders API');
  const kept = connections.form.getByRole('group', { name: 'Token' });
  await expect(kept).toContainText('Saved');
  expect(await held(page)).not.toContain('Zq7-first');
  // Renamed with its secret: that stays, sealed.
  await connections.field('Name').fill('Orders service');
  await connections.save();
  await connections.edit('Orders service');
  await expect(kept).toContainText('Saved');
  await connections.form.getByRole('button', { name: 'Replace: Token' }).click();
  await expect(connections.field('Token')).toBeFocused();
  await expect(connections.field('Token')).toHaveValue('');
  await connections.field('Token').fill('tok-Zq7-second-secret');
  await connections.save();
  await connections.edit('Orders service');
  await connections.form.getByRole('button', { name: 'Remove: Token' }).click();
  await expect(kept).toContainText('Removed when you save');
  await kept.getByRole('button', { name: 'Keep the saved one' }).click();
  await expect(kept).toContainText('Saved');
  await connections.form.getByRole('button', { name: 'Remove: Token' }).click();
  await connections.save();
  await connections.edit('Orders service');
  await expect(connections.field('Token')).toHaveValue('');
  await connections.form.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('radio', { name: 'General' }).click();
  const said = await heard();
  expect(said).toContain('Orders service');
  const everything = [said, await held(page)].join('\n');
  expect(everything).not.toContain('Zq7');
  for (const name of ['connections.json', 'secrets.json']) expect(readFileSync(join(studio.dataDir, name), 'utf8')).not.toContain('Zq7');
});

test('the first contact with a server shows its key: trusted, the test goes on; another key is warned of', async () => {
  const connections = connectionsOf(studio.page);
  const first = await startSsh('Wq8-open-sesame');
  await connections.open();
  await connections.begin('SFTP');
  await connections.field('Name').fill('Partner drop');
  await connections.form.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await connections.form.getByLabel('Port').fill(String(first.port));
  await connections.form.getByLabel('User').fill('anna');
  await connections.field('Password').fill('wrong');
  await connections.test();
  await expect(connections.found).toContainText('The server showed this key:');
  await expect(connections.found.locator('code')).toHaveText(first.fingerprint);
  expect(first.logins()).toBe(0);
  await connections.found.getByRole('button', { name: 'Trust this key' }).click();
  await expect(connections.form.getByLabel('Host key')).toHaveValue(first.fingerprint);
  await expect(connections.found.getByRole('listitem').filter({ hasText: 'Login' }).getByRole('img', { name: 'It does not work' })).toBeVisible();
  await expect(connections.found.getByRole('button', { name: 'Trust this key' })).toHaveCount(0);
  await connections.field('Password').fill('Wq8-open-sesame');
  await connections.test();
  await expect(connections.found.getByText('It works')).toBeVisible();
  await connections.save();
  await first.stop();
  const second = await startSsh('Wq8-open-sesame', first.port);
  await connections.edit('Partner drop');
  await connections.test();
  await expect(connections.found).toContainText('It is not the key you trust.');
  await expect(connections.found.locator('code')).toHaveText(second.fingerprint);
  expect(second.logins()).toBe(0);
  await connections.found.getByRole('button', { name: 'Trust the new key' }).click();
  await expect(connections.found.getByText('It works')).toBeVisible();
  await connections.save();
  await second.stop();
});

test('a test can be stopped, and left', async () => {
  const connections = connectionsOf(studio.page);
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  await connections.begin('Redis');
  await connections.form.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await connections.form.getByLabel('Port').fill(String((silent.address() as AddressInfo).port));
  await connections.test();
  await connections.found.getByRole('button', { name: 'Stop' }).click();
  await expect(connections.found.getByRole('button', { name: 'Test connection' })).toBeVisible();
  await connections.test();
  await expect(connections.found.getByText(/^Trying/)).toBeVisible();
  await connections.form.getByRole('button', { name: 'Cancel' }).click();
  await studio.page.getByRole('button', { name: 'Discard' }).click();
  await expect(studio.page.getByRole('dialog')).toHaveCount(0);
  silent.close();
});

test('a copy has the settings, and asks for the secrets again', async () => {
  const connections = connectionsOf(studio.page);
  await connections.open();
  await connections.more('Orders service', 'Duplicate');
  await expect(connections.field('Name')).toHaveValue('Orders service 2');
  await expect(connections.form.getByLabel('Base address')).toHaveValue('https://api.example.com/v1');
  await expect(connections.field('Token')).toHaveValue('');
  await connections.field('Name').fill('Orders service');
  await expect(connections.form.getByRole('alert')).toContainText('Another connection has this name');
  await connections.form.getByRole('button', { name: 'Cancel' }).click();
  await studio.page.getByRole('button', { name: 'Discard' }).click();
});
