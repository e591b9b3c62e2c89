import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorInfo } from '#shared/errors';
import { GUARD_HEADERS } from '../window-files.ts';

const WANTS_TOKEN: ErrorInfo = {
  code: 'permission',
  message: 'This studio wants its token.',
  remedy: 'Open the link that `serve` printed, or send the header "Authorization: Bearer <token>".',
};

const page = (): string => `<!doctype html><meta charset="utf-8"><title>Millrace</title>
<body style="font: 16px/1.6 system-ui, sans-serif; max-width: 36rem; margin: 20vh auto; padding: 0 1rem; color-scheme: light dark">
<h1 style="font-size: 1.3rem">Millrace</h1>
<p>This studio wants its token. Open the whole link that <code>serve</code> printed, the part after “?” too.</p>
<p lang="zh-CN">需要访问令牌。请打开 <code>serve</code> 打印的完整链接，包括“?”之后的部分。</p>`;

/** Answers with an error in the form that the contract's calls use. */
export function sendError(response: ServerResponse, status: number, info: ErrorInfo): void {
  response.writeHead(status, { ...GUARD_HEADERS, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', connection: 'close' });
  response.end(JSON.stringify(info));
}

/** 401: as a page for a person, as JSON for a program. */
export function sendUnauthorized(response: ServerResponse, accept: string): void {
  if (!accept.includes('text/html')) {
    response.setHeader('www-authenticate', 'Bearer');
    sendError(response, 401, WANTS_TOKEN);
    return;
  }
  response.writeHead(401, { ...GUARD_HEADERS, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" });
  response.end(page());
}

/** Refuses an upgrade before it is one. */
export function refuseUpgrade(socket: Duplex, status: string, info: ErrorInfo = WANTS_TOKEN): void {
  const body = JSON.stringify(info);
  socket.end(`HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}
