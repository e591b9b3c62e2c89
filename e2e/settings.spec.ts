import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { editorOf, goTo } from './driver/editor.ts';
import { workerProcesses } from './driver/processes.ts';
import { suiteStudio } from './driver/suite.ts';
import { file, keep, numbers, readWorkflow, writeWorkflow } from './driver/workflows.ts';

/** What a node and a workflow are told about going wrong, and what comes of it. Each test has a workflow of its own. */
const studio = suiteStudio();

async function open(id: string): Promise<ReturnType<typeof editorOf>> {
  const { page } = studio;
  await goTo(page, 'library');
  await expect(page.locator(`a[href="#/edit/${id}"]`)).toBeVisible();
  await goTo(page, `edit/${id}`);
  await page.locator('.react-flow__node').first().waitFor();
  return editorOf(page);
}

/** The settings of a node, beside its form. */
async function settingsOf(editor: ReturnType<typeof editorOf>, title: string): Promise<void> {
  await editor.select(title);
  await studio.page.getByRole('complementary', { name: 'Inspector' }).getByRole('tab', { name: 'Settings' }).click();
}

async function choose(label: string, option: string): Promise<void> {
  const { page } = studio;
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
}

const failures = { id: 'failures', type: 'sink', nodeType: 'file.text', config: { path: 'output/failures.csv' }, label: 'Failures' } as const;
const saved = (id: string) => readWorkflow(join(studio.folder, `${id}.json`)) as unknown as { nodes: Record<string, unknown>[]; edges: Record<string, unknown>[]; settings: Record<string, unknown> };

test('a failure gets a port of its own, which is connected by dragging and leaves with its connections', async () => {
  const { page } = studio;
  mkdirSync(join(studio.folder, 'data'), { recursive: true });
  writeFileSync(join(studio.folder, 'data/mixed.csv'), 'value\n10\nmany\n70\n');
  const source = { id: 'mixed', type: 'source', nodeType: 'file.csv', config: { path: 'data/mixed.csv' } } as const;
  writeWorkflow(studio.folder, 'error-port', 'Error port', [source, { ...keep, config: { condition: 'CAST(value AS INTEGER) > 50' } }, { ...file, config: { path: 'output/large.csv' } }]);
  const editor = await open('error-port');
  await settingsOf(editor, 'Large ones');
  await choose('When it fails', 'Hand the failure on');
  await expect(editor.card('Large ones')).toContainText('Errors');
  await editor.drag('Write file', 540, 440);
  const [first, second] = [page.locator('.react-flow__node').nth(2), page.locator('.react-flow__node').nth(3)];
  await expect(first).toContainText('Write file');
  await editor.dragLine(editor.port('Large ones', 'out', 'Errors'), second.locator('.react-flow__handle.target'));
  await page.mouse.up();
  await expect(editor.edges).toHaveCount(3);
  await second.click();
  await editor.field('File').fill('output/failures.csv');
  await editor.tab('Problems').click();
  await expect(editor.panel.getByText('No problems')).toBeVisible();
  await editor.run();
  await editor.status('Large ones', 'completed');
  await expect(second.locator('[data-status="completed"]')).toBeVisible();
  expect(readFileSync(join(studio.folder, 'output/large.csv'), 'utf8').trim().split('\n')).toEqual(['value', '70']);
  const failed = readFileSync(join(studio.folder, 'output/failures.csv'), 'utf8').trim().split('\n');
  expect(failed).toHaveLength(2);
  expect(failed[0]).toBe('value,_node,_code,_message');
  expect(failed[1]).toMatch(/^many,keep,/);

  await settingsOf(editor, 'Large ones');
  await choose('When it fails', 'Stop the run');
  await expect(editor.edges).toHaveCount(2);
  await expect(page.getByText('1 connection of the output Errors went with it', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Undo node settings/ }).click();
  await expect(editor.edges).toHaveCount(3);
  await expect(editor.card('Large ones')).toContainText('Errors');
});

