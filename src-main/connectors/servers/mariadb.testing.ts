import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2';
import type { Connection } from 'mysql2';
import type { OpenConnection } from '#shared/connections/connection';
import { findProgram, freePort, identityOf, serverFolder, startServer } from './server.testing.ts';
import type { Server } from './server.testing.ts';

/** A MariaDB server of a test's own, with a user who may do everything. */
export interface MariadbServer extends Server {
  /** How Millrace reaches it, encryption off. `settings` and `secrets` replace those of the same name. */
  connection(settings?: OpenConnection['settings'], secrets?: OpenConnection['secrets']): OpenConnection;
  /** Runs a statement past Millrace; its rows as texts. One that waits for a lock gives up after a second. */
  run(sql: string): Promise<readonly (readonly (string | null)[])[]>;
}

export interface MariadbPlan {
  /** Arguments for the server: --max-connections=3. */
  readonly args?: readonly string[];
  /** PEM texts: the server offers TLS with them. `ca` vouches for the clients. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly ca?: string };
  /** Run once, before anybody else comes. */
  readonly statements?: readonly string[];
}

const USER = 'millrace';
const PASSWORD = 'correct horse "battery" \\ 電池';
const SYSTEM_USER = 'mysql';
const DATABASE = 'shop';

/** Why no server can be started here, or null. */
export const mariadbMissing = (): string | null => (findProgram('mariadb-install-db') === null || findProgram('mariadbd') === null ? 'MariaDB is not installed' : null);

const text = (value: Buffer | null): string | null => (value === null ? null : value.toString('utf8'));

const answer = (connection: Connection, sql: string): Promise<readonly (readonly (string | null)[])[]> =>
  new Promise((resolve, reject) => void connection.query({ sql, rowsAsArray: true, typeCast: false }, (error, rows) => (error === null ? resolve(Array.isArray(rows) ? (rows as unknown as (Buffer | null)[][]).map((row) => row.map(text)) : []) : reject(error))));

/** Makes a server in a folder of its own and starts it. */
export async function startMariadb({ args = [], tls, statements = [] }: MariadbPlan = {}): Promise<MariadbServer> {
  const folder = serverFolder('mariadb', SYSTEM_USER);
  const identity = identityOf(SYSTEM_USER);
  const own = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    chmodSync(path, 0o600);
    if (identity.uid !== undefined && identity.gid !== undefined) chownSync(path, identity.uid, identity.gid);
    return path;
  };
  const data = join(folder, 'data');
  const small = ['--no-defaults', `--datadir=${data}`, `--tmpdir=${folder}`, '--innodb-log-file-size=16M', '--innodb-buffer-pool-size=64M'];
  const made = spawnSync(findProgram('mariadb-install-db') ?? '', [...small, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'], { encoding: 'utf8', cwd: folder, ...identity });
  if (made.status !== 0) throw new Error(`mariadb-install-db failed: ${made.stderr}${made.stdout}`);
  const port = await freePort();
  const quoted = `'${PASSWORD.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  const first = own('first.sql', ['SET NAMES utf8mb4', `CREATE DATABASE IF NOT EXISTS ${DATABASE} CHARACTER SET utf8mb4`, `CREATE USER IF NOT EXISTS ${USER}@'%' IDENTIFIED BY ${quoted}`, `GRANT ALL ON *.* TO ${USER}@'%' WITH GRANT OPTION`, ...statements].map((line) => `${line};\n`).join(''));
  const encrypted = tls === undefined ? [] : [`--ssl-cert=${own('server.crt', tls.certificate)}`, `--ssl-key=${own('server.key', tls.key)}`, ...(tls.ca === undefined ? [] : [`--ssl-ca=${own('ca.crt', tls.ca)}`])];
  const server = await startServer({
    command: findProgram('mariadbd') ?? '',
    args: [...small, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 's.sock')}`, `--pid-file=${join(folder, 'pid')}`, '--skip-name-resolve', '--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=OFF', '--default-time-zone=+05:45', `--init-file=${first}`, ...encrypted, ...args],
    port, folder, user: SYSTEM_USER,
    ready: (output) => output.includes('ready for connections'),
  });
  let admin: Connection | null = null;
  return {
    ...server,
    connection: (settings = {}, secrets = {}) => ({ name: 'db', kind: 'mysql', settings: { host: '127.0.0.1', port, database: DATABASE, user: USER, tls: 'off', connectTimeoutMs: 10_000, ...settings }, secrets: { password: PASSWORD, ...secrets } }),
    async run(sql) {
      if (admin === null) {
        const opened = mysql.createConnection({ socketPath: join(folder, 's.sock'), user: USER, password: PASSWORD, database: DATABASE });
        await new Promise<void>((resolve, reject) => void opened.once('connect', () => resolve()).once('error', reject));
        opened.on('error', () => void (admin = null));
        await answer(opened, "SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, time_zone = '+00:00'");
        admin = opened;
      }
      return answer(admin, sql);
    },
    async stop() {
      admin?.destroy();
      await server.stop();
    },
  };
}
