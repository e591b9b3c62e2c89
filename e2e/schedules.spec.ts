import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { Page } from 'playwright-core';
import { goTo } from './driver/editor.ts';
import { forget, openStudio } from './driver/open.ts';
import type { Host, OpenedStudio } from './driver/open.ts';
import { keep, numbers, writeWorkflow } from './driver/workflows.ts';

/** Schedules as they stand in the files: listed, paused and resumed, run now, missed and run after all, seen in the calendar. */
test.describe.configure({ mode: 'serial' });

const show = { id: 'show', type: 'sink', nodeType: 'console.log', config: {}, label: 'Show' } as const;

/** Puts a schedule into a workflow's file, as a person with a text editor would. */
function schedule(folder: string, id: string, definition: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[]): void {
  const path = join(folder, `${id}.json`);
  const workflow = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...workflow, metadata: { schedule: definition } }, null, 2));
}

let studio: OpenedStudio;
let host: Host;

test.beforeAll(async ({}, info) => {
  host = info.project.metadata['host'] as Host;
  studio = await openStudio(host);
});
test.afterAll(async () => {
  await studio.close();
  forget(studio.dataDir);
});
test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) await studio.page.screenshot({ path: info.outputPath('failure.png') });
});

const list = (page: Page) => page.getByRole('grid', { name: 'Schedules' });
const row = (page: Page, name: string) => list(page).getByRole('row').filter({ hasText: name });
const view = (page: Page, name: string) => page.getByRole('radiogroup', { name: 'View' }).getByRole('radio', { name }).click();
const history = (page: Page) => page.getByRole('table', { name: 'History' }).getByRole('row');

