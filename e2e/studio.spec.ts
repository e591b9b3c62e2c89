import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { editorOf } from './driver/editor.ts';
import { suiteStudio } from './driver/suite.ts';

/** The first journey: a person draws a workflow, configures, saves and runs it, and reads what it did. One story, told in order. */
test.describe.configure({ mode: 'serial' });

const studio = suiteStudio(({ folder }) => {
  mkdirSync(join(folder, 'data'), { recursive: true });
  const rows = Array.from({ length: 500_000 }, (_, index) => `${index},${['north', 'south', 'east', 'west'][index % 4]},${(index * 37) % 1000}`);
  writeFileSync(join(folder, 'data/sales.csv'), `id,region,amount\n${rows.join('\n')}\n`);
});

test('makes a new workflow and draws five nodes', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'New workflow' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Sales by region');
  await dialog.getByRole('button', { name: /create/i }).click();
  const editor = editorOf(page);
  await editor.canvas.waitFor();
  // Room for five cards in a row.
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await page.getByRole('button', { name: 'Zoom out' }).click();
  const places: readonly (readonly [string, number, number])[] = [
    ['CSV file', 90, 80],
    ['Filter', 290, 80],
    ['Map', 490, 80],
    ['Sum', 290, 260],
    ['Write file', 550, 260],
  ];
  for (const [type, x, y] of places) await editor.drag(type, x, y);
});

test('refuses an impossible connection while it is dragged, and says why', async () => {
  const editor = editorOf(studio.page);
  await editor.dragLine(editor.port('CSV file', 'out', 'Rows'), editor.port('CSV file', 'out', 'Bad lines'));
  await studio.page.mouse.up();
  await expect(editor.edges).toHaveCount(0);
  await editor.connect('Filter', 'Map', 'Met');
  await editor.dragLine(editor.port('Map', 'out'), editor.port('Filter', 'in'));
  await expect(studio.page.getByText(/circle/i).first()).toBeVisible();
  await studio.page.mouse.up();
  await expect(editor.edges).toHaveCount(1);
});

test('connects and configures them', async () => {
  const editor = editorOf(studio.page);
  await editor.connect('CSV file', 'Filter', 'Rows');
  await editor.connect('Map', 'Sum');
  await editor.connect('Sum', 'Write file');

  await editor.select('CSV file');
  await editor.field('File').fill('data/sales.csv');
  await editor.select('Filter');
  await editor.field('Condition').click();
  await studio.page.keyboard.type('amount >= 500');
  await studio.page.keyboard.press('Escape');
  await editor.select('Map');
  await editor.form.getByText('Add a column').click();
  await editor.form.getByLabel('Name').fill('gross');
  await editor.form.getByLabel('Expression').last().click();
  await studio.page.keyboard.type('amount * 2');
  await studio.page.keyboard.press('Escape');
  await editor.select('Sum');
  await editor.field('Column').fill('gross');
  await studio.page.keyboard.press('Enter');
  await editor.field('Group by').fill('region');
  await studio.page.keyboard.press('Enter');
  await editor.select('Write file');
  await editor.field('File').fill('output/by-region.csv');
  await editor.tab('Problems').click();
  await expect(studio.page.getByText('No problems')).toBeVisible();
});

test('takes an edit back and makes it again', async () => {
  const editor = editorOf(studio.page);
  await editor.canvas.click({ position: { x: 600, y: 20 } });
  await editor.select('Write file');
  await studio.page.keyboard.press('Delete');
  await expect(editor.card('Write file')).toHaveCount(0);
  await studio.page.keyboard.press('ControlOrMeta+z');
  await expect(editor.card('Write file')).toHaveCount(1);
  await expect(editor.edges).toHaveCount(4);
  await studio.page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(editor.card('Write file')).toHaveCount(0);
  await studio.page.keyboard.press('ControlOrMeta+z');
  await expect(editor.edges).toHaveCount(4);
});

test('keeps unsaved work and its undo over a restart of the window', async () => {
  await studio.page.waitForTimeout(1500);
  await studio.page.reload();
  const editor = editorOf(studio.page);
  await expect(editor.edges).toHaveCount(4);
  await expect(studio.page.getByRole('button', { name: /^Undo / })).toBeEnabled();
});

test('saves the workflow as one canonical JSON file', async () => {
  const editor = editorOf(studio.page);
  await editor.save();
  await expect(studio.page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  const [name] = readdirSync(studio.folder).filter((one) => one.endsWith('.json'));
  const text = readFileSync(join(studio.folder, name ?? ''), 'utf8');
  expect(text.endsWith('}\n')).toBe(true);
  const saved = JSON.parse(text) as { name: string; nodes: { nodeType: string; config: Record<string, unknown> }[]; edges: unknown[] };
  expect(saved.name).toBe('Sales by region');
  expect(saved.edges).toHaveLength(4);
  expect(saved.nodes.map((node) => node.nodeType)).toEqual(['file.csv', 'filter.condition', 'map.transform', 'aggregate.sum', 'file.text']);
});

test('runs it, and every node says how many rows it took and gave', async () => {
  const editor = editorOf(studio.page);
  await editor.run();
  for (const title of ['CSV file', 'Filter', 'Map', 'Sum', 'Write file']) await editor.status(title, 'completed');
  await expect(editor.card('CSV file')).toContainText('500,000');
  await expect(editor.card('Filter')).toContainText('250,000');
  await expect(editor.card('Sum')).toContainText('4 rows');
  const result = readFileSync(join(studio.folder, 'output/by-region.csv'), 'utf8').trim().split('\n');
  expect(result[0]).toBe('region,sum');
  const expected = new Map<string, number>();
  for (let index = 0; index < 500_000; index += 1) {
    const amount = (index * 37) % 1000;
    const region = ['north', 'south', 'east', 'west'][index % 4] ?? '';
    if (amount >= 500) expected.set(region, (expected.get(region) ?? 0) + amount * 2);
  }
  expect(new Map(result.slice(1).map((line) => [line.split(',')[0], Number(line.split(',')[1])]))).toEqual(expected);
});

test('shows the rows of a node, the timeline and the run on a page of its own', async () => {
  const { page } = studio;
  const editor = editorOf(page);
  await editor.select('Sum');
  await editor.tab('Data').click();
  await expect(page.getByLabel('Bottom panel').getByText('north').first()).toBeVisible();
  await editor.tab('Timeline').click();
  await expect(page.getByLabel('Bottom panel').getByText('Write file').first()).toBeVisible();
  await page.getByRole('link', { name: /open the run/i }).click();
  await expect(page.getByText('Completed').first()).toBeVisible();
  await page.getByRole('tab', { name: /Events/ }).click();
  await expect(page.getByText('WorkflowCompleted').first()).toBeVisible();
});

test('scrubs the run back through its events', async () => {
  const { page } = studio;
  const slider = page.getByRole('slider').first();
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(page.getByText(/Event 1 of/)).toBeVisible();
  await expect(page.locator('[data-status="completed"]')).toHaveCount(0);
  await page.keyboard.press('End');
  await expect(page.locator('.react-flow__node [data-status="completed"]').first()).toBeVisible();
});

test('lists the run, and the library shows the workflow with its last run', async () => {
  const { page } = studio;
  await page.getByRole('link', { name: 'Runs' }).first().click();
  await expect(page.getByText('Sales by region').first()).toBeVisible();
  await page.getByRole('link', { name: 'Library' }).first().click();
  await expect(page.getByText('Sales by region').first()).toBeVisible();
});
