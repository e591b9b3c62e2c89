import { app, session, shell } from 'electron';
import { isOwnUrl, isSafeLink, WINDOW_URL } from './addresses.ts';

/** What the window may ask the system for: its clipboard and the whole screen. */
const PERMITTED: readonly string[] = ['clipboard-read', 'clipboard-sanitized-write', 'fullscreen'];

const isOwnOrigin = (origin: string): boolean => isOwnUrl(origin.replace(/\/$/, ''));

/** No page but the window's own is ever shown: navigation, new windows, webviews and permissions are refused. */
export function confineWindows(): void {
  app.on('web-contents-created', (_event, contents) => {
    // Loading itself again is the one navigation left to the page: its window asks for a new port then.
    contents.on('will-navigate', (event) => event.url.split('#')[0] === WINDOW_URL || event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (isSafeLink(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) => isOwnOrigin(origin) && PERMITTED.includes(permission));
  session.defaultSession.setPermissionRequestHandler((contents, permission, answer) => answer(isOwnUrl(contents.getURL()) && PERMITTED.includes(permission)));
}