test('without a schedule the place leads on to the library', async () => {
  const { page } = studio;
  await page.getByRole('link', { name: 'Schedules' }).click();
  await expect(page.getByRole('heading', { name: 'No schedule yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Open the library' }).click();
  await expect(page.getByRole('heading', { name: 'Start with a template, or an empty canvas' })).toBeVisible();
});

test('a schedule in a workflow file is listed, with what it means and when it runs next', async () => {
  const { page, folder } = studio;
  writeWorkflow(folder, 'report', 'Morning report', [numbers, keep, show]);
  writeWorkflow(folder, 'sync', 'Warehouse sync', [numbers, keep, show]);
  schedule(folder, 'report', { kind: 'cron', expression: '0 8 * * 1-5', timeZone: 'Asia/Tokyo', label: 'Weekdays' });
  schedule(folder, 'sync', [
    { kind: 'interval', every: '15m', timeZone: 'UTC', key: 'often', label: 'Often' },
    { kind: 'manual', key: 'hand', label: 'On demand' },
  ]);
  await goTo(page, 'schedules');
  await expect(row(page, 'Morning report')).toContainText('Weekdays');
  await expect(row(page, 'Morning report')).toContainText(/08:00/);
  await expect(row(page, 'Morning report')).toContainText('Tokyo');
  await expect(row(page, 'Often')).toContainText('Scheduled');
  await expect(row(page, 'Often')).toContainText(/in \d+ (min|sec)|now/);
  await expect(row(page, 'On demand')).toContainText('By hand');
  await page.getByRole('searchbox', { name: 'Search schedules' }).fill('tokyo');
  await expect(list(page).getByRole('row')).toHaveCount(2);
  await page.getByRole('searchbox', { name: 'Search schedules' }).fill('');
  await page.getByRole('group', { name: 'Status' }).getByRole('button', { name: /By hand/ }).click();
  await expect(list(page).getByRole('row')).toHaveCount(2);
  await page.getByRole('group', { name: 'Status' }).getByRole('button', { name: /By hand/ }).click();
  await goTo(page, 'library');
  await expect(page.getByRole('row').filter({ hasText: 'Warehouse sync' })).toContainText(/in \d+ (min|sec)|now/);
});

test('a file whose schedule cannot be read is shown with the place of the mistake', async () => {
  const { page, folder } = studio;
  writeWorkflow(folder, 'broken', 'Broken clock', [numbers, keep, show]);
  schedule(folder, 'broken', { kind: 'cron', expression: '0 25 * * *', timeZone: 'UTC' });
  await goTo(page, 'schedules');
  const refused = page.getByRole('status', { name: /can’t be read/ });
  await expect(refused).toContainText('Broken clock');
  await expect(refused).toContainText('character 3');
  await refused.getByRole('link', { name: 'Put it right' }).click();
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('#/edit/broken');
  schedule(folder, 'broken', { kind: 'cron', expression: '0 5 * * *', timeZone: 'UTC' });
  await goTo(page, 'schedules');
  await expect(row(page, 'Broken clock')).toContainText('Scheduled');
  await expect(refused).toHaveCount(0);
});

test('schedules are paused with a note and resumed, one by one and several', async () => {
  const { page } = studio;
  await row(page, 'Morning report').getByRole('button', { name: 'Pause…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Note').fill('The shop is closed');
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(row(page, 'Morning report')).toContainText('Paused');
  await expect(row(page, 'Morning report')).toContainText('The shop is closed');
  await page.reload();
  await row(page, 'Morning report').getByRole('button', { name: 'Resume' }).click();
  await expect(row(page, 'Morning report')).toContainText('Scheduled');
  await page.getByRole('checkbox', { name: 'Select Morning report: Weekdays' }).check();
  await page.getByRole('checkbox', { name: 'Select Warehouse sync: Often' }).check();
  const chosen = page.getByRole('region', { name: '2 selected' });
  await chosen.getByRole('button', { name: 'Pause…' }).click();
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(row(page, 'Paused')).toHaveCount(2);
  await page.getByRole('checkbox', { name: 'Select all that are listed' }).check();
  await page.getByRole('region', { name: /selected/ }).getByRole('button', { name: 'Resume' }).click();
  await expect(row(page, 'Paused')).toHaveCount(0);
});

test('all are paused together, which is said until they are resumed', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Pause all…' }).click();
  await page.getByRole('dialog').getByLabel('Note').fill('Moving house');
  await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
  const banner = page.getByRole('status', { name: /^All schedules have been paused since/ });
  await expect(banner).toContainText('Moving house');
  await expect(row(page, 'Morning report')).toContainText('While all are paused: no run');
  await banner.getByRole('button', { name: 'Resume all' }).click();
  await expect(banner).toHaveCount(0);
  await expect(row(page, 'Morning report')).toContainText(/08:00/);
});

test('the workflow of a schedule runs now', async () => {
  const { page } = studio;
  await row(page, 'On demand').getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('button', { name: 'Show run' }).first().click();
  await expect(page.locator('header').getByText('Completed', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Warehouse sync' })).toBeVisible();
});

test('what passed during a pause is in the history, and runs after all', async () => {
  const { page, folder } = studio;
  writeWorkflow(folder, 'quick', 'Quick count', [numbers, keep, show]);
  schedule(folder, 'quick', { kind: 'interval', every: '2s', timeZone: 'UTC', label: 'Each moment' });
  await goTo(page, 'schedules');
  await expect(row(page, 'Quick count')).toContainText('Completed', { timeout: 30_000 });
  await row(page, 'Quick count').getByRole('button', { name: 'Pause…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(row(page, 'Quick count')).toContainText('Paused');
  // A few of its times pass.
  await wait(5000);
  await row(page, 'Quick count').getByRole('button', { name: 'Resume' }).click();
  await expect(row(page, 'Quick count')).not.toContainText('Paused');
  // Only what was missed is looked at: it goes on meanwhile.
  schedule(folder, 'quick', { kind: 'interval', every: '1d', timeZone: 'UTC', label: 'Each moment' });
  await expect(row(page, 'Quick count')).toContainText('Every 24 hours');
  await view(page, 'History');
  await page.getByRole('group', { name: 'Outcome' }).getByRole('button', { name: 'Missed' }).click();
  const missed = history(page).filter({ hasText: 'It was paused' }).filter({ hasText: 'Quick count' });
  await expect(missed.first()).toContainText(/\d times/);
  const before = await missed.count();
  await missed.first().getByRole('button', { name: 'Run missed…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Latest only' }).click();
  await expect(page.getByText('1 run will start, one after the other', { exact: true })).toBeVisible();
  await page.getByRole('group', { name: 'Outcome' }).getByRole('button', { name: 'Missed' }).click();
  await expect(history(page).filter({ hasText: 'Quick count' }).filter({ hasText: 'Because somebody asked' })).toHaveCount(1, { timeout: 30_000 });
  expect(before).toBe(1);
});

test('a run leads back to the schedule that asked for it, and says what time it was for', async () => {
  const { page } = studio;
  await history(page).filter({ hasText: 'Quick count' }).filter({ hasText: 'On time' }).first().getByRole('link', { name: 'Show run' }).click();
  const facts = page.getByRole('complementary').filter({ hasText: 'Scheduled for' });
  await facts.getByRole('link', { name: 'Schedule' }).click();
  await expect(list(page).getByRole('row')).toHaveCount(2);
  await expect(row(page, 'Quick count')).toBeVisible();
});

test('the calendar shows what was and what is to come, day, week and month', async () => {
  const { page } = studio;
  await goTo(page, 'schedules/calendar');
  const calendar = page.getByRole('group', { name: 'Week' });
  await expect(calendar.getByRole('link', { name: /every 15 min/ }).first()).toBeVisible();
  await expect(calendar.getByRole('button', { name: /^Show / })).toHaveCount(7);
  await expect(calendar.locator('[aria-current="date"]')).toHaveCount(1);
  const span = page.getByRole('radiogroup', { name: 'Days shown' });
  await span.getByRole('radio', { name: 'Day' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Quick count' }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Later' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Broken clock' })).toHaveCount(1);
  await page.getByRole('button', { name: 'Today' }).click();
  await span.getByRole('radio', { name: 'Month' }).click();
  const month = page.getByRole('grid', { name: 'Month' });
  await expect(month.getByRole('gridcell')).toHaveCount(42);
  await month.locator('[aria-current="date"]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listitem').filter({ hasText: 'Quick count' }).first()).toBeVisible();
  await span.getByRole('radio', { name: 'Week' }).click();
});

test('while you were away: one dialog asks, once, and its answer is followed', async () => {
  test.setTimeout(150_000);
  const { folder, dataDir } = studio;
  writeWorkflow(folder, 'tide', 'Tide table', [numbers, keep, show]);
  writeWorkflow(folder, 'moon', 'Moon table', [numbers, keep, show]);
  // Rare enough that none is missed while the test looks, often enough that some are while it waits.
  const often = { kind: 'interval', every: '4s', timeZone: 'UTC', graceSeconds: 0, misfire: 'all' };
  schedule(folder, 'tide', often);
  schedule(folder, 'moon', { ...often, misfire: 'last' });
  await goTo(studio.page, 'schedules');
  await expect(row(studio.page, 'Tide table')).toContainText('Completed', { timeout: 30_000 });
  await expect(row(studio.page, 'Moon table')).toContainText('Completed', { timeout: 30_000 });
  await studio.close();
  await wait(13_000);
  studio = await openStudio(host, dataDir);
  const { page } = studio;
  const dialog = page.getByRole('dialog', { name: 'While you were away' });
  await expect(dialog).toContainText(/Without an answer, each schedule’s own policy decides in \d+ s/);
  await expect(dialog).toContainText('Millrace was not running');
  const tide = dialog.getByRole('radiogroup', { name: 'What becomes of Tide table' });
  const moon = dialog.getByRole('radiogroup', { name: 'What becomes of Moon table' });
  await expect(tide.getByRole('radio', { name: 'Run all' })).toBeChecked();
  await expect(moon.getByRole('radio', { name: 'Latest only' })).toBeChecked();
  await dialog.getByRole('radiogroup', { name: 'For all of them' }).getByRole('radio', { name: 'Skip' }).click();
  await expect(tide.getByRole('radio', { name: 'Skip' })).toBeChecked();
  await moon.getByRole('radio', { name: 'Run all' }).click();
  await expect(tide.getByRole('radio', { name: 'Skip' })).toBeChecked();
  // Put away, it does not come back by itself; the place still leads to it.
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.reload();
  await goTo(page, 'schedules');
  await page.getByRole('status', { name: 'Runs were missed while you were away' }).getByRole('button', { name: 'Decide…' }).click();
  await tide.getByRole('radio', { name: 'Skip' }).click();
  await moon.getByRole('radio', { name: 'Run all' }).click();
  await dialog.getByRole('button', { name: 'Decide now' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row(page, 'Tide table')).toBeVisible();
  const ranLate = history(page).filter({ hasText: /Caught up|Because somebody asked/ });
  await goTo(page, 'schedules/history?schedule=moon');
  await page.getByRole('group', { name: 'Outcome' }).getByRole('button', { name: 'Ran' }).click();
  await expect(ranLate.nth(1)).toBeVisible({ timeout: 30_000 });
  await goTo(page, 'schedules/history?schedule=tide');
  await page.getByRole('group', { name: 'Outcome' }).getByRole('button', { name: 'Missed' }).click();
  await expect(history(page).filter({ hasText: /\d times/ }).first()).toBeVisible();
  await page.getByRole('group', { name: 'Outcome' }).getByRole('button', { name: 'Missed' }).click();
  await expect(history(page).filter({ hasText: 'On time' }).first()).toBeVisible();
  await expect(ranLate).toHaveCount(0);
});
