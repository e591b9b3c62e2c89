import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { App, LoginItemSettings, Settings } from 'electron';
import { startChromium } from './chromium.ts';
import type { RunningChromium } from './chromium.ts';
import { takeLock } from './single-instance.ts';

/** What app.quit() has to close first. */
export interface Closable {
  close(): void;
}

/** An event whose default can be prevented. */
export class PreventableEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly productName?: string;
}

/** What a test wants the app to believe once it is ready: see LaunchOptions. */
const pretended = () => ({ platform: process.env['MILLRACE_DOUBLE_PLATFORM'] ?? null, openedAtLogin: process.env['MILLRACE_DOUBLE_AT_LOGIN'] === 'yes' });

/** From here on the app believes to be on another system. What is made for the real one has to be loaded before. */
async function pretend(): Promise<void> {
  const { platform } = pretended();
  if (platform === null) return;
  const { default: Database } = await import('better-sqlite3');
  new Database(':memory:').close();
  Object.defineProperty(process, 'platform', { value: platform });
}

function appFolder(): string {
  let folder = dirname(process.argv[1] ?? '.');
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

class AppDouble extends EventEmitter {
  /** Windows that are open; a window enters and leaves by itself. */
  readonly windows = new Set<Closable>();
  readonly isPackaged = false;
  readonly #package = JSON.parse(readFileSync(join(appFolder(), 'package.json'), 'utf8')) as PackageJson;
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<void>();
  #login: Settings | null = null;
  #chromium: RunningChromium | null = null;
  #state: 'running' | 'quitting' | 'gone' = 'running';

  get chromium(): RunningChromium {
    if (this.#chromium === null) throw new Error('Not before the app is ready.');
    return this.#chromium;
  }

  /** What was set last; null while nothing was. */
  get login(): Settings | null {
    return this.#login;
  }

  /** Is it on its way out? */
  get isQuitting(): boolean {
    return this.#state !== 'running';
  }

  /** Called once the app's own module has been read: then its schemes and paths are known. */
  async start(): Promise<void> {
    if (this.#state !== 'running') return;
    this.#chromium = await startChromium(join(this.getPath('userData'), 'Chromium'));
    this.#chromium.context.once('close', () => this.exit(1));
    await pretend();
    this.emit('ready');
    this.#ready.resolve();
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  /** Every page of the double is in Chromium's own sandbox already, as far as the machine lets it be. */
  enableSandbox(): void {}

  isReady(): boolean {
    return this.#chromium !== null;
  }

  getName(): string {
    return this.#package.productName ?? this.#package.name;
  }

  getVersion(): string {
    return this.#package.version;
  }

  getAppPath(): string {
    return appFolder();
  }

  getLocale(): string {
    return (process.env['LANG'] ?? 'en-US').split('.')[0]?.replace('_', '-') ?? 'en-US';
  }

  getPath(name: string): string {
    const home = homedir();
    return this.#paths.get(name) ?? { home, appData: join(home, '.config'), userData: join(home, '.config', this.getName()) }[name] ?? join(home, name);
  }

  setPath(name: string, path: string): void {
    mkdirSync(path, { recursive: true });
    this.#paths.set(name, path);
  }

  getLoginItemSettings(): Pick<LoginItemSettings, 'openAtLogin' | 'wasOpenedAtLogin'> {
    return { openAtLogin: this.#login?.openAtLogin ?? false, wasOpenedAtLogin: pretended().openedAtLogin };
  }

  setLoginItemSettings(settings: Settings): void {
    this.#login = settings;
  }

  requestSingleInstanceLock(): boolean {
    return takeLock(this.getPath('userData'), (argv, folder) => this.emit('second-instance', new PreventableEvent(), argv, folder));
  }

  /** A window has gone. */
  onWindowClosed(): void {
    if (this.windows.size > 0 || this.#state === 'gone') return;
    if (this.#state === 'quitting') this.#finishQuit();
    else if (!this.emit('window-all-closed')) this.quit();
  }

  quit(): void {
    const event = new PreventableEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.#state = 'quitting';
    for (const window of this.windows) window.close();
    if (this.windows.size === 0) this.#finishQuit();
  }

  #finishQuit(): void {
    const event = new PreventableEvent();
    this.emit('will-quit', event);
    if (!event.defaultPrevented) this.exit(0);
  }

  exit(code = 0): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    this.emit('quit', new PreventableEvent(), code);
    void this.#leave(code);
  }

  async #leave(code: number): Promise<void> {
    await this.#chromium?.context.close().catch(() => undefined);
    process.exit(code);
  }
}

export const app = new AppDouble() satisfies Pick<App, 'whenReady' | 'isReady' | 'isPackaged' | 'getName' | 'getVersion' | 'getAppPath' | 'getLocale' | 'quit' | 'exit' | 'requestSingleInstanceLock' | 'setLoginItemSettings'>;

setImmediate(() => {
  app.start().catch((thrown: unknown) => {
    console.error(thrown);
    process.exit(1);
  });
});
process.on('SIGTERM', () => app.quit());
process.on('SIGINT', () => app.quit());
