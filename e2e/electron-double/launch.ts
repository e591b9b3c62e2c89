import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import type { ControlCall, ControlReply, Controls } from './control.ts';

export interface LaunchOptions {
  readonly dataDir: string;
  /** Further arguments of the app. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Has the desktop a tray? It has unless this says otherwise. */
  readonly tray?: boolean;
  /** The system that the app believes to be on once it is ready; and whether that has started it at login. */
  readonly platform?: 'darwin' | 'win32';
  readonly atLogin?: boolean;
  /** The keyring of the desktop, by Electron's name for it; none unless this says so. */
  readonly keyring?: 'gnome_libsecret' | 'kwallet6' | 'basic_text';
}

type Answer<K extends keyof Controls> = Promise<Awaited<ReturnType<Controls[K]>>>;

/** An app that runs, perhaps without a window. */
export interface RunningApp {
  /** The page of the window that is open, or opens within 10 s; loaded. */
  window(): Promise<Page>;
  readonly pid: number | undefined;
  /** Does to the app what a person at the desktop could, or looks at what it did there. */
  control<K extends keyof Controls>(name: K, ...args: Parameters<Controls[K]>): Answer<K>;
  /** What the main process wrote, to stdout and stderr. */
  output(): string;
  /** Quits as from the menu and returns the exit code. */
  close(): Promise<number | null>;
  /** The exit code, once the app has ended by itself. */
  readonly exited: Promise<number | null>;
}

export interface LaunchedApp extends RunningApp {
  /** The page of the window it opened with. */
  readonly page: Page;
}

const root = resolve(import.meta.dirname, '../..');
const register = resolve(import.meta.dirname, 'register.ts');

/** A folder for the PATH, whose `gdbus` answers for the desktop whether something shows tray icons. */
function desktopFolder(tray: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-desktop-'));
  const program = join(folder, 'gdbus');
  writeFileSync(program, tray ? "#!/bin/sh\necho '(<true>,)'\n" : '#!/bin/sh\nexit 1\n');
  chmodSync(program, 0o755);
  return folder;
}

/** Starts out/main/electron.js, as it is, with the double in Electron's place. */
export function startOnDouble({ dataDir, args = [], env = {}, tray = true, platform, atLogin = false, keyring = 'basic_text' }: LaunchOptions): { readonly child: ChildProcess; readonly output: () => string; readonly exited: Promise<number | null> } {
  const app = resolve(root, 'out/main/electron.js');
  const desktop = desktopFolder(tray);
  const path = `${desktop}${delimiter}${process.env['PATH'] ?? ''}`;
  const child = spawn(process.execPath, ['--import', register, app, `--data-dir=${dataDir}`, ...args], { cwd: root, env: { ...process.env, PATH: path, ...(platform === undefined ? {} : { MILLRACE_DOUBLE_PLATFORM: platform }), MILLRACE_DOUBLE_AT_LOGIN: atLogin ? 'yes' : 'no', MILLRACE_DOUBLE_KEYRING: keyring, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (written += text));
  const { promise: exited, resolve: end } = Promise.withResolvers<number | null>();
  child.once('exit', (code) => {
    rmSync(desktop, { recursive: true, force: true });
    end(code);
  });
  return { child, output: () => written, exited };
}

function controlOf(child: ChildProcess, output: () => string): RunningApp['control'] {
  let last = 0;
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  child.on('message', (message) => {
    const reply = message as ControlReply;
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) one?.reject(new Error(reply.error));
    else one?.resolve(reply.value);
  });
  child.once('exit', (code) => {
    for (const one of waiting.values()) one.reject(new Error(`The app ended with exit code ${code}.\n${output()}`));
  });
  return (name, ...args) => {
    const call: ControlCall = { id: (last += 1), name, args };
    const answer = Promise.withResolvers<unknown>();
    waiting.set(call.id, answer);
    child.send(call, (error) => error && answer.reject(error));
    return answer.promise as Answer<typeof name>;
  };
}

async function windowPage(browser: Browser): Promise<Page> {
  for (let tries = 0; tries < 400; tries += 1) {
    const page = browser.contexts().flatMap((context) => context.pages()).find((one) => one.url().includes('.app.invalid/'));
    // One that has just been closed may still be in the list; it does not answer.
    const answers = await page?.evaluate(() => true).catch(() => false);
    if (page !== undefined && answers === true) return page;
    await pause(25);
  }
  throw new Error('The app opened no window.');
}

/** Starts the built app on the double. */
export async function runOnDouble(options: LaunchOptions): Promise<RunningApp> {
  const { child, output, exited } = startOnDouble(options);
  const control = controlOf(child, output);
  const browser = await chromium.connectOverCDP(await control('endpoint'));
  return {
    window: async () => {
      const page = await windowPage(browser);
      await page.waitForLoadState('load');
      return page;
    },
    pid: child.pid,
    control,
    output,
    exited,
    close: async () => {
      const killing = setTimeout(() => child.kill('SIGKILL'), 20_000);
      if (child.exitCode === null) await control('quit').catch(() => null);
      const code = await exited;
      clearTimeout(killing);
      await browser.close().catch(() => undefined);
      return code;
    },
  };
}

/** Opens the built app on the double and waits for its window. For the suite's driver. */
export async function launchOnDouble(options: LaunchOptions): Promise<LaunchedApp> {
  const app = await runOnDouble(options);
  return { ...app, page: await app.window() };
}
