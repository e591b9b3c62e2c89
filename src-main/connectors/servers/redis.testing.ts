import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { OpenConnection } from '#shared/connections/connection';
import { findProgram, freePort, serverFolder, startServer } from './server.testing.ts';
import type { Server } from './server.testing.ts';
import type { Certificate } from './web.testing.ts';

const program = findProgram('redis-server');
/** Why there is no Redis to test with; null where there is one. */
export const noRedis: string | null = program === null ? 'redis-server is not installed' : null;

export interface RedisOptions {
  /** Further lines of its configuration. */
  readonly config?: readonly string[];
  /** Speaks TLS only. */
  readonly certificate?: Certificate;
}

/** A Redis of its own on loopback, without files. */
export async function startRedis({ config = [], certificate }: RedisOptions = {}): Promise<Server> {
  const port = await freePort();
  const folder = serverFolder('redis');
  const lines = ['bind 127.0.0.1', 'save ""', 'appendonly no', `dir ${folder}`, 'daemonize no', 'protected-mode no'];
  if (certificate === undefined) lines.push(`port ${port}`);
  else {
    writeFileSync(join(folder, 'key.pem'), certificate.key);
    writeFileSync(join(folder, 'cert.pem'), certificate.cert);
    lines.push('port 0', `tls-port ${port}`, `tls-cert-file ${join(folder, 'cert.pem')}`, `tls-key-file ${join(folder, 'key.pem')}`, `tls-ca-cert-file ${join(folder, 'cert.pem')}`, ...(config.some((line) => line.startsWith('tls-auth-clients')) ? [] : ['tls-auth-clients no']));
  }
  writeFileSync(join(folder, 'redis.conf'), `${[...lines, ...config].join('\n')}\n`);
  return await startServer({ command: program ?? 'redis-server', args: [join(folder, 'redis.conf')], port, folder, ready: (output) => output.includes('Ready to accept connections') });
}

/** A connection to it. */
export const redisConnection = (port: number, settings: OpenConnection['settings'] = {}, secrets: OpenConnection['secrets'] = {}): OpenConnection => ({
  name: 'redis', kind: 'redis', settings: { host: '127.0.0.1', port, database: 0, tls: 'off', connectTimeoutMs: 10_000, ...settings }, secrets,
});

/** Sends commands as lines a person would type, one after the other, and gives what came back as text: a second client, which is not the one under test. */
export function redisCli(port: number, ...commands: readonly (readonly string[])[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => void (answer += text));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer.replace(/\+OK\r\n$/, '')));
    for (const parts of [...commands, ['QUIT']]) socket.write(`*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`);
  });
}
