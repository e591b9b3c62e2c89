import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { call } from './driver/call.ts';
import { keep, numbers, writeWorkflow } from './driver/workflows.ts';
import { launchOnDouble, runOnDouble, startOnDouble } from './electron-double/launch.ts';
import type { RunningApp } from './electron-double/launch.ts';

interface Away {
  readonly schedules: readonly { readonly workflowId: string; readonly count: number; readonly reason: string }[];
}

/** What the app is while nobody looks at it: its tray, its notifications, and what the machine tells it. On the Electron host alone. */
test.describe.configure({ mode: 'serial' });

let dataDir: string;
let app: RunningApp;
const config = (): string => join(dataDir, 'config');
const env = () => ({ XDG_CONFIG_HOME: config() });

const broken = { id: 'read', type: 'source', nodeType: 'file.csv', config: { path: 'missing.csv' } } as const;
const show = { id: 'show', type: 'sink', nodeType: 'console.log', config: { limit: 5 } } as const;

const items = async (): Promise<(string | null)[]> => ((await app.control('tray'))?.items ?? []).map((item) => item.label);
const titles = async (): Promise<string[]> => (await app.control('notifications')).map((one) => one.title);
const windows = async (): Promise<number> => (await app.control('windows')).length;
const place = async (): Promise<string> => new URL((await app.window()).url()).hash;
/** Goes to a place of the window, and waits until the main process knows. */
const go = async (to: string): Promise<void> => {
  await (await app.window()).evaluate((hash) => void (location.hash = hash), to);
  await expect.poll(async () => (await app.control('windows'))[0]?.url).toBe(`app://millrace/index.html${to}`);
};
const save = async (settings: Readonly<Record<string, unknown>>): Promise<unknown> => call(await app.window(), '/studio/saveSettings', settings);
const start = async (workflowId: string): Promise<string> => ((await call(await app.window(), '/runs/start', { workflowId })) as { readonly runId: string }).runId;

/** Writes the workflow's file with a schedule, as a person does in an editor of text; null takes it out. The studio hears of it. */
async function plan(id: string, schedule: Readonly<Record<string, unknown>> | null): Promise<void> {
  const path = join(dataDir, 'workflows', `${id}.json`);
  const { metadata: _old, ...workflow } = JSON.parse(readFileSync(path, 'utf8')) as { readonly metadata?: unknown };
  writeFileSync(path, JSON.stringify(schedule === null ? workflow : { ...workflow, metadata: { schedule: { timeZone: 'UTC', ...schedule } } }, null, 2));
  const known = async (): Promise<boolean> => {
    const { schedules } = (await call(await app.window(), '/schedules/list')) as { readonly schedules: readonly { readonly workflowId: string }[] };
    return schedules.some((one) => one.workflowId === id);
  };
  await expect.poll(known).toBe(schedule !== null);
}

