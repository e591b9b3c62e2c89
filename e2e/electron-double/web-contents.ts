import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { CDPSession, Page, Route } from 'playwright-core';
import { fromChromium, toChromium } from './addresses.ts';
import { app, PreventableEvent } from './app.ts';
import { nativeTheme, permissions, schemes } from './desktop.ts';
import { ipcMain } from './ipc.ts';
import type { MessagePortMain } from './ports.ts';
import { sendPortAway } from './ports.ts';
import { fromText, toText } from './wire.ts';
import type { FromPage, ToPage } from './wire.ts';
import { preloadScript, TO_MAIN, TO_PAGE, WORLD } from './world.ts';

type OpenHandler = (details: { readonly url: string }) => { readonly action: 'deny' };

/** One page of Chromium as the main process sees it: its navigation guarded, its preload in an isolated world, its messages carried. */
export class WebContents extends EventEmitter {
  readonly #preload: string;
  #page: Page | null = null;
  #cdp: CDPSession | null = null;
  #world: number | null = null;
  #openHandler: OpenHandler | null = null;
  /** The one address that loadURL asked for: a navigation to it is not the page's own. */
  #expected: string | null = null;
  #nextPort = 1;
  readonly #ports = new Map<number, MessagePortMain>();

  constructor(preload: string) {
    super();
    this.#preload = preload;
  }

  /** Takes over a fresh page. */
  async attach(page: Page): Promise<void> {
    this.#page = page;
    const cdp = await page.context().newCDPSession(page);
    this.#cdp = cdp;
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === WORLD) this.#world = context.id;
    });
    cdp.on('Runtime.executionContextsCleared', () => this.#dropPage());
    cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === TO_MAIN) this.#receive(fromText(payload) as FromPage);
    });
    page.on('close', () => this.#dropPage());
    page.on('load', () => this.emit('did-finish-load'));
    await page.route('**/*', async (route) => {
      // A page that closes takes its open requests with it.
      await this.#answer(route).catch((thrown: unknown) => page.isClosed() || console.error(thrown));
    });
    await cdp.send('Runtime.enable');
    await cdp.send('Page.enable');
    const { userAgent } = await cdp.send('Browser.getVersion');
    await cdp.send('Emulation.setUserAgentOverride', { userAgent: `${userAgent.replace('HeadlessChrome', 'Chrome')} ${app.getName()}/${app.getVersion()} Electron/45` });
    await cdp.send('Runtime.addBinding', { name: TO_MAIN, executionContextName: WORLD });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: preloadScript(readFileSync(this.#preload, 'utf8')), worldName: WORLD });
    await this.#followTheme(page);
  }

  async #followTheme(page: Page): Promise<void> {
    const apply = (): Promise<void> => page.emulateMedia({ colorScheme: nativeTheme.themeSource === 'system' ? null : nativeTheme.themeSource });
    const onTheme = (): void => void apply().catch(() => undefined);
    nativeTheme.on('updated', onTheme);
    page.once('close', () => nativeTheme.off('updated', onTheme));
    await apply();
  }

  async loadURL(url: string): Promise<void> {
    if (this.#page === null) throw new Error('The page is not there yet.');
    const target = toChromium(url);
    const granted = ['clipboard-read', 'clipboard-sanitized-write'].filter((permission) => permissions.check?.(null, permission, `${new URL(url).origin}/`) ?? true);
    const names = granted.map((permission) => (permission === 'clipboard-read' ? permission : 'clipboard-write'));
    await this.#page.context().grantPermissions(names, { origin: new URL(target).origin });
    // Another place of the same page is not asked for: what stands after # stays in the browser.
    const isSamePage = target.split('#')[0] === this.#page.url().split('#')[0];
    this.#expected = isSamePage ? null : target.split('#')[0] ?? target;
    await this.#page.goto(target, { waitUntil: 'commit' });
  }

  getURL(): string {
    return fromChromium(this.#page?.url() ?? '');
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  send(channel: string, ...args: readonly unknown[]): void {
    this.#post({ kind: 'ipc', channel, args, ports: [] });
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    const ports = transfer.map((port) => {
      const id = this.#nextPort;
      this.#nextPort += 1;
      const other = sendPortAway(port, { deliver: (data) => this.#post({ kind: 'port', port: id, data }), closed: () => this.#post({ kind: 'portClosed', port: id }) });
      this.#ports.set(id, other);
      return id;
    });
    this.#post({ kind: 'ipc', channel, args: [message], ports });
  }

  #post(message: ToPage): void {
    if (this.#world === null || this.#cdp === null) return;
    const expression = `${TO_PAGE}(${JSON.stringify(toText(message))})`;
    // A page that has gone meanwhile takes no message: its ports have been told.
    this.#cdp.send('Runtime.evaluate', { expression, contextId: this.#world }).catch(() => undefined);
  }

  #receive(message: FromPage): void {
    if (message.kind === 'port') return this.#ports.get(message.port)?.deliver(message.data);
    if (message.kind === 'portClosed') {
      this.#ports.get(message.port)?.closed();
      this.#ports.delete(message.port);
      return;
    }
    const frame = { url: this.getURL(), parent: null, postMessage: this.postMessage.bind(this) };
    ipcMain.emit(message.channel, { sender: this, senderFrame: frame, ports: [] }, ...message.args);
  }

  #dropPage(): void {
    this.#world = null;
    for (const port of this.#ports.values()) port.closed();
    this.#ports.clear();
  }

  /** May this main-frame navigation go on? A reload may without asking; Chromium's own cannot be told from the page's. */
  #mayNavigate(url: string): boolean {
    if (url.split('#')[0] === this.#expected || url === this.#page?.url()) return true;
    const event = Object.assign(new PreventableEvent(), { url: fromChromium(url) });
    this.emit('will-navigate', event, event.url);
    return !event.defaultPrevented;
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const url = fromChromium(request.url());
    const isMain = request.isNavigationRequest() && request.frame() === this.#page?.mainFrame();
    if (isMain && !this.#mayNavigate(request.url())) return route.abort('aborted');
    if (isMain) this.#expected = null;
    const handler = schemes.handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) return route.abort('blockedbyclient');
    const response = await handler(new Request(url, { method: request.method(), headers: request.headers() }));
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) });
  }

  /** A link or window.open asked for another window. */
  onWindowOpen(url: string): void {
    const answer = this.#openHandler?.({ url: fromChromium(url) });
    if (answer?.action !== 'deny') throw new Error('The double opens no second window: the handler must deny it.');
  }
}
