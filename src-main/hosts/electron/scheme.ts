import { protocol } from 'electron';
import { contentPolicy, readWindowFile } from '../window-files.ts';
import { isOwnUrl } from './addresses.ts';

const SCHEME = 'app';

/** Must be called before the app is ready: that is when Chromium learns its schemes. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

/** Serves the built window from `windowDir`, under a policy that lets it reach nothing else. */
export function serveScheme(windowDir: string): void {
  const policy = contentPolicy([]);
  protocol.handle(SCHEME, async (request) => {
    const file = isOwnUrl(request.url) && request.method === 'GET' ? await readWindowFile(windowDir, new URL(request.url).pathname, policy) : null;
    return file === null ? new Response(null, { status: 404 }) : new Response(file.body, { status: 200, headers: file.headers });
  });
}
