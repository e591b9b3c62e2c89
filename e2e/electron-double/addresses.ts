import { schemes } from './desktop.ts';

/**
 * Chromium knows no scheme of the app's own, so `app://millrace/x` is loaded as `https://millrace.app.invalid/x`: a real, secure origin
 * that no network answers for.
 */
export function toChromium(url: string): string {
  const [, scheme = '', host = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  if (!schemes.privileged.has(scheme)) throw new Error(`${url}: the double loads only schemes that were registered.`);
  return `https://${host}.${scheme}.invalid${rest}`;
}

/** The other direction; addresses of the web stay as they are. */
export function fromChromium(url: string): string {
  const [whole, host = '', scheme = ''] = /^https:\/\/([^/?#]*)\.([^./?#]+)\.invalid(?=[/?#]|$)/.exec(url) ?? [];
  return whole === undefined ? url : `${scheme}://${host}${url.slice(whole.length)}`;
}
