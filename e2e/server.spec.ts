import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findChromium } from './electron-double/chromium.ts';

/** The server host's door, tried with a real browser: what it keeps, and what a page of somebody else gets. */
test.describe.configure({ mode: 'serial' });

let dataDir: string;
let server: ChildProcess;
let link: URL;
let browser: Browser;
let context: BrowserContext;
let stranger: Server;

test.beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-server-'));
  server = spawn(process.execPath, [join(import.meta.dirname, '../out/main/server.js'), '--port', '0', '--data-dir', dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(server.stdout!, 'data')) as [Buffer];
  link = new URL(line.toString().trim());
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox'] });
  context = await browser.newContext();
  stranger = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<h1>A page of somebody else</h1>')).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
});
test.afterAll(async () => {
  await browser.close();
  stranger.close();
  server.kill();
  await once(server, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
});

/** What a page gets of the studio: its calls, and its WebSocket. */
const tryCalls = (page: Page): Promise<unknown> =>
  page.evaluate(async (port) => {
    const socket = new Promise((resolve) => {
      const opened = new WebSocket(`ws://${location.hostname}:${port}/rpc`);
      opened.addEventListener('open', () => resolve('open'));
      opened.addEventListener('error', () => resolve('refused'));
    });
    const call = fetch(`http://${location.hostname}:${port}/api/info`, { credentials: 'include' });
    return [await call.then((answer) => answer.status, () => 'refused'), await socket];
  }, link.port);

for (const name of ['127.0.0.1', 'localhost']) {
  test(`the link opens the window under ${name}, and the token leaves the address`, async () => {
    const page = await context.newPage();
    await page.goto(link.href.replace('127.0.0.1', name));
    expect(page.url()).toBe(`http://${name}:${link.port}/`);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(await tryCalls(page)).toEqual([200, 'open']);
    await page.close();
  });
}

test('a page of another server on this machine gets nothing, though the browser has the cookie', async () => {
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
  expect(await tryCalls(page)).toEqual(['refused', 'refused']);
  await page.close();
});

test('a browser without the link sees a sentence, not the window', async () => {
  const fresh = await browser.newContext();
  const page = await fresh.newPage();
  expect((await page.goto(`${link.origin}/`))?.status()).toBe(401);
  await expect.poll(() => page.locator('body').textContent()).toContain('serve');
  await fresh.close();
});
