import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { call } from './driver/call.ts';
import { keep, numbers, writeWorkflow } from './driver/workflows.ts';
import { launchOnDouble, runOnDouble, startOnDouble } from './electron-double/launch.ts';
import type { RunningApp } from './electron-double/launch.ts';

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
const save = async (settings: Readonly<Record<string, unknown>>): Promise<unknown> => call(await app.window(), '/studio/saveSettings', settings);
const start = async (workflowId: string): Promise<string> => ((await call(await app.window(), '/runs/start', { workflowId })) as { readonly runId: string }).runId;

test.beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-tray-'));
  const folder = join(dataDir, 'workflows');
  mkdirSync(folder, { recursive: true });
  writeWorkflow(folder, 'orders', 'Orders & bills', [numbers, keep, show]);
  writeWorkflow(folder, 'stock', 'Stock', [broken, show]);
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
  await (await app.window()).evaluate(() => void (location.hash = '#/library'));
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
  await (await app.window()).evaluate(() => void (location.hash = '#/settings'));
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
  await save({ notifyFailed: false });
  await app.control('blur');
  const run = await start('stock');
  await expect.poll(items).toContain('Stock · less than a minute ago');
  await save({ notifyFailed: true });
  await (await app.window()).evaluate((id) => void (location.hash = `#/runs/${id}`), run);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await titles()).toEqual(before);
});

test('quitting from the tray ends the app in order', async () => {
  await app.control('closeWindow');
  await app.control('chooseInTray', 'quit').catch(() => null);
  expect(await app.exited, app.output()).toBe(0);
});

test('started hidden it opens no window until it is asked to', async () => {
  app = await runOnDouble({ dataDir, args: ['--hidden'], env: env() });
  await expect.poll(() => app.control('tray')).not.toBeNull();
  expect(await windows()).toBe(0);
  expect((await items()).filter((label) => label?.startsWith('Stock'))).toHaveLength(2);
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
