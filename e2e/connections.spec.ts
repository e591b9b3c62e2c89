import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { connectionsOf } from './driver/connections.ts';
import { dropFile, editorOf, goTo } from './driver/editor.ts';
import { held, hear } from './driver/hear.ts';
import { startSsh } from './driver/ssh-server.ts';
import { suiteStudio } from './driver/suite.ts';
import { file, numbers, readWorkflow, writeWorkflow } from './driver/workflows.ts';

/** Connections: set up, tried, chosen in nodes, asked for after an import, deleted. The tests follow each other in one studio. */
test.describe.configure({ mode: 'serial' });
const studio = suiteStudio(({ folder }) => {
  const shop = new Database(join(folder, 'shop.db'));
  shop.exec(`CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT); INSERT INTO orders VALUES (1, 'Anna'), (2, 'Ben')`);
  shop.close();
}, { keyring: 'gnome_libsecret' });

const query = (connection?: string) => ({ id: 'orders', type: 'source', nodeType: 'sql.query', label: 'Orders', config: { query: 'SELECT * FROM orders', ...(connection === undefined ? {} : { connection }) } }) as const;

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

test('a node offers the connections that fit, makes another, and leads to the form of the chosen one', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'report', 'Report', [query(), { ...file, config: { path: 'output/report.csv' } }]);
  await goTo(page, 'edit/report');
  const editor = editorOf(page);
  await editor.select('Orders');
  const field = editor.form.getByRole('combobox', { name: 'Connection' });
  await field.click();
  await expect(page.getByRole('option', { name: 'Shop' })).toBeVisible();
  await expect(page.getByRole('option', { name: 'Orders service' })).toHaveCount(0);
  await page.getByRole('option', { name: 'New connection…' }).click();
  const connections = connectionsOf(page);
  await expect(connections.form.getByRole('button', { name: 'Kafka' })).toHaveCount(0);
  await connections.form.getByRole('button', { name: 'SQLite' }).click();
  await connections.field('Name').fill('Copy of the shop');
  await connections.form.getByLabel('File').fill('shop.db');
  await connections.save();
  await expect(field).toContainText('Copy of the shop');
  await expect(field).toBeFocused();
  await editor.form.getByRole('button', { name: 'Edit “Copy of the shop”' }).click();
  await expect(connections.field('Name')).toHaveValue('Copy of the shop');
  await page.keyboard.press('Escape');
  await field.click();
  await page.getByRole('option', { name: 'Shop', exact: false }).filter({ hasNotText: 'Copy' }).click();
  await editor.save();
  await expect.poll(() => readWorkflow(join(studio.folder, 'report.json')).nodes[0]?.config['connection']).toBe('Shop');
});

test('an import asks for what is missing, and each leads to its form', async () => {
  const { page } = studio;
  const path = writeWorkflow(studio.folder, 'elsewhere', 'From elsewhere', [query('Warehouse'), { ...file, config: { path: 'output/elsewhere.csv' } }]);
  const text = readFileSync(path, 'utf8').replace('"elsewhere"', '"came-in"').replace('From elsewhere', 'Came in');
  await goTo(page, 'library');
  await dropFile(page, 'came-in.json', text);
  const asked = page.getByRole('dialog', { name: 'A connection is missing' });
  await expect(asked).toContainText('“Came in” names connections that are not set up here');
  await expect(asked.getByRole('listitem')).toContainText('Needed by Orders');
  await asked.getByRole('button', { name: 'Set up “Warehouse”' }).click();
  const connections = connectionsOf(page);
  await connections.form.getByRole('button', { name: 'SQLite' }).click();
  await expect(connections.field('Name')).toHaveValue('Warehouse');
  await connections.form.getByLabel('File').fill('shop.db');
  await connections.save();
  const done = page.getByRole('dialog', { name: 'All of them are set up now' });
  await done.getByRole('button', { name: 'Done' }).click();
  const editor = editorOf(page);
  await editor.run();
  await editor.status('Write file', 'completed');
  expect(readFileSync(join(studio.folder, 'output/elsewhere.csv'), 'utf8')).toContain('2,Ben');
});

