import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

/** One file of the built window, with the headers it is served under: the same over HTTP and over Electron's own scheme. */
export interface WindowFile {
  readonly body: Buffer<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

const MIME: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/**
 * What the window may load and reach: its own files, and `connect` besides. Styles may stand inline, because the canvas and the
 * code field write theirs while they run; scripts may not.
 */
export const contentPolicy = (connect: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Headers that every answer to a window carries. */
export const GUARD_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** The file a URL's path names inside `root`; null for one that leads out of it or can't be decoded. */
function insideOf(root: string, urlPath: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\') || path.split('/').includes('..')) return null;
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`);
  return file.startsWith(resolve(root) + sep) ? file : null;
}

/** Reads a file of the built window. Null for anything that is not one. Names under assets/ hold a hash, so they are kept for ever. */
export async function readWindowFile(root: string, urlPath: string, policy: string): Promise<WindowFile | null> {
  const file = insideOf(root, urlPath);
  const type = file === null ? undefined : MIME[extname(file)];
  if (file === null || type === undefined) return null;
  const body = await readFile(file).catch(() => null);
  if (body === null) return null;
  return {
    body,
    headers: {
      ...GUARD_HEADERS,
      'content-type': type,
      'content-length': String(body.length),
      'content-security-policy': policy,
      'cache-control': urlPath.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  };
}
