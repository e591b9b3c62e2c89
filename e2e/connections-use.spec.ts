import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { connectionsOf, openShop } from './driver/connections.ts';
import { dropFile, editorOf, goTo } from './driver/editor.ts';
import { suiteStudio } from './driver/suite.ts';
import { file, numbers, readWorkflow, writeWorkflow } from './driver/workflows.ts';

/** Connections where they are used: chosen in nodes, asked for after an import, deleted. The tests follow each other in one studio. */
test.describe.configure({ mode: 'serial' });
const studio = suiteStudio(({ folder }) => openShop(folder), { keyring: 'gnome_libsecret' });

test.beforeAll(async () => {
  const connections = connectionsOf(studio.page);
  await connections.open();
  await connections.begin('SQLite');
  await connections.field('Name').fill('Shop');
  await connections.form.getByLabel('File').fill('shop.db');
  await connections.save();
  await connections.begin('Web service');
  await connections.field('Name').fill('Orders service');
  await connections.form.getByLabel('Base address').fill('https://api.example.com/v1');
  await connections.save();
});

const query = (connection?: string) => ({ id: 'orders', type: 'source', nodeType: 'sql.query', label: 'Orders', config: { query: 'SELECT * FROM orders', ...(connection === undefined ? {} : { connection }) } }) as const;

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
