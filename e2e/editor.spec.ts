import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { editorOf, goTo } from './driver/editor.ts';
import { suiteStudio } from './driver/suite.ts';
import { file, keep, numbers, readWorkflow, writeWorkflow } from './driver/workflows.ts';

/** Work in the editor that goes wrong, is interrupted, or is done without a mouse. Each test has a workflow of its own. */
const studio = suiteStudio();

/** Opens a workflow that the test wrote to the folder. */
async function open(id: string): Promise<ReturnType<typeof editorOf>> {
  const { page } = studio;
  await goTo(page, 'library');
  await expect(page.locator(`a[href="#/edit/${id}"]`)).toBeVisible();
  await goTo(page, `edit/${id}`);
  const editor = editorOf(page);
  await page.locator('.react-flow__node').first().waitFor();
  return editor;
}

test('opens a long workflow where it begins, large enough to read', async () => {
  const steps = Array.from({ length: 20 }, (_, index) => ({ ...keep, id: `keep${String(index)}`, label: `Step ${String(index)}` }));
  writeWorkflow(studio.folder, 'long-row', 'Long row', [numbers, ...steps, file]);
  const editor = await open('long-row');
  await expect(studio.page.getByRole('button', { name: /^Zoom 65%/ })).toBeVisible();
  await expect(editor.card('Number sequence')).toBeInViewport();
});

test('drops a first node where it was aimed at, and the view stays', async () => {
  const { page } = studio;
  await goTo(page, 'library');
  await page.getByRole('button', { name: 'New workflow' }).first().click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Aimed');
  await page.getByRole('dialog').getByRole('button', { name: /create/i }).click();
  const editor = editorOf(page);
  await page.getByText('An empty canvas').waitFor();
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await expect(page.getByRole('button', { name: /^Zoom 83%/ })).toBeVisible();
  for (const [type, x, y] of [['CSV file', 200, 120], ['Filter', 500, 300]] as const) {
    await editor.drag(type, x, y);
    const [card, canvas] = [await editor.card(type).boundingBox(), await editor.canvas.boundingBox()];
    if (card === null || canvas === null) throw new Error('The canvas is not on the screen.');
    expect(Math.abs(card.x + card.width / 2 - canvas.x - x)).toBeLessThan(6);
    await expect(page.getByRole('button', { name: /^Zoom 83%/ })).toBeVisible();
  }
});

test('leads from a problem to the field that has it', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'unfinished', 'Unfinished', [numbers, keep, { ...file, config: {} }]);
  const editor = await open('unfinished');
  await editor.tab('Problems').click();
  await editor.panel.getByRole('button', { name: /“File” is missing/ }).click();
  await expect(editor.field('File')).toBeFocused();
  await editor.field('File').fill('output/done.csv');
  await expect(editor.panel.getByText('No problems')).toBeVisible();
  await editor.tab('Data').click();
  await page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => readWorkflow(join(studio.folder, 'unfinished.json')).nodes[2]?.config).toEqual({ path: 'output/done.csv' });
});

test('a failed run shows the reason on the node, in the panel and on its page', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'no-file', 'No file', [{ id: 'orders', type: 'source', nodeType: 'file.csv', config: { path: 'data/orders.csv' } }, file]);
  const editor = await open('no-file');
  await editor.run();
  await editor.status('CSV file', 'failed');
  await expect(editor.card('CSV file')).toContainText(/doesn.t exist/);
  await expect(editor.panel.getByRole('alert')).toContainText(/doesn.t exist/);
  await expect(editor.panel.getByRole('button', { name: 'Copy detail' })).toBeVisible();
  await page.getByRole('link', { name: /open the run/i }).click();
  await expect(page.getByRole('alert')).toContainText('Failed at CSV file');
  await expect(page.getByRole('alert')).toContainText('orders.csv');
  expect(existsSync(join(studio.folder, 'output/numbers.csv'))).toBe(false);
});

