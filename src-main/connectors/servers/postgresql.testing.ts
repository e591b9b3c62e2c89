import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { OpenConnection } from '#shared/connections/connection';
import { findProgram, freePort, identityOf, serverFolder, startServer } from './server.testing.ts';
import type { Server } from './server.testing.ts';

/** A PostgreSQL server of a test's own, with one user who may do everything. */
export interface PostgresqlServer extends Server {
  /** Starts it once more after it was killed: the same folder, the same port. */
  start(): Promise<void>;
  /** How Millrace reaches it, encryption off. `settings` and `secrets` replace those of the same name. */
  connection(settings?: OpenConnection['settings'], secrets?: OpenConnection['secrets']): OpenConnection;
  /** Runs statements past Millrace; the last one's rows as texts. */
  run(sql: string, database?: string): Promise<readonly (readonly (string | null)[])[]>;
}

export interface PostgresqlPlan {
  /** Lines for postgresql.conf. */
  readonly config?: readonly string[];
  /** Lines for pg_hba.conf, before those that let everybody in with a password. */
  readonly access?: readonly string[];
  /** PEM texts: the server offers TLS with them. `ca` vouches for the clients. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly ca?: string };
}

const USER = 'millrace';
const PASSWORD = 'correct horse battery';
const SYSTEM_USER = 'postgres';

/** Why no server can be started here, or null. */
export const postgresqlMissing = (): string | null => (findProgram('initdb') === null || findProgram('postgres') === null ? 'PostgreSQL is not installed' : null);

const texts = { getTypeParser: () => (value: string) => value };

/** Makes a cluster in a folder of its own and starts it. */
export async function startPostgresql({ config = [], access = [], tls }: PostgresqlPlan = {}): Promise<PostgresqlServer> {
  const folder = serverFolder('postgresql', SYSTEM_USER);
  const identity = identityOf(SYSTEM_USER);
  const own = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, 0o600);
    if (identity.uid !== undefined && identity.gid !== undefined) chownSync(path, identity.uid, identity.gid);
    return path;
  };
  const data = join(folder, 'data');
  const made = spawnSync(findProgram('initdb') ?? '', ['-D', data, '-U', USER, '-A', 'scram-sha-256', '--pwfile', own('password', PASSWORD), '-E', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'], { encoding: 'utf8', cwd: folder, ...identity });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}${made.stdout}`);
  const port = await freePort();
  const encrypted = tls === undefined ? [] : ['ssl=on', `ssl_cert_file='${own('server.crt', tls.certificate)}'`, `ssl_key_file='${own('server.key', tls.key)}'`, ...(tls.ca === undefined ? [] : [`ssl_ca_file='${own('ca.crt', tls.ca)}'`])];
  own('data/postgresql.conf', [`port=${port}`, "listen_addresses='127.0.0.1'", `unix_socket_directories='${folder}'`, 'fsync=off', 'shared_buffers=64MB', 'max_connections=40', 'timezone=\'Asia/Kathmandu\'', ...encrypted, ...config].join('\n'));
  own('data/pg_hba.conf', [...access, 'local all all scram-sha-256', 'host all all 127.0.0.1/32 scram-sha-256'].join('\n'));
  const launch = (): Promise<Server> => startServer({ command: findProgram('postgres') ?? '', args: ['-D', data], port, folder, user: SYSTEM_USER, ready: (output) => output.includes('ready to accept connections') });
  let server = await launch();
  return {
    ...server,
    kill: () => server.kill(),
    stop: () => server.stop(),
    async start() {
      // Processes of the one that was killed may hold its memory for a moment.
      for (let tries = 1; ; tries += 1) {
        try {
          server = await launch();
          return;
        } catch (thrown) {
          if (tries === 20) throw thrown;
          await new Promise((wake) => void setTimeout(wake, 250));
        }
      }
    },
    connection: (settings = {}, secrets = {}) => ({ name: 'db', kind: 'postgresql', settings: { host: '127.0.0.1', port, database: 'postgres', user: USER, tls: 'off', connectTimeoutMs: 10_000, ...settings }, secrets: { password: PASSWORD, ...secrets } }),
    async run(sql, database = 'postgres') {
      const client = new Client({ host: folder, port, user: USER, password: PASSWORD, database, types: texts });
      await client.connect();
      try {
        const answer = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' });
        const last = Array.isArray(answer) ? (answer as { readonly rows: (string | null)[][] }[]).at(-1) : answer;
        return last?.rows ?? [];
      } finally {
        await client.end();
      }
    },
  };
}
