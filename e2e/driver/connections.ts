import { join } from 'node:path';
import { expect } from '@playwright/test';
import Database from 'better-sqlite3';
import type { Locator, Page } from 'playwright-core';
import { goTo } from './editor.ts';

/** A small shop's database in a folder: two orders. */
export function openShop(folder: string): void {
  const shop = new Database(join(folder, 'shop.db'));
  shop.exec(`CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT); INSERT INTO orders VALUES (1, 'Anna'), (2, 'Ben')`);
  shop.close();
}

/** What a person does with connections, in their words. */
export function connectionsOf(page: Page) {
  const form = page.getByRole('dialog').last();
  const row = (name: string): Locator => page.getByRole('list', { name: 'Connections' }).getByRole('listitem').filter({ has: page.getByRole('button', { name: `Edit “${name}”` }) });
  return {
    open: async (): Promise<void> => {
      await goTo(page, 'settings/connections');
      await page.getByRole('radio', { name: 'Connections', checked: true }).waitFor();
    },
    /** The form on top, whatever it is for. */
    form,
    row,
    /** Where it is said where secrets rest. */
    store: page.getByRole('main').getByRole('region', { name: 'Where secrets rest' }),
    field: (label: string): Locator => form.getByLabel(label, { exact: true }),
    /** Begins a new one of a kind. */
    async begin(kind: string): Promise<void> {
      await page.getByRole('button', { name: 'New connection', exact: true }).click();
      await form.getByRole('button', { name: kind }).click();
    },
    edit: (name: string): Promise<void> => page.getByRole('button', { name: `Edit “${name}”` }).click(),
    async choose(label: string, option: string): Promise<void> {
      await form.getByRole('combobox', { name: label }).click();
      await page.getByRole('option', { name: option }).click();
    },
    async more(name: string, what: string): Promise<void> {
      await page.getByRole('button', { name: `More actions: ${name}` }).click();
      await page.getByRole('menuitem', { name: what }).click();
    },
    test: (): Promise<void> => form.getByRole('button', { name: /^Test (connection|again)$/ }).click(),
    /** What the test in the form found. */
    found: form.getByRole('region', { name: 'Test' }),
    async save(): Promise<void> {
      const dialogs = page.locator('[role="dialog"]');
      const before = await dialogs.count();
      await form.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(dialogs).toHaveCount(before - 1);
    },
  };
}
