import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { editorOf, goTo } from './driver/editor.ts';
import { suiteStudio } from './driver/suite.ts';
import { file, numbers, writeWorkflow } from './driver/workflows.ts';

/** A workflow is given schedules in the editor. Each test has a workflow of its own. */
const studio = suiteStudio();

const fileOf = (id: string) => JSON.parse(readFileSync(join(studio.folder, `${id}.json`), 'utf8')) as { metadata: { schedule?: Record<string, unknown> | Record<string, unknown>[]; owner?: string } };
const scheduleIn = (id: string) => fileOf(id).metadata.schedule;

/** A workflow with these schedules in its file, open in the editor. */
async function open(id: string, metadata: Record<string, unknown> = {}, query = ''): Promise<ReturnType<typeof editorOf>> {
  const { page } = studio;
  const path = writeWorkflow(studio.folder, id, id, [numbers, file]);
  const written = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...written, metadata }, null, 2));
  await goTo(page, 'library');
  await expect(page.locator(`a[href="#/edit/${id}"]`)).toBeVisible();
  await goTo(page, `edit/${id}${query}`);
  await page.locator('.react-flow__node').first().waitFor();
  return editorOf(page);
}

const form = () => studio.page.getByRole('complementary', { name: 'Schedule', exact: true });
const field = (label: string) => form().getByLabel(label, { exact: true });
const times = () => form().getByRole('region', { name: 'Next ten times' });
/** The time of a day, and below it what the clock does to it. */
const timeOf = (day: string) => times().getByRole('row').filter({ has: studio.page.getByRole('rowheader', { name: day }) });

async function choose(label: string, option: string): Promise<void> {
  await form().getByRole('combobox', { name: label, exact: true }).click();
  await studio.page.getByRole('option', { name: option, exact: true }).click();
}

test('every weekday from a preset: a sentence, ten times, a mistake that is told where it is, saved and taken back', async () => {
  const { page } = studio;
  const editor = await open('weekdays', { owner: 'ops' });
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await form().getByRole('button', { name: 'Every weekday at 08:00' }).click();
  await expect(field('Cron expression')).toHaveValue('0 8 * * 1-5');
  await expect(form()).toContainText('Every weekday at 08:00 (');
  await expect(form()).toContainText('Takes effect when you save.');
  await expect(times().getByRole('rowheader')).toHaveCount(10);
  await expect(form().getByRole('button', { name: 'Saturday' })).toHaveAttribute('aria-pressed', 'false');

  await field('Cron expression').fill('0 8 * * 1-9');
  await expect(form().locator('[data-mistake]')).toHaveText('9');
  await expect(form().getByRole('alert')).toContainText('broken at character 11');
  await expect(page.getByRole('button', { name: 'Schedule: Schedule is broken' })).toBeVisible();
  await expect(times()).toHaveCount(0);

  await field('Cron expression').fill('30 6 * * 1-5');
  await expect(form().locator('[data-mistake]')).toHaveCount(0);
  await expect(field('At')).toHaveValue('06:30');
  await expect(times().getByRole('row').first()).toContainText('06:30');

  await editor.save();
  await expect.poll(() => scheduleIn('weekdays')).toMatchObject({ kind: 'cron', expression: '30 6 * * 1-5' });
  expect(scheduleIn('weekdays')).toHaveProperty('timeZone');
  expect(fileOf('weekdays').metadata.owner).toBe('ops');
  await expect(form()).toContainText(/In force\. Next run .*06:30/);

  const undo = page.getByRole('button', { name: /^Undo schedule/ });
  while ((await undo.count()) > 0) await undo.click();
  await expect(form()).toContainText('When should this run by itself?');
  await page.getByRole('button', { name: /^Redo schedule/ }).click();
  await expect(field('Cron expression')).toHaveValue('0 8 * * 1-5');
});

