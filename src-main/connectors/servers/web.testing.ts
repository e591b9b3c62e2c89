import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenConnection } from '#shared/connections/connection';

/** A request as a test's service has got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Service {
  readonly origin: string;
  readonly port: number;
  readonly received: readonly Received[];
  readonly close: () => Promise<void>;
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for localhost and 127.0.0.1 that vouches for itself, made by openssl. */
export function selfSigned(name = 'localhost', days = 2): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-certificate-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  writeFileSync(join(folder, 'openssl.cnf'), `[req]\ndistinguished_name=dn\nx509_extensions=v3\nprompt=no\n[dn]\nCN=${name}\n[v3]\nsubjectAltName=DNS:${name}${name === 'localhost' ? ',IP:127.0.0.1' : ''}\nbasicConstraints=critical,CA:TRUE\n`);
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', String(days), '-keyout', key, '-out', cert, '-config', join(folder, 'openssl.cnf')], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A service on loopback; `answer` gets each request after its body has come. */
export async function startService(answer: (request: Received, response: ServerResponse, raw: IncomingMessage) => void | Promise<void>, certificate?: Certificate): Promise<Service> {
  const received: Received[] = [];
  const listener: RequestListener = (raw, response) => {
    const chunks: Buffer[] = [];
    raw.on('data', (chunk: Buffer) => void chunks.push(chunk));
    raw.on('end', () => {
      const request = { method: raw.method ?? '', url: raw.url ?? '', headers: raw.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(request);
      void (async () => answer(request, response, raw))().catch((thrown: unknown) => response.destroy(thrown instanceof Error ? thrown : undefined));
    });
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer({ ...certificate }, listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, port, received,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

/** A connection to a test's service: private addresses allowed unless the settings say otherwise. */
export const serviceConnection = (baseUrl: string, settings: OpenConnection['settings'] = {}, secrets: OpenConnection['secrets'] = {}): OpenConnection => ({
  name: 'service', kind: 'http', settings: { baseUrl, auth: 'none', allowPrivate: true, connectTimeoutMs: 10_000, keyIn: 'header', keyName: 'X-API-Key', ...settings }, secrets,
});