test('stops a run that would take minutes, and nothing half-written stays', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'endless', 'Endless', [{ id: 'many', type: 'source', nodeType: 'sequence.numbers', config: { end: 4_000_000_000 } }, keep, { ...file, config: { path: 'output/endless.csv' } }]);
  const editor = await open('endless');
  await editor.run();
  await editor.status('Number sequence', 'running');
  await page.waitForTimeout(1200);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.locator('header').getByText('Cancelled')).toBeVisible();
  await expect(page.locator('.react-flow__node [data-status="running"]')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
  expect(existsSync(join(studio.folder, 'output/endless.csv'))).toBe(false);
});

test('an unsaved draft and its history outlive a reload', async () => {
  const { page } = studio;
  const path = writeWorkflow(studio.folder, 'draft', 'Draft', [numbers, keep, file]);
  const before = readFileSync(path, 'utf8');
  const editor = await open('draft');
  await editor.select('Large ones');
  await page.keyboard.press('Delete');
  await expect(editor.card('Large ones')).toHaveCount(0);
  await page.waitForTimeout(1500);
  await page.reload();
  await expect(editor.card('Number sequence')).toBeVisible();
  await expect(editor.card('Large ones')).toHaveCount(0);
  expect(readFileSync(path, 'utf8')).toBe(before);
  await page.getByRole('button', { name: /^Undo delete/ }).click();
  await expect(editor.card('Large ones')).toHaveCount(1);
  await expect(editor.edges).toHaveCount(2);
});

test('a change of the file outside is told, and saving over it asks first', async () => {
  const { page } = studio;
  const path = writeWorkflow(studio.folder, 'shared', 'Shared', [numbers, keep, file]);
  const editor = await open('shared');
  await editor.select('Large ones');
  await page.keyboard.press('ControlOrMeta+d');
  const outside = JSON.parse(readFileSync(path, 'utf8')) as { name: string };
  writeFileSync(path, JSON.stringify({ ...outside, name: 'Renamed outside' }, null, 2));
  await expect(page.getByText('changed outside')).toBeVisible();
  await editor.save();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('changed by someone else');
  await dialog.getByRole('button', { name: 'Take the file’s version' }).click();
  await expect(page.getByLabel('Workflow name')).toHaveValue('Renamed outside');
  await expect(editor.card('Large ones')).toHaveCount(1);
  await page.getByRole('button', { name: /^Undo take/ }).click();
  await expect(editor.card('Large ones')).toHaveCount(2);
});

test('copies nodes from one workflow into another', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'copy-from', 'Copy from', [numbers, keep, file]);
  writeWorkflow(studio.folder, 'copy-to', 'Copy to', [{ ...numbers, id: 'own', label: 'Own numbers' }]);
  const from = await open('copy-from');
  await from.select('Large ones');
  await from.card('Write file').click({ modifiers: ['Shift'] });
  await page.keyboard.press('ControlOrMeta+c');
  const to = await open('copy-to');
  await to.canvas.click({ position: { x: 500, y: 60 } });
  await page.keyboard.press('ControlOrMeta+v');
  await expect(to.card('Large ones')).toHaveCount(1);
  await expect(to.edges).toHaveCount(1);
  await to.save();
  await expect.poll(() => readWorkflow(join(studio.folder, 'copy-to.json')).nodes.map((node) => node.nodeType)).toEqual(['sequence.numbers', 'filter.condition', 'file.text']);
});

test('builds and runs a workflow without a mouse', async () => {
  const { page } = studio;
  await goTo(page, 'library');
  await page.keyboard.press('ControlOrMeta+n');
  await page.keyboard.type('By hand');
  await page.keyboard.press('Enter');
  const editor = editorOf(page);
  await page.getByText('An empty canvas').waitFor();
  const search = page.getByRole('searchbox', { name: 'Search nodes' });
  await search.focus();
  for (const query of ['sequence', 'filter', 'write file']) {
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(query);
    await page.keyboard.press('Enter');
  }
  await expect(editor.edges).toHaveCount(2);
  await editor.field('File').focus();
  await page.keyboard.type('output/by-hand.csv');
  await editor.card('Filter').focus();
  await page.keyboard.press('Enter');
  await editor.form.locator('.cm-content').focus();
  await page.keyboard.type('value > 90');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+s');
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await page.keyboard.press('ControlOrMeta+Enter');
  await editor.status('Write file', 'completed');
  expect(readFileSync(join(studio.folder, 'output/by-hand.csv'), 'utf8').trim().split('\n')).toHaveLength(11);
});
