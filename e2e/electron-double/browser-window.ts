import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import type { BrowserContext, Page, Request, Route } from 'playwright-core';
import { app, PreventableEvent } from './app.ts';
import { screen } from './desktop.ts';
import { WebContents } from './web-contents.ts';

const required = { contextIsolation: true, sandbox: true, nodeIntegration: false } as const;

/** The page of a request; null for one that a page not yet made is asking for. */
function pageOf(request: Request): Page | null {
  try {
    return request.frame().page();
  } catch {
    return null;
  }
}

const taken = new WeakSet<Page>();

/** A page for a window: the one Chromium begins with, or that the last window left, or a new one. */
async function takeBlank(context: BrowserContext): Promise<Page> {
  const page = context.pages().find((one) => !taken.has(one)) ?? (await context.newPage());
  taken.add(page);
  return page;
}

/** Chromium ends with its last page, the app need not: it keeps an empty one for its next window. */
async function close(page: Page): Promise<void> {
  if (!app.isQuitting) await page.context().newPage();
  await page.close();
}

/** A window that nobody sees: its page is a real one, its place a number. */
export class BrowserWindow extends EventEmitter {
  static readonly #all: BrowserWindow[] = [];
  readonly webContents: WebContents;
  readonly #options: BrowserWindowConstructorOptions;
  readonly #page: Promise<Page>;
  #normal: Rectangle;
  #state: 'normal' | 'maximized' | 'minimized' = 'normal';
  #visible: boolean;
  #destroyed = false;
  #focused = false;
  #pageGone: Promise<void> | null = null;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    const preferences = options.webPreferences ?? {};
    for (const [key, value] of Object.entries(required)) {
      if (preferences[key as keyof typeof required] !== value) throw new Error(`The double runs only windows with ${key}: ${value}.`);
    }
    this.#options = options;
    this.#visible = options.show !== false;
    this.#normal = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.webContents = new WebContents(preferences.preload ?? '');
    this.#page = this.#open(app.chromium.context);
    BrowserWindow.#all.push(this);
    app.windows.add(this);
    app.emit('web-contents-created', new PreventableEvent(), this.webContents);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.#all.find((window) => window.#focused) ?? null;
  }

  async #open(context: BrowserContext): Promise<Page> {
    const page = await takeBlank(context);
    // Requests of other pages are a new window's, which nobody allowed.
    const guard = async (route: Route, request: Request): Promise<void> => {
      if (pageOf(request) === page) return route.fallback();
      await route.abort('aborted');
      if (request.isNavigationRequest()) this.webContents.onWindowOpen(request.url());
    };
    await context.route('**/*', guard);
    this.once('closed', () => void context.unroute('**/*', guard).catch(() => undefined));
    await this.webContents.attach(page);
    await page.setViewportSize(this.#bounds());
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    page.once('close', () => this.#gone());
    return page;
  }

  async loadURL(url: string): Promise<void> {
    await this.#page;
    await this.webContents.loadURL(url);
  }

  #bounds(): Rectangle {
    return this.#state === 'maximized' ? screen.getPrimaryDisplay().workArea : this.#normal;
  }

  async #fit(): Promise<void> {
    const page = await this.#page;
    const { width, height } = this.#bounds();
    // The window may close meanwhile; then there is nothing to fit.
    await page.setViewportSize({ width, height }).catch(() => undefined);
    if (!this.#destroyed) this.emit('resize');
  }

  getBounds(): Rectangle {
    return this.#bounds();
  }

  getNormalBounds(): Rectangle {
    return this.#normal;
  }

  setBounds(bounds: Partial<Rectangle>): void {
    const { minWidth = 0, minHeight = 0 } = this.#options;
    const wanted = { ...this.#normal, ...bounds };
    this.#normal = { ...wanted, width: Math.max(wanted.width, minWidth), height: Math.max(wanted.height, minHeight) };
    this.#state = 'normal';
    void this.#fit();
  }

  maximize(): void {
    this.#state = 'maximized';
    void this.#fit();
  }

  restore(): void {
    this.#state = 'normal';
    void this.#fit();
  }

  minimize(): void {
    this.#state = 'minimized';
  }

  isMaximized(): boolean {
    return this.#state === 'maximized';
  }

  isMinimized(): boolean {
    return this.#state === 'minimized';
  }

  isVisible(): boolean {
    return this.#visible;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  show(): void {
    this.#visible = true;
    this.#focused = true;
    this.emit('show');
  }

  focus(): void {
    this.#focused = true;
    this.emit('focus');
  }

  blur(): void {
    this.#focused = false;
    this.emit('blur');
  }

  /** Windows has messages of its own: nobody sends any here. */
  hookWindowMessage(): void {}

  isFocused(): boolean {
    return this.#focused;
  }

  close(): void {
    if (this.#destroyed) return;
    const event = new PreventableEvent();
    this.emit('close', event);
    if (event.defaultPrevented) return;
    const closing = this.#page;
    this.#leave();
    this.#pageGone = closing.then((page) => close(page)).catch(() => undefined);
  }

  /** After close(): resolves once its page has gone from the browser too. */
  async whenGone(): Promise<void> {
    await this.#pageGone;
  }

  /** The page went by itself: a person closed it. */
  #gone(): void {
    if (this.#destroyed) return;
    this.emit('close', new PreventableEvent());
    this.#leave();
    if (!app.isQuitting) void app.chromium.context.newPage().catch(() => undefined);
  }

  #leave(): void {
    this.#destroyed = true;
    BrowserWindow.#all.splice(BrowserWindow.#all.indexOf(this), 1);
    app.windows.delete(this);
    this.emit('closed');
    app.onWindowClosed();
  }
}
