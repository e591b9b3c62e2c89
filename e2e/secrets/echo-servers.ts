import { createServer as createHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createTcp } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Servers that say back whatever they are told to log in with, in every way that servers do. */
export interface EchoServers {
  readonly http: string;
  readonly postgresql: number;
  readonly redis: number;
  readonly close: () => Promise<void>;
}

const listening = (server: Server, sockets: Set<Socket>): Promise<number> =>
  new Promise((resolve) => {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** What came in: as it is, decoded, and encoded again. */
function echoes(request: IncomingMessage, body: string): Readonly<Record<string, string>> {
  const { authorization = '', 'x-api-key': key = '' } = request.headers;
  const login = authorization.startsWith('Basic ') ? Buffer.from(authorization.slice(6), 'base64').toString('utf8') : `${authorization.replace('Bearer ', '')}${String(key)}`;
  const address = new URL(request.url ?? '/', 'http://echo').searchParams.get('key') ?? '';
  const password = login.slice(login.indexOf(':') + 1);
  return {
    authorization, login, password, address, url: request.url ?? '', body,
    percent: encodeURIComponent(password), form: new URLSearchParams({ password }).toString(), hex: Buffer.from(password).toString('hex'), base64: Buffer.from(password).toString('base64'), json: JSON.stringify({ password }), twice: JSON.stringify(JSON.stringify({ password })),
  };
}

/** What is answered to a request: a status and a text. */
function answerTo(url: URL, said: Readonly<Record<string, string>>, token: string): readonly [status: number, text: string] {
  switch (url.pathname) {
    case '/token':
      return [200, JSON.stringify({ access_token: token, expires_in: 3600, token_type: 'Bearer' })];
    case '/no-token':
      return [401, JSON.stringify({ error: 'invalid_client', error_description: `wrong: ${said['password'] ?? ''} ${said['body'] ?? ''}` })];
    case '/refuse':
      // Each on its own, as a failure shows only the beginning of an answer.
      return [401, said[url.searchParams.get('as') ?? ''] ?? ''];
    default:
      return [200, JSON.stringify([said, { ...said, password: `cut: ${'x'.repeat(30)}${said['password'] ?? ''}` }])];
  }
}

function httpServer(token: string): Server {
  return createHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://echo');
      const said = echoes(request, Buffer.concat(chunks).toString('utf8'));
      const [status, text] = answerTo(url, said, token);
      response.writeHead(status, { 'content-type': url.pathname === '/refuse' ? 'text/plain' : 'application/json', server: `echo ${said['password']?.replaceAll(/[^\x20-\x7E]/gu, '') ?? ''}` }).end(text);
    });
  });
}

/** As PostgreSQL frames what it says. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

/** Asks for the password in clear, and refuses it by its name. */
function postgresqlServer(): Server {
  return createTcp((socket) => {
    let started = false;
    socket.on('data', (bytes: Buffer) => {
      const password = bytes.subarray(5, -1).toString('utf8');
      if (started) socket.end(message('E', Buffer.from(`SFATAL\0VFATAL\0CXX000\0Mlogin failed: "${password}"\0DSent as ${Buffer.from(password).toString('base64')}\0HTry ${encodeURIComponent(password)}\0\0`)));
      else if (bytes.length === 8) socket.write('N');
      else {
        started = true;
        socket.write(message('R', Buffer.from([0, 0, 0, 3])));
      }
    });
  });
}

/** Answers each command with an error that holds it. */
const redisServer = (): Server =>
  createTcp((socket) => {
    socket.on('data', (bytes: Buffer) => {
      for (const command of bytes.toString('utf8').split(/^\*\d+\r\n/mu).slice(1)) socket.write(`-ERR wrong: ${command.replaceAll(/\$\d+\r\n/gu, '').replaceAll('\r\n', ' ').trim()}\r\n`);
    });
  });

/** `token`: what is given for the credentials of OAuth. */
export async function startEchoServers(token: string): Promise<EchoServers> {
  const sockets = new Set<Socket>();
  const servers = [httpServer(token), postgresqlServer(), redisServer()] as const;
  const [http, postgresql, redis] = [await listening(servers[0], sockets), await listening(servers[1], sockets), await listening(servers[2], sockets)];
  return {
    http: `http://127.0.0.1:${http}`,
    postgresql,
    redis,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => void server.close(resolve))));
    },
  };
}
