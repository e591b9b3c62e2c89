import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from 'playwright-core';
import { dropFile, editorOf, goTo } from './driver/editor.ts';
import { suiteStudio } from './driver/suite.ts';
import { keep, numbers, writeWorkflow } from './driver/workflows.ts';

/** Runs looked back at, continued, asked about, handed on as files and held against each other. */
test.describe.configure({ mode: 'serial' });

const show = { id: 'show', type: 'sink', nodeType: 'console.log', config: {}, label: 'Show' } as const;
const append = { id: 'list', type: 'sink', nodeType: 'file.text', config: { path: 'list.csv', append: true }, label: 'Append to list' } as const;
const kept = { ...numbers, label: 'All numbers', checkpoint: true };
const totals = { id: 'totals', type: 'sink', nodeType: 'file.text', config: { path: 'out/totals.csv' }, label: 'Totals' } as const;

const studio = suiteStudio(({ folder }) => {
  writeWorkflow(folder, 'look', 'Look back', [kept, keep, show]);
  writeWorkflow(folder, 'mail', 'Mailing list', [numbers, keep, append]);
  writeWorkflow(folder, 'blocked', 'Blocked', [kept, keep, totals]);
  writeFileSync(join(folder, 'out'), 'A file where a folder is wanted.');
});

const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name }).click();
const slider = (page: Page) => page.getByRole('slider', { name: /Go through/ });

/** Runs a workflow from its editor and goes to the page of the run. */
async function run(page: Page, workflow: string): Promise<void> {
  await goTo(page, `edit/${workflow}`);
  const editor = editorOf(page);
  await editor.canvas.waitFor();
  await editor.run();
  await page.getByRole('link', { name: /open the run/i }).click();
  await slider(page).waitFor();
}
const hash = (page: Page): Promise<string> => page.evaluate(() => location.hash);
const ended = (page: Page, status: string) => expect(page.locator('header').getByText(status, { exact: true }).first()).toBeVisible({ timeout: 60_000 });

test('a run is scrubbed with its console and rows as they were then', async () => {
  const { page } = studio;
  await run(page, 'look');
  await ended(page, 'Completed');
  await tab(page, /Console/);
  const lines = page.getByRole('list', { name: 'Console' });
  await expect(lines.getByText(/51/).first()).toBeVisible();
  await slider(page).focus();
  await page.keyboard.press('Home');
  await expect(page.getByText('Nothing had been written to the console at this event')).toBeVisible();
  await tab(page, /Data/);
  await expect(page.getByText(/All numbers had not completed at this event/)).toBeVisible();
  await page.keyboard.press('a');
  await expect(page.locator('.react-flow__node').filter({ hasText: 'All numbers' }).locator('[data-status="running"]')).toBeVisible();
  await slider(page).focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('grid', { name: 'Data' })).toBeVisible();
});