test('a sink’s failure is handed on too, and the run completes', async () => {
  // A folder stands where the file is to be.
  mkdirSync(join(studio.folder, 'output/blocked.csv/in-the-way'), { recursive: true });
  writeWorkflow(studio.folder, 'sink-errors', 'Sink errors', [numbers, { ...file, label: 'Report', config: { path: 'output/blocked.csv' } }, { ...failures, config: { path: 'output/blocked-why.csv' } }]);
  const text = JSON.parse(readFileSync(join(studio.folder, 'sink-errors.json'), 'utf8')) as { edges: unknown[] };
  writeFileSync(join(studio.folder, 'sink-errors.json'), JSON.stringify({ ...text, edges: text.edges.slice(0, 1) }));
  const editor = await open('sink-errors');
  await editor.dragLine(editor.port('Report', 'in'), editor.port('Failures', 'in'));
  await studio.page.mouse.up();
  await expect(editor.edges).toHaveCount(1);
  await settingsOf(editor, 'Report');
  await choose('When it fails', 'Hand the failure on');
  await editor.connect('Report', 'Failures');
  await editor.save();
  await expect.poll(() => saved('sink-errors').edges.map((edge) => edge['sourcePort'])).toContain('error');
  await editor.run();
  await editor.status('Report', 'failed');
  await expect(editor.card('Report').getByRole('img', { name: 'Failed: the failure went on through Errors' })).toBeVisible();
  await editor.status('Failures', 'completed');
  await expect(studio.page.locator('header').first()).toContainText('Completed');
  const [columns, row, ...more] = readFileSync(join(studio.folder, 'output/blocked-why.csv'), 'utf8').trim().split('\n');
  expect(columns).toBe('value,_node,_code,_message');
  expect(row).toMatch(/^,file,/);
  expect(more).toEqual([]);
});

test('says in a sentence what a retry does, and takes times as people write them', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'retry', 'Retry', [numbers, keep, file]);
  const editor = await open('retry');
  await settingsOf(editor, 'Large ones');
  await page.getByRole('switch', { name: 'Try again when it fails' }).click();
  await expect(editor.form).toContainText('Tries up to 3 times: after 1 s, 2 s (±20 %).');
  await editor.field('Tries in all').fill('12');
  await editor.field('Longest wait').fill('1 min');
  await expect(editor.form).toContainText('Tries up to 12 times: after 1 s, 2 s, 4 s, 8 s, 16 s and so on, up to 1 min (±20 %).');
  await choose('Waits', 'Stay the same');
  await editor.field('First wait').fill('90');
  await editor.field('First wait').blur();
  await expect(editor.field('First wait')).toHaveValue('1 min 30 s');
  await expect(editor.form).toContainText('Tries up to 12 times: again after 1 min each time');
  await editor.field('Time limit of a try').fill('soon');
  await editor.field('Time limit of a try').press('Enter');
  await expect(editor.form.getByRole('alert')).toContainText('A time such as 30 s');
  await editor.field('Time limit of a try').fill('2.5 min');
  await expect(editor.form.getByRole('alert')).toHaveCount(0);
  await editor.save();
  await expect.poll(() => saved('retry').nodes[1]).toMatchObject({ timeoutMs: 150_000, retry: { attempts: 12, backoff: 'constant', initialMs: 90_000, maxMs: 60_000, jitter: 0.2 } });
});

test('leads from a problem to the setting that has it', async () => {
  writeWorkflow(studio.folder, 'unread', 'Unread', [numbers, keep, file]);
  const editor = await open('unread');
  await settingsOf(editor, 'Large ones');
  await choose('When it fails', 'Hand the failure on');
  await editor.tab('Problems').click();
  await editor.select('Write file');
  await editor.panel.getByRole('button', { name: /Large ones · onError/ }).click();
  await expect(studio.page.getByRole('combobox', { name: 'When it fails' })).toBeFocused();
});

