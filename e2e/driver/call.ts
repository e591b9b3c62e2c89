import type { Page } from 'playwright-core';

/** A call over a port of its own, as oRPC writes it, so that nothing of the window's code is needed. The window has asked for its own before. */
export async function call(page: Page, path: string, input?: unknown): Promise<unknown> {
  await page.locator('h1, .react-flow').first().waitFor();
  return page.evaluate(
    ([url, json]) =>
      new Promise((resolve) => {
        const onPort = (event: MessageEvent<{ readonly type?: string }>): void => {
          const port = event.ports[0];
          if (event.data.type !== 'millrace:port' || port === undefined) return;
          window.removeEventListener('message', onPort);
          // Should this be the port that the window asked for: its own answers pass by, and it stays open.
          const id = `test ${Math.random()}`;
          port.addEventListener('message', ({ data }: MessageEvent<string>) => {
            const answer = JSON.parse(data) as { readonly i: string; readonly p: { readonly b: { readonly json: unknown } } };
            if (answer.i === id) resolve(answer.p.b.json);
          });
          port.start();
          port.postMessage(JSON.stringify({ i: id, p: { u: url, b: { json } } }));
        };
        window.addEventListener('message', onPort);
        window.postMessage({ type: 'millrace:want-port' }, '*');
      }),
    [path, input] as const,
  );
}
