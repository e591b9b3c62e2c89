import { app, session, shell } from 'electron';
import { isOwnUrl } from './scheme.ts';

/** What the window may ask the system for: its clipboard and the whole screen. */
const PERMITTED: readonly string[] = ['clipboard-read', 'clipboard-sanitized-write', 'fullscreen'];

/** Is this a link that may be handed to the person's browser? Web addresses only, and none that carries a name and password. */
export function isSafeLink(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === '';
}

const isOwnOrigin = (origin: string): boolean => isOwnUrl(origin.replace(/\/$/, ''));

/** No page but the window's own is ever shown: navigation, new windows, webviews and permissions are refused. */
export function confineWindows(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (isSafeLink(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) => isOwnOrigin(origin) && PERMITTED.includes(permission));
  session.defaultSession.setPermissionRequestHandler((contents, permission, answer) => answer(isOwnUrl(contents.getURL()) && PERMITTED.includes(permission)));
}