test.beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-tray-'));
  const folder = join(dataDir, 'workflows');
  mkdirSync(folder, { recursive: true });
  writeWorkflow(folder, 'orders', 'Orders & bills', [numbers, keep, show]);
  for (const [id, name] of [['stock', 'Stock'], ['bills', 'Bills'], ['mail', 'Mail']] as const) writeWorkflow(folder, id, name, [broken, show]);
  app = await launchOnDouble({ dataDir, env: env() });
});
test.afterAll(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('has an icon in the tray, with a menu in the person’s language', async () => {
  await expect.poll(() => app.control('tray')).not.toBeNull();
  expect((await app.control('tray'))?.icon).toMatch(/resources.tray.color\.png$/);
  expect((await app.control('tray'))?.tooltip).toBe('Millrace\nNo run is scheduled');
  expect(await items()).toEqual(['No run is scheduled', 'Nothing is running', 'Pause all schedules', 'Open Millrace', 'Quit']);
  await save({ language: 'zh' });
  await expect.poll(items).toEqual(['没有已计划的运行', '没有正在运行的任务', '暂停所有计划', '打开 Millrace', '退出']);
  await save({ language: 'en' });
  await expect.poll(items).toContain('Quit');
});

test('tells of a failed run while the person is elsewhere; a click opens the run', async () => {
  await app.control('blur');
  const run = await start('stock');
  await expect.poll(titles).toEqual(['Stock failed']);
  const [notification] = await app.control('notifications');
  expect(notification?.body).toMatch(/\.$/);
  await app.control('clickNotification', 'Stock failed');
  await expect.poll(place).toBe(`#/runs/${run}`);
  expect(await windows()).toBe(1);
});

test('shows the last failures in the tray, each of which opens its run', async () => {
  await expect.poll(items).toContain('Stock · less than a minute ago');
  const failure = (await app.control('tray'))?.items.find((item) => item.label?.startsWith('Stock'));
  await go('#/library');
  await app.control('chooseInTray', failure?.id ?? '');
  await expect.poll(place).toBe(`#/runs/${failure?.id ?? ''}`);
});

test('shows what is running, and keeps the machine awake for it where that is allowed', async () => {
  const long = { id: 'count', type: 'source', nodeType: 'sequence.numbers', config: { start: 1, end: 4_000_000_000, step: 1 } } as const;
  writeWorkflow(join(dataDir, 'workflows'), 'long', 'Long', [long, { ...keep, config: { condition: 'value % 7 = 8' } }, show]);
  await expect.poll(() => start('long').catch(() => null)).not.toBeNull();
  await expect.poll(items).toContain('Long · less than a minute');
  expect(await app.control('blockers')).toEqual([]);
  await save({ keepAwake: true });
  expect(await app.control('blockers')).toEqual(['prevent-app-suspension']);
  await save({ keepAwake: false });
  expect(await app.control('blockers')).toEqual([]);
  await save({ keepAwake: true });
  const running = (await app.control('tray'))?.items.filter((item) => item.label?.startsWith('Long')) ?? [];
  for (const { id } of running) await call(await app.window(), '/runs/cancel', { runId: id });
  await expect.poll(() => app.control('blockers')).toEqual([]);
  await expect.poll(items).toContain('Nothing is running');
});

test('closing the window leaves the app, and the tray opens it again where it was', async () => {
  await go('#/settings');
  await app.control('setBounds', { x: 60, y: 70, width: 1200, height: 800 });
  await app.control('closeWindow');
  await expect.poll(windows).toBe(0);
  await app.control('clickTray');
  expect(await app.control('windows')).toMatchObject([{ bounds: { x: 60, y: 70, width: 1200, height: 800 } }]);
  expect(await place()).toBe('#/settings');
  await (await app.window()).close();
  await expect.poll(windows).toBe(0);
  await app.control('chooseInTray', 'open');
  expect(await call(await app.window(), '/studio/info')).toMatchObject({ host: 'electron' });
});

test('a second start opens the window, and one at login does not', async () => {
  await app.control('closeWindow');
  expect(await startOnDouble({ dataDir, args: ['--hidden'] }).exited).toBe(0);
  // Its word to the first one arrives a moment later.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(await windows()).toBe(0);
  expect(await startOnDouble({ dataDir }).exited).toBe(0);
  await expect.poll(windows).toBe(1);
});

test('starts at login by a file of the session, which goes when that is switched off', async () => {
  const autostart = join(config(), 'autostart');
  const files = (): string[] => (existsSync(autostart) ? readdirSync(autostart) : []);
  expect(files()).toEqual([]);
  await save({ startAtLogin: true });
  await expect.poll(files).toHaveLength(1);
  const text = readFileSync(join(autostart, files()[0] ?? ''), 'utf8');
  expect(text).toContain(`TryExec=${process.execPath}\n`);
  expect(text).toMatch(new RegExp(`^Exec=${process.execPath} .*--data-dir=${dataDir} --hidden$`, 'm'));
  await save({ startAtLogin: false });
  await expect.poll(files).toEqual([]);
});

test('tells nothing of a kind that is switched off, nor of the run that is looked at', async () => {
  const before = await titles();
  await app.control('blur');
  await save({ notifyFailed: false });
  await start('bills');
  await expect.poll(items).toContain('Bills · less than a minute ago');
  await save({ notifyFailed: true });
  // The editor shows its workflow's own runs: what fails there is seen.
  await app.control('clickTray');
  await go('#/edit/bills');
  await start('bills');
  await expect.poll(async () => (await items()).filter((label) => label?.startsWith('Bills'))).toHaveLength(2);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  await app.control('blur');
  await start('mail');
  await expect.poll(titles).toEqual([...before, 'Mail failed']);
});

test('shows the next run, and pauses and resumes all schedules', async () => {
  await plan('orders', { kind: 'interval', every: '9000d' });
  await expect.poll(async () => (await items())[0]).toMatch(/^Next: Orders && bills, in [\d,]+ days \(.+\)$/);
  expect((await app.control('tray'))?.tooltip).toMatch(/^Millrace\nNext: Orders & bills, in /);
  const paused = async () => ((await call(await app.window(), '/schedules/list')) as { readonly allPaused: { readonly note: string } | null }).allPaused;
  await app.control('chooseInTray', 'pauseAll');
  await expect.poll(items).toEqual(expect.arrayContaining(['All schedules are paused', 'Resume all schedules']));
  expect(await paused()).toMatchObject({ note: 'Paused from the tray.' });
  await app.control('chooseInTray', 'resumeAll');
  await expect.poll(items).toContain('Pause all schedules');
  expect(await paused()).toBeNull();
  await app.control('chooseInTray', 'next');
  await expect.poll(place).toBe('#/schedules');
});

test('a schedule fires with the window closed, and the tray opens it again', async () => {
  await save({ notifyCompleted: true });
  await plan('orders', { kind: 'interval', every: '2s' });
  await app.control('closeWindow');
  const runs = (await titles()).length;
  await expect.poll(async () => (await titles()).slice(runs)).toContainEqual(expect.stringMatching(/Orders & bills completed|runs of Orders & bills completed/));
  expect(await windows()).toBe(0);
  await app.control('clickTray');
  const { rows } = (await call(await app.window(), '/runs/list', { filter: { trigger: 'schedule' }, limit: 5 })) as { readonly rows: readonly { readonly workflowName: string; readonly status: string }[] };
  expect(rows[0]).toMatchObject({ workflowName: 'Orders & bills' });
  await save({ notifyCompleted: false });
  await plan('orders', null);
});

test('what sleep has missed is told of, asked about and recorded', async () => {
  await plan('orders', { kind: 'interval', every: '2s', graceSeconds: 1 });
  await app.control('blur');
  await app.control('power', 'suspend');
  await new Promise((resolve) => setTimeout(resolve, 7000));
  await app.control('power', 'resume');
  const away = async (): Promise<Away | null> => (await call(await app.window(), '/schedules/away')) as Away | null;
  await expect.poll(away).toMatchObject({ schedules: [{ workflowId: 'orders', reason: 'asleep' }] });
  const count = (await away())?.schedules[0]?.count ?? 0;
  expect(count).toBeGreaterThanOrEqual(2);
  await expect.poll(titles).toContainEqual(expect.stringMatching(/^\d+ runs of Orders & bills were missed$/));
  const title = (await titles()).find((one) => one.endsWith('were missed')) ?? '';
  await app.control('clickNotification', title);
  await expect.poll(place).toBe('#/schedules');
  await call(await app.window(), '/schedules/settleAway', { choices: { orders: 'skip' } });
  const missed = async () => ((await call(await app.window(), '/schedules/history', { scheduleId: 'orders', outcomes: ['missed'] })) as { readonly rows: readonly { readonly reason: string; readonly count: number }[] }).rows;
  await expect.poll(missed).toContainEqual(expect.objectContaining({ reason: 'asleep' }));
  await plan('orders', null);
});

test('a schedule that a failure has paused is told of', async () => {
  await app.control('blur');
  await plan('mail', { kind: 'interval', every: '1s', pauseOnFailure: true });
  await expect.poll(titles).toContain('The schedule of Mail is paused');
  await app.control('clickNotification', 'The schedule of Mail is paused');
  await expect.poll(place).toBe('#/schedules');
  await plan('mail', null);
});

test('quitting from the tray ends the app in order', async () => {
  await app.control('closeWindow');
  await app.control('chooseInTray', 'quit').catch(() => null);
  expect(await app.exited, app.output()).toBe(0);
});

test('started hidden it opens no window until it is asked to', async () => {
  await app.close();
  app = await runOnDouble({ dataDir, args: ['--hidden'], env: env() });
  await expect.poll(() => app.control('tray')).not.toBeNull();
  expect(await windows()).toBe(0);
  expect(await items()).toContainEqual(expect.stringMatching(/^Mail · /));
  await app.control('chooseInTray', 'open');
  expect(await windows()).toBe(1);
  await (await app.window()).getByRole('heading', { level: 1 }).first().waitFor();
});

test('where the desktop has no tray it says so once, and closing the window ends the app', async () => {
  await app.close();
  for (const told of [['This desktop has no tray'], []]) {
    app = await launchOnDouble({ dataDir, env: env(), tray: false });
    await call(await app.window(), '/studio/info');
    await expect.poll(titles).toEqual(told);
    expect(await app.control('tray')).toBeNull();
    await app.control('closeWindow').catch(() => null);
    expect(await app.exited, app.output()).toBe(0);
  }
});

test('where no tray comes up after login, a hidden start opens its window after all', async () => {
  app = await runOnDouble({ dataDir, args: ['--hidden'], env: env(), tray: false });
  expect(await windows()).toBe(0);
  await expect.poll(windows, { timeout: 45_000 }).toBe(1);
});

test('on macOS it stays without a window, and opens none when the system has started it', async () => {
  await app.close();
  app = await runOnDouble({ dataDir, env: env(), platform: 'darwin', atLogin: true, tray: false });
  await expect.poll(() => app.control('tray')).toMatchObject({ isTemplate: true });
  expect((await app.control('tray'))?.icon).toMatch(/millraceTemplate\.png$/);
  expect(await windows()).toBe(0);
  await app.control('chooseInTray', 'open');
  await save({ keepInTray: false });
  await app.control('closeWindow');
  expect(await windows()).toBe(0);
  await app.control('chooseInTray', 'open');
  expect(await call(await app.window(), '/studio/info')).toMatchObject({ platform: 'darwin' });
  await save({ keepInTray: true });
  expect(await app.close(), app.output()).toBe(0);
});

test('on Windows the system is told to start it at login, into the tray', async () => {
  await app.close();
  app = await launchOnDouble({ dataDir, env: env(), platform: 'win32' });
  await expect.poll(() => app.control('tray')).toMatchObject({ isTemplate: false });
  expect((await app.control('tray'))?.icon).toMatch(/on-light\.png$/);
  expect(await app.control('login')).toBeNull();
  await save({ startAtLogin: true });
  await expect.poll(() => app.control('login')).toMatchObject({ openAtLogin: true, path: process.execPath, args: [expect.any(String), `--data-dir=${dataDir}`, '--hidden'] });
  await save({ startAtLogin: false });
  await expect.poll(() => app.control('login')).toMatchObject({ openAtLogin: false });
});
