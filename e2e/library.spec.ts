import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dropFile, editorOf, goTo } from './driver/editor.ts';
import { suiteStudio } from './driver/suite.ts';
import { file, keep, numbers, readWorkflow, writeWorkflow } from './driver/workflows.ts';

/** The library and the settings of the window. */
const studio = suiteStudio();

test('an empty library leads on: to a template, which runs at once', async () => {
  const { page } = studio;
  await expect(page.getByRole('heading', { name: 'Start with a template, or an empty canvas' })).toBeVisible();
  await page.getByRole('button', { name: /Seattle weather/ }).click();
  const editor = editorOf(page);
  await editor.card('Daily weather').waitFor();
  for (const card of await page.locator('.react-flow__node').all()) await expect(card).toBeInViewport({ ratio: 0.99 });
  await editor.run();
  await editor.status('Rain table', 'completed');
  // The result shows without a click.
  await expect(editor.panel.getByText('→ Rain table')).toBeVisible();
  await expect(editor.panel.getByText('rain', { exact: true }).first()).toBeVisible();
  expect(existsSync(join(studio.folder, 'output/rain-by-year.csv'))).toBe(true);
});

test('imports an older file that is dropped on the window, and refuses what is none', async () => {
  const { page } = studio;
  await goTo(page, 'library');
  const old = {
    id: 'older',
    name: 'Older flow',
    nodes: [
      { id: 'rows', type: 'source', nodeType: 'memory.collection', config: { data: [{ value: 1 }, { value: 60 }] } },
      { id: 'large', type: 'transform', nodeType: 'filter.condition', config: { condition: '>50' } },
      { id: 'show', type: 'sink', nodeType: 'console.log', config: {} },
    ],
    edges: [{ from: 'rows', to: 'large' }, { from: 'large', to: 'show' }],
    metadata: { schedule: '0 * * * *' },
  };
  await dropFile(page, 'older.json', JSON.stringify(old));
  const editor = editorOf(page);
  await expect(editor.card('Filter')).toBeVisible();
  await expect(editor.edges).toHaveCount(2);
  await editor.run();
  await editor.status('Console', 'completed');
  await expect(editor.card('Filter')).toContainText('1 row');
  await dropFile(page, 'letter.json', 'Dear reader');
  await expect(page.getByText('“letter.json” was not imported', { exact: true })).toBeVisible();
});

test('duplicates and deletes a workflow, and lists a file that cannot be read', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'report', 'Report', [numbers, keep, file]);
  writeFileSync(join(studio.folder, 'torn.json'), '{"nodes": [');
  await goTo(page, 'library');
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  await expect(row('torn')).toContainText('not JSON');
  await row('Report').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(row('Report (copy)')).toBeVisible();
  const copy = readdirSync(studio.folder).find((name) => name.startsWith('report') && name !== 'report.json') ?? '';
  expect(readWorkflow(join(studio.folder, copy)).nodes).toHaveLength(3);
  await row('Report (copy)').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).getByRole('button', { name: 'Delete' }).click();
  await expect(row('Report (copy)')).toHaveCount(0);
  expect(existsSync(join(studio.folder, copy))).toBe(false);
  expect(existsSync(join(studio.folder, 'report.json'))).toBe(true);
});

test('changes the language and the theme, which stay', async () => {
  const { page } = studio;
  await goTo(page, 'settings');
  await page.getByRole('radio', { name: 'Dark' }).click();
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await expect.poll(async () => Number(/\d+/.exec(await background())?.[0])).toBeLessThan(60);
  await page.getByLabel('Language').click();
  await page.getByRole('option', { name: '简体中文' }).click();
  await expect(page.getByRole('heading', { name: '设置' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: '设置' })).toBeVisible();
  expect(Number(/\d+/.exec(await background())?.[0])).toBeLessThan(60);
  await expect(page.locator('html')).toHaveAttribute('lang', /zh/);
  await page.getByLabel('语言').click();
  await page.getByRole('option', { name: 'English' }).click();
  await page.getByRole('radio', { name: 'System' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});
