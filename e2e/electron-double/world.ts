import type { FromPage, ToPage } from './wire.ts';
import { fromText, toText } from './wire.ts';

/** The isolated world's name, the function it calls, and the one that is called in it. */
export const WORLD = 'Electron Isolated Context';
export const TO_MAIN = '__electronToMain';
export const TO_PAGE = '__electronToPage';

type Listener = (event: { readonly ports: readonly MessagePort[] }, ...args: readonly unknown[]) => void;

/** What `require('electron')` is in a sandboxed preload script. Runs in the page, from its own source text. */
function electronInPage(toMain: string, toPage: string, encode: typeof toText, decode: typeof fromText): { ipcRenderer: object } {
  const world = globalThis as unknown as Record<string, (text: string) => void>;
  const listeners = new Map<string, Listener[]>();
  const ports = new Map<number, MessagePort>();
  const post = (message: FromPage): void => world[toMain]?.(encode(message));
  // Main's end is bridged to one end of a real channel; the preload gets the other, and may hand it on to the page.
  const openPort = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', (event) => post({ kind: 'port', port: id, data: event.data as unknown }));
    port1.addEventListener('close', () => {
      ports.delete(id);
      post({ kind: 'portClosed', port: id });
    });
    port1.start();
    ports.set(id, port1);
    return port2;
  };
  world[toPage] = (text) => {
    const message = decode(text) as ToPage;
    if (message.kind === 'port') return ports.get(message.port)?.postMessage(message.data);
    if (message.kind === 'portClosed') return ports.get(message.port)?.close();
    const event = { ports: message.ports.map(openPort) };
    for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args);
  };
  const ipcRenderer = {
    send: (channel: string, ...args: readonly unknown[]) => post({ kind: 'ipc', channel, args }),
    on: (channel: string, listener: Listener) => void listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
  };
  return { ipcRenderer };
}

/** The script that Chromium runs in the isolated world of every document, before the page's own: the preload in its sandbox. */
export function preloadScript(preload: string): string {
  return `(() => {
    const electron = (${electronInPage.toString()})(${JSON.stringify(TO_MAIN)}, ${JSON.stringify(TO_PAGE)}, ${toText.toString()}, ${fromText.toString()});
    const require = (name) => {
      if (name === 'electron') return electron;
      throw new Error('module not found: ' + name + ' (a sandboxed preload has only electron here)');
    };
    const module = { exports: {} };
    ((require, module, exports) => { ${preload}
    })(require, module, module.exports);
  })();`;
}