test('a template that needs connections asks for them too', async () => {
  const { page } = studio;
  await goTo(page, 'library');
  await page.getByRole('button', { name: 'New workflow' }).first().click();
  await page.getByRole('radio', { name: 'Web API to PostgreSQL' }).check();
  await page.getByRole('button', { name: 'Create' }).click();
  const asked = page.getByRole('dialog', { name: /missing/ });
  await expect(asked.getByRole('listitem').filter({ hasText: 'Web service (HTTP)' }).getByRole('button', { name: 'Set up “Earthquake service”' })).toBeVisible();
  await asked.getByRole('button', { name: 'Later' }).click();
});

test('what is missing can wait, and the node says so until it is set up', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'later', 'Later', [query('Archive'), { ...file, config: { path: 'output/later.csv' } }]);
  await goTo(page, 'library');
  await dropFile(page, 'later-too.json', readFileSync(join(studio.folder, 'later.json'), 'utf8').replace('"later"', '"later-too"'));
  await page.getByRole('dialog', { name: 'A connection is missing' }).getByRole('button', { name: 'Later' }).click();
  const editor = editorOf(page);
  await editor.tab('Problems').click();
  await editor.panel.getByRole('button', { name: /Archive.*Orders · connection/ }).click();
  const field = editor.form.getByRole('combobox', { name: 'Connection' });
  await expect(field).toBeFocused();
  await editor.select('Write file');
  await editor.run();
  await expect(page.getByText('1 problem keeps this from running', { exact: true })).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toContainText('Archive');
  await expect(field).toContainText('missing');
  await editor.form.getByRole('button', { name: 'Set up…' }).click();
  const connections = connectionsOf(page);
  await connections.form.getByRole('button', { name: 'SQLite' }).click();
  await expect(connections.field('Name')).toHaveValue('Archive');
  await connections.form.getByLabel('File').fill('shop.db');
  await connections.save();
  await expect(field).not.toContainText('missing');
  await expect(editor.panel.getByText('No problems')).toBeVisible();
});

test('deleting says who uses it; then their nodes miss it', async () => {
  const { page } = studio;
  const connections = connectionsOf(page);
  await connections.open();
  await expect(connections.row('Shop')).toContainText('Used by 1 workflow');
  await expect(connections.row('Orders service')).toContainText('Not used');
  await connections.more('Shop', 'Delete…');
  const asked = page.getByRole('dialog', { name: 'Delete “Shop”?' });
  await expect(asked).toContainText('1 workflow refers to it and will not run');
  await expect(asked).toContainText('Report');
  await asked.getByRole('button', { name: 'Delete' }).click();
  await expect(connections.row('Shop')).toHaveCount(0);
  await goTo(page, 'edit/report');
  const editor = editorOf(page);
  await editor.select('Orders');
  await expect(editor.form.getByRole('combobox', { name: 'Connection' })).toContainText('missing');
});

test('the keyboard alone makes a connection, from anywhere', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'plain', 'Plain', [numbers, { ...file, config: { path: 'output/plain.csv' } }]);
  await goTo(page, 'runs');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog').getByRole('combobox').fill('new connection');
  await page.keyboard.press('Enter');
  const connections = connectionsOf(page);
  await expect(connections.form.getByRole('button', { name: /^PostgreSQL/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(connections.form.getByRole('button', { name: /^SQLite/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(connections.field('Name')).toBeFocused();
  await page.keyboard.type('By hand');
  await page.keyboard.press('Tab');
  await page.keyboard.type('shop.db');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog').getByRole('combobox').fill('connections');
  await page.keyboard.press('Enter');
  await expect(connections.row('By hand')).toContainText('shop.db');
});
