import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { StudioError, toErrorInfo } from '#shared/errors';
import { STATUS_OF } from '../../api/errors.ts';
import type { ApiContext } from '../../api/context.ts';
import type { Studio } from '../../studio-types.ts';
import { contentPolicy, GUARD_HEADERS, readWindowFile } from '../window-files.ts';
import { refuseUpgrade, sendError, sendUnauthorized } from './answers.ts';
import { LARGEST_REQUEST, restCalls, windowCalls } from './calls.ts';
import { checkCaller, checkOrigin, hasToken, tokenCookie } from './guard.ts';
import type { Door } from './guard.ts';
import { readOrMakeToken, sameToken } from './token.ts';

export interface ServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host?: '127.0.0.1';
  /** Made and kept in the data folder where it is left out. */
  readonly token?: string;
  /** The folder of the built window. */
  readonly windowDir: string;
  readonly now?: () => number;
  readonly onUnexpected?: (thrown: unknown) => void;
}

export interface RunningServer {
  /** Opens the window: it holds the token, which the first answer puts into a cookie. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Ends every connection; the studio stays open. */
  close(): Promise<void>;
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const taken = error.code === 'EADDRINUSE';
    reject(new StudioError('io', taken ? `Port ${port} is taken by another program.` : `The server could not listen on port ${port}.`, { remedy: 'Choose another with --port, or 0 for a free one.', detail: error.message, cause: error }));
  });
  server.listen(port, host, resolve);
  await promise;
  return (server.address() as AddressInfo).port;
}

/** A first visit: `?token=…` becomes a cookie and leaves the address bar. */
function welcome(url: URL, response: ServerResponse, door: Door): boolean {
  const given = url.searchParams.get('token');
  if (given === null || !sameToken(given, door.token)) return false;
  url.searchParams.delete('token');
  // Two slashes at the beginning would name another host.
  response.writeHead(303, { ...GUARD_HEADERS, location: `${url.pathname.replace(/^\/+/, '/')}${url.search}`, 'set-cookie': tokenCookie(door), 'cache-control': 'no-store' });
  response.end();
  return true;
}

/** The studio on 127.0.0.1: the window's files, its calls over a WebSocket at /rpc, and REST under /api. */
export async function startServer(studio: Studio, options: ServerOptions): Promise<RunningServer> {
  const token = options.token ?? (await readOrMakeToken(studio.info.dataDir));
  const context: ApiContext = {
    studio,
    dialogs: null,
    trigger: { kind: 'manual' },
    now: options.now ?? Date.now,
    onUnexpected: options.onUnexpected ?? ((thrown) => console.error(thrown)),
  };
  const onSocket = windowCalls(context);
  const rest = restCalls(context);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_REQUEST, perMessageDeflate: false });
  const server = createServer();
  const door: Door = { token, port: await listen(server, options.port, options.host ?? '127.0.0.1') };
  const policy = contentPolicy([`ws://127.0.0.1:${door.port}`, `ws://localhost:${door.port}`]);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    checkOrigin(request, door);
    // Joined, not resolved: the path "//elsewhere" is no address of another host.
    const url = URL.parse(`http://127.0.0.1:${door.port}${request.url}`);
    if (url === null) return sendError(response, 400, { code: 'invalid_input', message: 'This is no address.' });
    const isCall = url.pathname.startsWith('/api/');
    if (!isCall && request.method === 'GET' && welcome(url, response, door)) return;
    if (!hasToken(request, door)) return sendUnauthorized(response, request.headers.accept ?? '');
    if (isCall) {
      checkCaller(request);
      return rest(request, response, url.pathname);
    }
    const file = request.method === 'GET' || request.method === 'HEAD' ? await readWindowFile(options.windowDir, url.pathname, policy) : null;
    if (file === null) return sendError(response, 404, { code: 'not_found', message: 'There is nothing here.', place: url.pathname });
    response.writeHead(200, file.headers);
    response.end(request.method === 'HEAD' ? undefined : file.body);
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    try {
      checkOrigin(request, door);
      checkCaller(request);
    } catch (thrown) {
      return refuseUpgrade(socket, '403 Forbidden', toErrorInfo(thrown));
    }
    if (!hasToken(request, door)) return refuseUpgrade(socket, '401 Unauthorized');
    if (request.url !== '/rpc') return refuseUpgrade(socket, '404 Not Found', { code: 'not_found', message: 'There is nothing here.', remedy: 'Connect to /rpc.' });
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', () => opened.terminate());
      onSocket(opened);
    });
  };

  server.on('request', (request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      const info = toErrorInfo(thrown);
      if (info.code === 'internal') context.onUnexpected(thrown);
      if (response.headersSent) response.destroy();
      else sendError(response, STATUS_OF[info.code], info.code === 'internal' ? { code: 'internal', message: 'Something went wrong inside Millrace.' } : info);
    });
  });
  server.on('upgrade', upgrade);

  return {
    url: `http://127.0.0.1:${door.port}/?token=${token}`,
    port: door.port,
    token,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
    },
  };
}