test('the address names the moment, and leads back to it', async () => {
  const { page } = studio;
  await slider(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => hash(page)).toMatch(/\?at=2$/);
  await page.reload();
  await expect(page.getByText(/Event 2 of/)).toBeVisible();
  await tab(page, /Events/);
  await expect(page.getByRole('button', { name: /Run started/ })).toHaveAttribute('aria-current', 'true');
  await page.getByRole('list', { name: 'Events' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByText(/Event 3 of/)).toBeVisible();
  await page.getByRole('button', { name: 'Latest' }).click();
  await expect.poll(() => hash(page)).not.toContain('at=');
});

test('what failed runs again alone: what had completed is reused', async () => {
  const { page, folder } = studio;
  await run(page, 'blocked');
  await ended(page, 'Failed');
  await expect(page.getByRole('complementary', { name: 'Node: Totals' })).toContainText('1 · Failed');
  const failed = await hash(page);
  rmSync(join(folder, 'out'));
  await page.getByRole('button', { name: 'Run again from the failure' }).click();
  await expect.poll(() => hash(page)).not.toBe(failed);
  await ended(page, 'Completed');
  await expect(page.getByText(/Rerun of/)).toContainText('1 node reused');
  await editorOf(page).card('All numbers').click();
  await expect(page.getByRole('complementary', { name: 'Node: All numbers' })).toContainText('Its output was reused from');
  expect(readFileSync(join(folder, 'out/totals.csv'), 'utf8').trim().split('\n')).toHaveLength(51);
  await page.getByRole('link', { name: 'an earlier run' }).first().click();
  await ended(page, 'Failed');
});

test('what would be done twice is asked about first', async () => {
  const { page, folder } = studio;
  const lines = (): number => readFileSync(join(folder, 'list.csv'), 'utf8').trim().split('\n').length;
  await run(page, 'mail');
  await ended(page, 'Completed');
  const first = (await hash(page)).slice(2);
  const before = lines();
  const again = async (): Promise<void> => {
    await goTo(page, first);
    await ended(page, 'Completed');
    await page.locator('.react-flow__node').filter({ hasText: 'Append to list' }).click();
    await page.getByRole('button', { name: 'Run again from here' }).click();
    await expect(page.getByRole('status', { name: 'This run waits for your answer' })).toContainText('50 rows');
  };
  await again();
  await page.getByRole('button', { name: 'Take it as done' }).click();
  await ended(page, 'Completed');
  expect(lines()).toBe(before);
  await again();
  await page.getByRole('button', { name: 'Stop the run' }).click();
  await ended(page, 'Failed');
  expect(lines()).toBe(before);
  await again();
  await page.getByRole('button', { name: 'Repeat' }).click();
  await ended(page, 'Completed');
  expect(lines()).toBe(before + 50);
});

test('a run is exported as a file, and opened again to be looked at', async () => {
  const { page } = studio;
  await run(page, 'look');
  await ended(page, 'Completed');
  // The file itself is the host's affair; what would be in it is caught on its way there.
  await page.evaluate(() => {
    const caught: Blob[] = [];
    Object.assign(window, { caught });
    URL.createObjectURL = (blob: Blob) => (caught.push(blob), '#');
    HTMLAnchorElement.prototype.click = () => undefined;
  });
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Export with data' }).click();
  await expect(page.getByText(/^Exported as/).first()).toBeVisible();
  const text = await page.evaluate(() => (window as unknown as { caught: Blob[] }).caught[0]?.text());
  expect(text).toContain('"millrace-run"');
  await page.reload();
  await goTo(page, 'library');
  await dropFile(page, 'run.json', text ?? '');
  await expect(page.getByText(/Opened from a file/)).toBeVisible();
  await ended(page, 'Completed');
  for (const name of ['Run again', 'Open workflow', 'Cancel run']) await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
  await tab(page, /Data/);
  await expect(page.getByRole('grid', { name: 'Data' })).toBeVisible();
  await slider(page).focus();
  await page.keyboard.press('Home');
  await expect(page.getByText(/had not completed at this event/)).toBeVisible();
});

test('two runs are chosen in the list and held against each other', async () => {
  const { page, folder } = studio;
  const path = join(folder, 'look.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('value > 50', 'value > 60'));
  await goTo(page, 'edit/look');
  const editor = editorOf(page);
  await editor.select('Large ones');
  await expect(editor.field('Condition')).toContainText('60');
  await run(page, 'look');
  await ended(page, 'Completed');
  await goTo(page, 'runs');
  await page.getByRole('checkbox', { name: /Look back/ }).nth(0).check();
  await page.getByRole('row').filter({ hasText: 'Look back' }).nth(1).click({ modifiers: ['ControlOrMeta'] });
  await page.getByRole('region', { name: 'Runs to compare' }).getByRole('button', { name: 'Compare' }).click();
  await expect(page.getByText('"value > 50"')).toBeVisible();
  await expect(page.getByText('"value > 60"')).toBeVisible();
  const nodes = page.getByRole('table', { name: 'Nodes' });
  await nodes.getByRole('button', { name: 'All numbers' }).click();
  await expect(page.getByText('Both runs gave the same rows')).toBeVisible();
  await expect(page.getByText('Whole outputs were compared.')).toBeVisible();
  await nodes.getByRole('button', { name: 'Large ones' }).click();
  await expect(page.getByText('10 only in A', { exact: true })).toBeVisible();
  await expect(page.getByText('0 only in B', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Swap sides' }).click();
  await expect(page.getByText('10 only in B', { exact: true })).toBeVisible();
  await tab(page, /Events/);
  await expect(page.getByRole('region', { name: 'Events by kind' })).toContainText('Node completed');
});