test('keeps an output where it is asked to, and marks the node', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'kept', 'Kept', [numbers, keep, file]);
  const editor = await open('kept');
  await settingsOf(editor, 'Large ones');
  await page.getByRole('switch', { name: 'Keep output' }).click();
  await expect(editor.card('Large ones').getByRole('img', { name: 'Its output is kept.' })).toBeVisible();
  await editor.save();
  await expect.poll(() => saved('kept').nodes[1]).toMatchObject({ checkpoint: true });
  await settingsOf(editor, 'Write file');
  await expect(page.getByRole('switch', { name: 'Keep output' })).toHaveCount(0);
});

test('a run uses pinned rows instead of running the node, until they are unpinned', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'pinned', 'Pinned', [{ ...numbers, config: { start: 1, end: 60 } }, keep, { ...file, config: { path: 'output/pinned.csv' } }]);
  const editor = await open('pinned');
  const lines = (): number => readFileSync(join(studio.folder, 'output/pinned.csv'), 'utf8').trim().split('\n').length;
  await editor.select('Number sequence');
  await editor.tab('Data').click();
  await editor.panel.getByRole('button', { name: 'Pin these rows' }).click();
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText('These 60 rows are used instead of running it.');
  await expect(editor.card('Number sequence').getByRole('img', { name: /^Pinned: 60 rows/ })).toBeVisible();
  // What the node would give now is another matter.
  await editor.field('End').fill('100');
  await editor.run();
  await editor.status('Write file', 'completed');
  expect(lines()).toBe(11);
  await page.getByRole('complementary', { name: 'Inspector' }).getByRole('button', { name: 'Unpin' }).click();
  await expect(editor.card('Number sequence').getByRole('img', { name: /^Pinned/ })).toHaveCount(0);
  await editor.run();
  await expect(editor.card('Write file')).toContainText('50 rows');
  await editor.status('Write file', 'completed');
  expect(lines()).toBe(51);
});

test('forks a run: the banner leads to the workflow as it ran, and Run continues from there', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'forked', 'Forked', [numbers, keep, { ...file, config: { path: 'output/forked.csv' } }]);
  const editor = await open('forked');
  await editor.run();
  await editor.status('Write file', 'completed');
  const address = (await page.getByRole('link', { name: /open the run/i }).getAttribute('href')) ?? '';
  const { nodes } = await page.evaluate(() => ({ nodes: document.querySelectorAll('.react-flow__node').length }));
  await editor.select('Large ones');
  await page.keyboard.press('Delete');
  await expect(page.locator('.react-flow__node')).toHaveCount(nodes - 1);
  await goTo(page, `edit/forked?fork=${address.split('/').at(-1) ?? ''}@4`);
  const banner = page.getByRole('region', { name: 'Fork of a run' });
  await expect(banner).toContainText('from event 4 on: outputs that are still the same are reused.');
  await banner.getByRole('button', { name: 'Load the workflow as it ran' }).click();
  await expect(page.locator('.react-flow__node')).toHaveCount(nodes);
  await expect(banner).toContainText('This is the workflow as it ran');
  await page.reload();
  await expect(banner).toBeVisible();
  await page.getByRole('button', { name: 'Run fork' }).click();
  await editor.status('Write file', 'completed');
  await expect(page.getByRole('link', { name: /open the run/i })).not.toHaveAttribute('href', address);
  await banner.getByRole('button', { name: 'Leave' }).click();
  await expect(banner).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
});

test('a workflow says what a crash means for its runs, and how many go at once', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'crash', 'Crash', [numbers, keep, file]);
  const editor = await open('crash');
  const form = page.getByRole('complementary', { name: 'Inspector' });
  await expect(form).toContainText('goes on by itself from what it had finished');
  await choose('After a crash', 'Ask first');
  await expect(form).toContainText('waits until somebody says whether to go on');
  await form.getByLabel('Runs at once').fill('2');
  await form.getByLabel('Priority').fill('-5');
  await form.getByLabel('Time limit of a run').fill('1 h 30 min');
  await editor.save();
  await expect.poll(() => saved('crash').settings).toEqual({ recovery: 'ask', maxConcurrentRuns: 2, priority: -5, timeoutMs: 5_400_000 });
});