test('the builder and the expression follow each other', async () => {
  await open('builder', { schedule: { kind: 'cron', expression: '0 8 * * 1-5', timeZone: 'UTC' } }, '?schedule=');
  await form().getByRole('button', { name: 'Saturday' }).click();
  await expect(field('Cron expression')).toHaveValue('0 8 * * 1-6');
  await field('At').fill('17:45');
  await expect(field('Cron expression')).toHaveValue('45 17 * * 1-6');
  await choose('Runs', 'Monthly');
  await choose('On', 'Last weekday (Mon–Fri)');
  await expect(field('Cron expression')).toHaveValue('45 17 LW * *');
  await field('Cron expression').fill('0 */6 * * *');
  await expect(form().getByRole('combobox', { name: 'Runs', exact: true })).toHaveText('Hourly');
  await field('Cron expression').fill('0 8 15W * *');
  await expect(form().getByRole('combobox', { name: 'Runs', exact: true })).toHaveText('By a cron expression');
  await field('Cron expression').fill('0 0 30 2 *');
  await expect(form()).toContainText('Never runs');
});

test('the clock of another zone, found by its city, with the day on which it is moved', async () => {
  const { page } = studio;
  // Los Angeles goes forward on the second Sunday of March.
  const year = new Date().getUTCFullYear() + 1;
  const sunday = 14 - new Date(Date.UTC(year, 2, 14)).getUTCDay();
  const startAt = new Date(Date.UTC(year, 2, sunday - 2, 12)).toISOString();
  await open('zones', { schedule: { kind: 'cron', expression: '30 2 * * *', timeZone: 'UTC', startAt } }, '?schedule=');
  await field('Time zone').click();
  await page.keyboard.type('los angeles');
  await page.keyboard.press('Enter');
  await expect(field('Time zone')).toHaveValue('America/Los_Angeles');
  await expect(form()).toContainText('America/Los Angeles');
  await expect(timeOf(`${sunday} Mar ${year}`)).toContainText('03:00');
  await expect(timeOf(`${sunday + 1} Mar ${year}`)).toContainText('02:30');
  await expect(times()).toContainText('Clock goes forward and skips this time: runs right after');
  await field('Cron expression').fill('30 12 * * *');
  await expect(timeOf(`${sunday} Mar ${year}`)).toContainText('12:30');
  await expect(times()).toContainText('Clock goes forward on this day');
});

test('several schedules: a link to one, its policies, another one, and one deleted', async () => {
  const { page } = studio;
  const morning = { kind: 'cron', expression: '0 8 * * *', timeZone: 'UTC', label: 'Morning', team: 'a' };
  const editor = await open('several', { schedule: [morning, { kind: 'interval', every: '1h', timeZone: 'UTC', key: 'hourly', label: 'Hourly check' }] }, '?schedule=hourly');
  await expect(form().getByRole('button', { name: 'Hourly check' })).toHaveAttribute('aria-current', 'true');
  await field('Every').fill('90 min');
  await choose('The run before is still going', 'Let one time wait');
  await choose('Times were missed (asleep, switched off)', 'Run all of them');
  await field('At most').fill('5');
  await form().getByRole('switch', { name: 'Pause after a failure' }).click();
  await form().getByRole('button', { name: 'Add a schedule' }).click();
  await page.getByRole('menuitem', { name: 'When files arrive in a folder' }).click();
  await expect(field('File or folder')).toBeFocused();
  await page.keyboard.type('inbox');
  await editor.save();
  await expect.poll(() => scheduleIn('several')).toEqual([
    { ...morning },
    { key: 'hourly', label: 'Hourly check', kind: 'interval', every: '90m', timeZone: 'UTC', overlap: 'bufferOne', misfire: 'all', misfireMax: 5, pauseOnFailure: true },
    expect.objectContaining({ key: '3', kind: 'watch', path: 'inbox', events: ['added'] }),
  ]);
  await form().getByRole('button', { name: 'Morning' }).click();
  await form().getByRole('switch', { name: 'Switched on' }).click();
  await field('Why it is off').fill('Holidays');
  await form().getByRole('button', { name: 'Hourly check' }).click();
  await form().getByRole('button', { name: 'Delete this schedule' }).click();
  await editor.save();
  await expect.poll(() => scheduleIn('several')).toEqual([{ ...morning, enabled: false, note: 'Holidays' }, expect.objectContaining({ key: '3', path: 'inbox' })]);
});

