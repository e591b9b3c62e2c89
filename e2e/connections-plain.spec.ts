import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { connectionsOf } from './driver/connections.ts';
import { suiteStudio } from './driver/suite.ts';

/** A desktop without a keyring: secrets are refused until somebody agrees to plain text, and go when nobody does any more. On the Electron host alone. */
test.describe.configure({ mode: 'serial' });
const studio = suiteStudio();
const secretsFile = (): string => join(studio.dataDir, 'secrets.json');
const written = (): string => (existsSync(secretsFile()) ? readFileSync(secretsFile(), 'utf8') : '');

test('says that nothing can be sealed here, and saves what has no secret', async () => {
  const connections = connectionsOf(studio.page);
  await connections.open();
  await expect(connections.store).toContainText('Secrets can’t be sealed here');
  await connections.begin('SQLite');
  await connections.form.getByLabel('File').fill('shop.db');
  await expect(connections.form.getByRole('button', { name: 'Keep secrets as plain text…' })).toHaveCount(0);
  await connections.save();
  await expect(connections.row('SQLite')).toBeVisible();
});

test('a secret is refused at its field, and leads to the question', async () => {
  const { page } = studio;
  const connections = connectionsOf(page);
  await connections.begin('Redis');
  await connections.field('Password').fill('Xy4-in-the-open');
  await connections.form.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(connections.form.getByRole('alert')).toContainText('has no keyring');
  await expect(connections.field('Password')).toBeFocused();
  expect(written()).not.toContain('Xy4');
  await connections.form.getByRole('button', { name: 'Keep secrets as plain text…' }).click();
  const question = page.getByRole('dialog', { name: 'Keep secrets as plain text?' });
  await expect(question).toContainText('secrets.json');
  await expect(question.getByRole('button', { name: 'Keep as plain text' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(connections.form.getByRole('button', { name: 'Keep secrets as plain text…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await question.getByLabel(/^I understand/).check();
  await question.getByRole('button', { name: 'Keep as plain text' }).click();
  await expect(connections.form.getByRole('button', { name: 'Keep secrets as plain text…' })).toHaveCount(0);
  await expect(connections.field('Password')).toHaveValue('Xy4-in-the-open');
  await expect(connections.form.getByRole('alert')).toHaveCount(0);
  await expect(connections.form).toContainText('Kept as plain text, as agreed.');
  await connections.save();
  await expect(connections.store).toContainText('Secrets are kept as plain text');
  expect(written()).toContain('Xy4-in-the-open');
  if (process.platform !== 'win32') expect(statSync(secretsFile()).mode & 0o077).toBe(0);
});

test('agreeing no more removes them, and the connection asks for its secret again', async () => {
  const { page } = studio;
  const connections = connectionsOf(page);
  await connections.store.getByRole('button', { name: 'Stop keeping plain text…' }).click();
  await page.getByRole('dialog', { name: 'Stop keeping secrets as plain text?' }).getByRole('button', { name: 'Remove them' }).click();
  await expect(connections.store).toContainText('Secrets can’t be sealed here');
  expect(written()).not.toContain('Xy4');
  await connections.edit('Redis');
  await expect(connections.field('Password')).toHaveValue('');
});