test('a run that has to wait says what it waits behind', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'first', 'First', [{ ...numbers, config: { end: 4_000_000_000 } }, keep, { ...file, config: { path: 'output/first.csv' } }]);
  writeWorkflow(studio.folder, 'second', 'Second', [numbers, keep, { ...file, config: { path: 'output/second.csv' } }]);
  await goTo(page, 'settings');
  await page.getByLabel('Runs at once').fill('1');
  await page.getByLabel('Runs at once').press('Enter');
  const first = await open('first');
  await first.run();
  await first.status('Number sequence', 'running');
  const second = await open('second');
  await second.run();
  const header = page.locator('header').first();
  await expect(header).toContainText('Queued');
  await expect(header).toContainText('1 in the queue, 1 running');
  await open('first');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(header).toContainText('Cancelled');
  await open('second');
  await expect.poll(() => existsSync(join(studio.folder, 'output/second.csv'))).toBe(true);
  await goTo(page, 'settings');
  await page.getByLabel('Runs at once').fill('');
  await page.getByLabel('Runs at once').press('Enter');
});

test('a run whose worker is lost asks where it is told to, wherever one looks, and goes on', async () => {
  test.skip(process.platform !== 'linux', 'Finding the workers takes /proc.');
  const { page } = studio;
  writeWorkflow(studio.folder, 'asks', 'Asks', [{ ...numbers, config: { end: 4_000_000_000 } }, keep, { ...file, config: { path: 'output/asks.csv' } }]);
  const editor = await open('asks');
  await choose('After a crash', 'Ask first');
  await editor.run();
  await editor.status('Number sequence', 'running');
  for (const pid of workerProcesses()) process.kill(pid, 'SIGKILL');
  await expect(page.getByRole('status', { name: 'This run waits for your answer' })).toBeVisible();
  await editor.status('Number sequence', 'lost');
  await expect(page.getByRole('link', { name: 'Runs: 1 waits for an answer' })).toBeVisible();
  await goTo(page, 'library');
  await expect(page.getByRole('row').filter({ hasText: 'Asks' })).toContainText('Waiting for an answer');
  await open('asks');
  await page.getByRole('button', { name: 'Go on' }).click();
  await editor.status('Number sequence', 'running');
  await expect(page.getByRole('status', { name: 'This run waits for your answer' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.locator('header').first()).toContainText('Cancelled');
});

test('removes old runs when asked to, and says what went', async () => {
  const { page } = studio;
  writeWorkflow(studio.folder, 'often', 'Often', [numbers, keep, { ...file, config: { path: 'output/often.csv' } }]);
  const editor = await open('often');
  const ran = page.getByRole('link', { name: /open the run/i });
  await editor.run();
  await editor.status('Write file', 'completed');
  const address = (await ran.getAttribute('href')) ?? '';
  await editor.run();
  await expect(ran).not.toHaveAttribute('href', address);
  await editor.status('Write file', 'completed');
  await goTo(page, 'settings');
  await page.getByLabel('Keep at most').fill('1');
  await page.getByLabel('Keep at most').press('Enter');
  await page.getByRole('button', { name: 'Remove now' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('the latest 1 stay');
  await expect(dialog).toContainText('stay in the statistics');
  await dialog.getByRole('button', { name: 'Remove now' }).click();
  await expect(page.getByText(/^Removed [1-9]\d* runs? and 0 kept outputs$/).first()).toBeVisible();
  await goTo(page, 'runs');
  await expect(page.getByText(/^1 run$/).first()).toBeVisible();
});
