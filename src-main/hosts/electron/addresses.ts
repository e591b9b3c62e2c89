/** The window's own origin: a scheme with a host, so that it is a real, secure origin with a content policy, unlike file://. */
export const WINDOW_ORIGIN = 'app://millrace';

/** The one page there is. */
export const WINDOW_URL = `${WINDOW_ORIGIN}/index.html`;

/** Is this address one of the window's own files? */
export const isOwnUrl = (url: string): boolean => url === WINDOW_ORIGIN || url.startsWith(`${WINDOW_ORIGIN}/`);

/** Is this a link that may be handed to the person's browser? Web addresses only, and none that carries a name and password. */
export function isSafeLink(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === '';
}
