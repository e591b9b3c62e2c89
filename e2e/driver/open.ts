import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { findChromium } from '../electron-double/chromium.ts';
import { launchOnDouble } from '../electron-double/launch.ts';

export type Host = 'server' | 'electron';

export interface OpenedStudio {
  readonly page: Page;
  readonly dataDir: string;
  /** The folder of the person's workflow files. */
  readonly folder: string;
  close(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');
const VIEW = { width: 1440, height: 900 };
/** Electron's own binary, where it has been fetched. */
const electronBinary = join(root, 'node_modules/electron/dist', process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron');

async function openOnServer(dataDir: string): Promise<{ page: Page; close: () => Promise<void> }> {
  const server = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'serve', '--port', '0', '--data-dir', dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const link = /https?:\/\/\S+/.exec(line.toString())?.[0] ?? '';
  const browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const context = await browser.newContext({ viewport: VIEW, locale: 'en-US', permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(link);
  return {
    page,
    close: async () => {
      await browser.close();
      server.kill();
      if (server.exitCode === null) await once(server, 'exit');
    },
  };
}

/** What the desktop of the double is like, where it is not as usual. */
export interface Desktop {
  /** The keyring that seals secrets; without one there is none. */
  readonly keyring?: 'gnome_libsecret';
}

/** The real Electron where its binary is, else the double. */
async function openOnElectron(dataDir: string, { keyring }: Desktop): Promise<{ page: Page; close: () => Promise<void> }> {
  if (!existsSync(electronBinary)) {
    const app = await launchOnDouble({ dataDir, ...(keyring === undefined ? {} : { keyring }) });
    await app.page.setViewportSize(VIEW);
    return { page: app.page, close: async () => void (await app.close()) };
  }
  const app = await _electron.launch({ executablePath: electronBinary, args: [root, `--data-dir=${dataDir}`] });
  const page = await app.firstWindow();
  return { page, close: () => app.close() };
}

/** Opens the studio on a data folder: a new one, or one that an earlier studio left. */
export async function openStudio(host: Host, dataDir = mkdtempSync(join(tmpdir(), 'millrace-studio-')), desktop: Desktop = {}): Promise<OpenedStudio> {
  const folder = join(dataDir, 'workflows');
  mkdirSync(folder, { recursive: true });
  const { page, close } = await (host === 'server' ? openOnServer(dataDir) : openOnElectron(dataDir, desktop));
  page.setDefaultTimeout(20_000);
  await page
    .getByRole('heading', { name: 'Library' })
    .or(page.getByRole('button', { name: 'New workflow' }))
    // A dialog that asks at once hides the rest from a screen reader.
    .or(page.getByRole('dialog'))
    .first()
    .waitFor();
  return { page, dataDir, folder, close };
}

export const forget = (dataDir: string): void => rmSync(dataDir, { recursive: true, force: true });
