import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { OpenConnection } from '#shared/connections/connection';
import type { JsonObject } from '#shared/json';
import { findProgram, freePort, identityOf, serverFolder, startServer } from './server.testing.ts';
import type { Server } from './server.testing.ts';

/** An OpenSSH server on loopback that lets one key in and serves files. */
export interface Sshd extends Server {
  /** A folder that its user may write to; `folder` itself holds the keys. */
  readonly home: string;
  /** `SHA256:…` of its host key. */
  readonly fingerprint: string;
  /** The private keys of one login: as it is, and locked with the passphrase `open sesame`. */
  readonly privateKey: string;
  readonly lockedKey: string;
  /** A connection to it; settings given replace those that work. */
  connection(settings?: JsonObject, secrets?: Readonly<Record<string, string>>): OpenConnection;
}

const sshd = findProgram('sshd');
const keygen = findProgram('ssh-keygen');
/** Root may do everything, so that no permission could be tested: as root the server runs as a user that every Debian has. */
const serverUser = process.getuid?.() === 0 ? 'www-data' : undefined;

function missing(): string | null {
  if (sshd === null || keygen === null) return 'OpenSSH’s server (Debian: openssh-server) is not installed';
  return Number.isNaN(identityOf(serverUser).uid) || identityOf(serverUser).uid === 0 ? `the system has no user ${serverUser ?? ''}` : null;
}
/** Why no server can be started here, or null. */
export const sshdMissing: string | null = missing();

function makeKey(path: string, passphrase: string): void {
  const made = spawnSync(keygen ?? '', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', path], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`ssh-keygen: ${made.stderr}`);
}

const listening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Starts it. `denied`: requests of the SFTP protocol that it shall not know, as `posix-rename`. */
export async function startSshd({ denied = [] }: { readonly denied?: readonly string[] } = {}): Promise<Sshd> {
  const folder = serverFolder('sshd', serverUser);
  const port = await freePort();
  const own = identityOf(serverUser);
  const give = (path: string, mode: number): void => {
    chmodSync(path, mode);
    if (own.uid !== undefined && own.gid !== undefined) chownSync(path, own.uid, own.gid);
  };
  const home = join(folder, 'home');
  mkdirSync(home);
  give(home, 0o755);
  chmodSync(folder, 0o755);
  for (const [name, passphrase] of [['host', ''], ['login', ''], ['locked', 'open sesame']] as const) makeKey(join(folder, name), passphrase);
  give(join(folder, 'host'), 0o600);
  writeFileSync(join(folder, 'authorized'), readFileSync(join(folder, 'login.pub'), 'utf8') + readFileSync(join(folder, 'locked.pub'), 'utf8'));
  give(join(folder, 'authorized'), 0o600);
  const sftp = `internal-sftp${denied.length === 0 ? '' : ` -P ${denied.join(',')}`}`;
  writeFileSync(join(folder, 'config'), [
    `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${join(folder, 'host')}`, `AuthorizedKeysFile ${join(folder, 'authorized')}`, 'PidFile none',
    'UsePAM no', 'StrictModes no', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'MaxStartups 100', 'PrintMotd no', `Subsystem sftp ${sftp}`, `ForceCommand ${sftp}`, '',
  ].join('\n'));
  const shown = spawnSync(keygen ?? '', ['-l', '-E', 'sha256', '-f', join(folder, 'host.pub')], { encoding: 'utf8' }).stdout;
  const fingerprint = /SHA256:\S+/.exec(shown)?.[0] ?? '';
  const server = await startServer({ command: sshd ?? '', args: ['-D', '-e', '-f', join(folder, 'config')], port, folder, ...(serverUser === undefined ? {} : { user: serverUser }), ready: () => listening(port) });
  const privateKey = readFileSync(join(folder, 'login'), 'utf8');
  return {
    ...server, home, fingerprint, privateKey,
    lockedKey: readFileSync(join(folder, 'locked'), 'utf8'),
    connection: (settings = {}, secrets = { privateKey }) => ({
      name: 'files', kind: 'sftp', secrets,
      settings: { host: '127.0.0.1', port, user: serverUser ?? userInfo().username, login: 'key', hostKey: fingerprint, folder: home, connectTimeoutMs: 30_000, ...settings },
    }),
  };
}
