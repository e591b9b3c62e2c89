import type { Page } from 'playwright-core';

/**
 * Loads the window anew and listens to everything its studio says from then on: frames of its WebSocket, messages of its port.
 * Answers how to get all of it as one text.
 */
export async function hear(page: Page): Promise<() => Promise<string>> {
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(payload.toString())));
  await page.addInitScript(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const listen = Reflect.get(MessagePort.prototype, 'addEventListener') as (this: MessagePort, kind: string, listener: (event: Event) => void) => void;
    const hearToo = function (this: MessagePort, kind: string, listener: (event: Event) => void): void {
      if (kind === 'message') listen.call(this, kind, (event) => (event instanceof MessageEvent ? heard.push(typeof event.data === 'string' ? event.data : JSON.stringify(event.data)) : undefined));
      listen.call(this, kind, listener);
    };
    Object.assign(MessagePort.prototype, { addEventListener: hearToo });
  });
  await page.reload();
  return async () => [...frames, ...(await page.evaluate(() => (window as unknown as { heard: string[] }).heard))].join('\n');
}

/** Everything a page holds that could be read out of it: its text and attributes, what stands in its fields, what it has stored. */
export const held = (page: Page): Promise<string> =>
  page.evaluate(() => [document.documentElement.outerHTML, ...[...document.querySelectorAll<HTMLInputElement>('input, textarea')].map((field) => field.value), JSON.stringify(Object.entries(localStorage)), JSON.stringify(Object.entries(sessionStorage))].join('\n'));
