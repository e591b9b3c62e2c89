import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { call } from './driver/call.ts';
import { launchOnDouble, startOnDouble } from './electron-double/launch.ts';
import type { LaunchedApp } from './electron-double/launch.ts';

/** The Electron host itself, on the double: what no other host has. What the window does is in the other suites. */
test.describe.configure({ mode: 'serial' });

let dataDir: string;
let app: LaunchedApp;

test.beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-electron-'));
  app = await launchOnDouble({ dataDir });
});
test.afterAll(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('shows one window, isolated from Node and from the preload', async () => {
  expect(await app.control('windows')).toMatchObject([{ url: 'app://millrace/index.html', visible: true }]);
  const seen = await app.page.evaluate(() => ['require', 'process', 'module', 'Buffer', '__electronToMain', '__electronToPage'].filter((name) => name in globalThis));
  expect(seen).toEqual([]);
});

test('answers the contract over its port, errors as code and sentence', async () => {
  expect(await call(app.page, '/studio/info')).toMatchObject({ host: 'electron', nativeDialogs: true, dataDir });
  expect(await call(app.page, '/runs/get', { runId: 'none' })).toMatchObject({ code: 'not_found', status: 404, data: { code: 'not_found', place: 'none' } });
});

test('runs no script that is not its own, and reaches no other address', async () => {
  const ran = await app.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ranInline = true';
    document.body.append(script);
    return 'ranInline' in window;
  });
  expect(ran).toBe(false);
  expect(await app.page.evaluate(() => fetch('https://example.org/').then(() => 'reached', () => 'refused'))).toBe('refused');
});

test('leaves its page for none, and hands only https links to the browser', async () => {
  const follow = (href: string, target: string): Promise<void> =>
    app.page.evaluate(
      ([address, where]) => {
        const link = document.createElement('a');
        link.href = address;
        link.target = where;
        document.body.append(link);
        link.click();
        link.remove();
      },
      [href, target] as const,
    );
  await follow('https://example.org/away', '_self');
  await follow('http://example.org/plain', '_blank');
  await follow('https://example.org/docs', '_blank');
  await expect.poll(async () => (await app.control('desktop')).openedLinks).toEqual(['https://example.org/docs']);
  expect(await app.control('windows')).toMatchObject([{ url: 'app://millrace/index.html' }]);
});

test('sends what is chosen in the native menu to the window', async () => {
  const heard = app.page.evaluate(
    () =>
      new Promise((resolve) => {
        window.addEventListener('message', (event: MessageEvent<{ readonly type?: string; readonly id?: string }>) => event.data.type === 'millrace:command' && resolve(event.data.id));
      }),
  );
  // The page listens once its evaluation has begun.
  await app.page.evaluate(() => 1);
  await app.control('clickMenu', 'view.runs');
  expect(await heard).toBe('view.runs');
});

test('speaks the language of Settings in its menu', async () => {
  await call(app.page, '/studio/saveSettings', { language: 'zh', theme: 'dark' });
  const labels = async (): Promise<(string | null)[]> => (await app.control('menu')).map((item) => item.label);
  await expect.poll(labels).toContain('保存');
  expect(await app.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
  await call(app.page, '/studio/saveSettings', { language: 'en', theme: 'system' });
  await expect.poll(labels).toContain('Save');
});

test('asks with the system’s dialogs', async () => {
  await app.control('answerDialog', '/data/orders.csv');
  expect(await call(app.page, '/files/pick', { mode: 'open', extensions: ['csv'] })).toEqual({ path: '/data/orders.csv' });
  expect(await call(app.page, '/files/pick', { mode: 'folder' })).toEqual({ path: null });
  expect((await app.control('desktop')).dialogs).toMatchObject([{ properties: ['openFile'], filters: [{ extensions: ['csv'] }, {}] }, { properties: ['openDirectory', 'createDirectory'] }]);
});

test('runs a workflow in its utility processes', async () => {
  const workflow = {
    formatVersion: 1,
    id: 'numbers',
    name: 'Numbers',
    nodes: [
      { id: 'count', type: 'source', nodeType: 'sequence.numbers', config: { start: 1, end: 100_000, step: 1 } },
      { id: 'show', type: 'sink', nodeType: 'console.log', config: { limit: 5 } },
    ],
    edges: [{ id: 'e1', source: 'count', target: 'show' }],
  };
  const { runId } = (await call(app.page, '/runs/start', { workflow })) as { readonly runId: string };
  const run = (): Promise<unknown> => call(app.page, '/runs/get', { runId });
  await expect.poll(run).toMatchObject({ status: 'completed', trigger: { kind: 'manual' }, nodes: { count: { rowsOut: { out: 100_000 } }, show: { rowsIn: 100_000 } } });
});

test('gets a new port when it is loaded again', async () => {
  await app.page.reload();
  expect(await call(app.page, '/studio/info')).toMatchObject({ host: 'electron' });
});

test('is one instance a data folder: a second start shows the first', async () => {
  const second = startOnDouble({ dataDir });
  expect(await second.exited).toBe(0);
  expect(await app.control('windows')).toHaveLength(1);
});

test('opens where it was closed', async () => {
  await app.control('setBounds', { x: 40, y: 50, width: 1100, height: 700 });
  const code = await app.close();
  expect(code, app.output()).toBe(0);
  expect(JSON.parse(readFileSync(join(dataDir, 'window.json'), 'utf8'))).toEqual({ bounds: { x: 40, y: 50, width: 1100, height: 700 }, maximized: false });
  app = await launchOnDouble({ dataDir });
  expect(await app.control('windows')).toMatchObject([{ bounds: { x: 40, y: 50, width: 1100, height: 700 } }]);
});

test('closing the window ends the app where it is not to stay in the tray', async () => {
  await call(app.page, '/studio/saveSettings', { keepInTray: false });
  await app.page.close();
  const code = await app.exited;
  expect(code, app.output()).toBe(0);
  app = await launchOnDouble({ dataDir });
  await call(app.page, '/studio/saveSettings', { keepInTray: true });
});

test('says so, and ends, when another process has the data folder', async () => {
  const held = mkdtempSync(join(tmpdir(), 'millrace-held-'));
  const server = spawn(process.execPath, [join(import.meta.dirname, '../out/main/server.js'), '--port', '0', '--data-dir', held], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'data');
  const second = startOnDouble({ dataDir: held });
  expect(await second.exited).toBe(1);
  expect(second.output()).toMatch(/^Millrace: .*(another|other).*\.$/m);
  server.kill();
  await once(server, 'exit');
  rmSync(held, { recursive: true, force: true });
});
