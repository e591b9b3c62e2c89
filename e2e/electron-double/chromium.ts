import { accessSync, constants, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { BrowserContext } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--remote-debugging-port=0'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The system's Chromium: the one MILLRACE_CHROMIUM names, or the first on the PATH; null where there is none. */
export function findChromium(): string | null {
  const named = process.env['MILLRACE_CHROMIUM'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable) ?? null;
}

export interface RunningChromium {
  readonly context: BrowserContext;
  /** Where another program may connect to the same browser. */
  readonly endpoint: string;
}

async function endpointIn(profile: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      const [port = ''] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
      if (port !== '') return `http://127.0.0.1:${port}`;
    } catch {
      // Not written yet.
    }
    await pause(25);
  }
  throw new Error('Chromium did not say where it listens.');
}

/** Opens Chromium without a screen, with a profile of its own. */
export async function startChromium(profile: string): Promise<RunningChromium> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium was found on the PATH: install it, or name it in MILLRACE_CHROMIUM.');
  rmSync(join(profile, 'DevToolsActivePort'), { force: true });
  const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, viewport: null, args: FLAGS });
  return { context, endpoint: await endpointIn(profile) };
}