test('a pause is told with its note, and ended from the form', async () => {
  const { page } = studio;
  await open('halted', { schedule: { kind: 'cron', expression: '0 8 * * *', timeZone: 'UTC', label: 'Halted' } });
  await goTo(page, 'schedules');
  await page.getByRole('grid', { name: 'Schedules' }).getByRole('row').filter({ hasText: 'Halted' }).getByRole('button', { name: 'Pause…' }).click();
  await page.getByRole('dialog').getByLabel('Note').fill('The shop is closed');
  await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
  await goTo(page, 'edit/halted');
  await page.getByRole('button', { name: /^Schedule: Paused · Every day at 08:00/ }).click();
  await expect(form()).toContainText('Paused: The shop is closed');
  await form().getByRole('button', { name: 'Resume' }).click();
  await expect(form()).toContainText(/In force\. Next run .*08:00/);
  await expect(page.getByRole('button', { name: /^Schedule: Every day at 08:00/ })).toBeVisible();
});

test('a schedule is made without a mouse', async () => {
  const { page } = studio;
  await open('by-keys');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('schedule…');
  await page.keyboard.press('Enter');
  await expect(form()).toBeFocused();
  // Past the button that closes it, to the third preset.
  for (let n = 0; n < 4; n++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(form().getByRole('combobox', { name: 'Runs', exact: true })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('7:15');
  await expect(field('Cron expression')).toHaveValue('15 7 * * *');
  await page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => scheduleIn('by-keys')).toMatchObject({ kind: 'cron', expression: '15 7 * * *' });
  await form().getByRole('button', { name: 'Close the schedule' }).press('Enter');
  await expect(page.getByRole('button', { name: /^Schedule: Every day at 07:15/ })).toBeFocused();
});

test('a problem of a schedule leads to its field, and a node takes the place of the form', async () => {
  const editor = await open('problem', { schedule: { kind: 'cron', expression: '0 8 * * 1-5', timeZone: 'Europe/Zurihc', catchupWindow: '5s' } });
  await expect(studio.page.getByRole('button', { name: 'Schedule: Schedule is broken' })).toBeVisible();
  await editor.tab('Problems').click();
  await editor.panel.getByRole('button', { name: /Europe\/Zurihc.*Schedule · timeZone/ }).click();
  await expect(field('Time zone')).toBeFocused();
  await editor.panel.getByRole('button', { name: /catchupWindow/ }).click();
  await expect(field('Forget what was missed longer ago than')).toBeFocused();
  await field('Forget what was missed longer ago than').fill('7 d');
  await field('Time zone').click();
  await studio.page.keyboard.type('zurich');
  await studio.page.keyboard.press('Enter');
  await expect(editor.panel.getByText('No problems')).toBeVisible();
  await editor.select('Write file');
  await expect(form()).toHaveCount(0);
  await expect(editor.field('File')).toBeVisible();
});

test('what the desktop does for schedules is set in Settings, and told where there is no desktop', async ({}, info) => {
  const { page } = studio;
  await goTo(page, 'settings');
  const desktop = info.project.metadata['host'] === 'electron';
  const completed = page.getByRole('switch', { name: 'A run completed' });
  if (desktop) {
    await expect(page.getByText('runs as a server')).toHaveCount(0);
    await completed.click();
    const kept = join(studio.dataDir, 'settings.json');
    await expect.poll((): unknown => (existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : null)).toMatchObject({ notifyCompleted: true, notifyFailed: true });
    await completed.click();
    await expect(completed).not.toBeChecked();
  } else {
    await expect(page.getByText('This studio runs as a server')).toHaveCount(2);
    for (const name of ['Stay in the tray when the window closes', 'Start at login', 'Keep the computer awake while something runs', 'A run failed', 'Runs were missed', 'A run waits for an answer', 'A failure paused a schedule', 'A run completed']) {
      await expect(page.getByRole('switch', { name })).toBeDisabled();
    }
  }
});
