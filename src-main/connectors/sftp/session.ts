import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { Client } from 'ssh2';
import type { ConnectConfig, SFTPWrapper } from 'ssh2';
import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import { hostKeyProblem, loginProblem, reachProblem, silentProblem } from './problems.ts';

/** What a connection of this kind says, with its defaults. */
export interface SftpSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly login: 'password' | 'key';
  readonly hostKey: string;
  readonly folder: string;
  readonly connectTimeoutMs: number;
}

/** An open line to a server whose host key was the pinned one. */
export interface Session {
  readonly sftp: SFTPWrapper;
  /** `sftp://host:port`, for places in errors. */
  readonly address: string;
  /** What the server calls itself. */
  readonly server: string;
  /** Why the line ended, once it has: what waits for an answer gets none. */
  readonly ended: Promise<never>;
  close(): void;
}

/** The parts in which a line is opened; a test of the connection tells of each. */
export interface Opening {
  host(): Promise<string>;
  port(address: string): Promise<Socket>;
  /** Shakes hands and compares the host key: the fingerprint. Nothing about the user has been sent when it resolves. */
  hostKey(socket: Socket): Promise<string>;
  login(): Promise<void>;
  ready(): Promise<Session>;
  close(): void;
}

const text = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback);
const number = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);

export function settingsOf({ settings }: OpenConnection): SftpSettings {
  return {
    host: text(settings['host'], 'localhost'), port: number(settings['port'], 22), user: text(settings['user'], ''), login: settings['login'] === 'key' ? 'key' : 'password',
    hostKey: text(settings['hostKey'], '').trim(), folder: text(settings['folder'], ''), connectTimeoutMs: number(settings['connectTimeoutMs'], 10_000),
  };
}

/** The fingerprint of a key as OpenSSH writes it. */
export const fingerprintOf = (key: Buffer): string => `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
const samePrint = (a: string, b: string): boolean => a.replace(/=+$/, '').replace(/^SHA256:/i, '') === b.replace(/=+$/, '').replace(/^SHA256:/i, '');

/** So many times the time to connect may pass without a byte before a line counts as dead. A living server answers the keepalives in between. */
const SILENCE = 3;

const missing = (place: string, what: string): StudioError => new StudioError('invalid_input', `The connection has no ${what}.`, { place, remedy: 'Fill it in under Settings → Connections.' });
/** Throws invalid_input for what the connection lacks. */
function credentials({ secrets }: OpenConnection, { login, user }: SftpSettings): Pick<ConnectConfig, 'password' | 'privateKey' | 'passphrase'> {
  if (user === '') throw missing('user', 'user');
  if (login === 'password') {
    if (secrets['password'] === undefined) throw missing('password', 'password');
    return { password: secrets['password'] };
  }
  if (secrets['privateKey'] === undefined) throw missing('privateKey', 'private key');
  return { privateKey: secrets['privateKey'], ...(secrets['passphrase'] === undefined || secrets['passphrase'] === '' ? {} : { passphrase: secrets['passphrase'] }) };
}

/** Begins to open a line, step by step. Ends soon after the signal. */
export function opening(connection: OpenConnection, signal: AbortSignal): Opening {
  const settings = settingsOf(connection);
  const address = `sftp://${settings.host}:${settings.port}`;
  const client = new Client();
  const { promise: ended, reject: end } = Promise.withResolvers<never>();
  ended.catch(() => undefined);
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => undefined);
  let socket: Socket | null = null;
  let watch: NodeJS.Timeout | undefined;
  let admit: (() => void) | null = null;
  let server = 'SSH';
  const close = (): void => {
    clearInterval(watch);
    signal.removeEventListener('abort', onAbort);
    client.end();
    socket?.destroy();
  };
  const fail = (error: unknown): void => {
    end(error);
    close();
  };
  function onAbort(): void {
    fail(signal.reason);
  }
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const within = async <T>(work: Promise<T>, what: string): Promise<T> => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(silentProblem(address, what)), settings.connectTimeoutMs);
    try {
      return await Promise.race([work, ended, late.promise]);
    } catch (error) {
      fail(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  /** A line on which nothing comes, not even an answer to a keepalive, is dead, whatever the system thinks of it. */
  const watchSilence = (line: Socket): void => {
    let bytes = -1;
    let still = 0;
    watch = setInterval(() => {
      still = line.bytesRead === bytes ? still + 1 : 0;
      bytes = line.bytesRead;
      if (still >= SILENCE * 4) fail(silentProblem(address, 'The server'));
    }, settings.connectTimeoutMs / 4);
    watch.unref();
  };
  return {
    close,
    async host() {
      if (isIP(settings.host) !== 0) return settings.host;
      return within(lookup(settings.host).then((found) => found.address, (thrown: unknown) => Promise.reject(reachProblem(thrown, settings))), 'Looking up the name');
    },
    port: (host) =>
      within(new Promise<Socket>((resolve, reject) => {
        const line = connect(settings.port, host);
        socket = line;
        line.setNoDelay(true);
        line.once('connect', () => resolve(line));
        line.once('error', (thrown) => reject(reachProblem(thrown, settings)));
      }), 'The server'),
    async hostKey(line) {
      const secret = credentials(connection, settings);
      // Listening makes the line flow; the client lets it flow itself, once it listens too.
      line.once('data', (bytes: Buffer) => void (server = /^SSH-[\d.]+-(\S+)/m.exec(bytes.toString('latin1'))?.[1] ?? server));
      line.pause();
      const seen = Promise.withResolvers<string>();
      seen.promise.catch(() => undefined);
      client.on('error', (thrown) => {
        const problem = loginProblem(thrown, address, settings);
        seen.reject(problem);
        ready.reject(problem);
        fail(problem);
      });
      client.on('close', () => {
        const problem = new StudioError('io', 'The server closed the line.', { place: address, remedy: 'Run again: what was transferred is kept, and a part is continued.' });
        seen.reject(problem);
        ready.reject(problem);
        fail(problem);
      });
      client.once('ready', () => ready.resolve());
      const verifier = (key: Buffer, verify: (valid: boolean) => void): void => {
        const found = fingerprintOf(key);
        if (settings.hostKey === '' || !samePrint(found, settings.hostKey)) {
          seen.reject(hostKeyProblem(found, settings.hostKey, address));
          verify(false);
          return;
        }
        // The exchange of keys waits here until the login is wanted. A second exchange, later on the same line, is let through at once.
        if (admit === null) {
          admit = () => verify(true);
          seen.resolve(found);
        } else verify(true);
      };
      try {
        client.connect({ sock: line, username: settings.user, hostVerifier: verifier, readyTimeout: 0, keepaliveInterval: settings.connectTimeoutMs / 2, keepaliveCountMax: 1_000_000, ...secret });
      } catch (thrown) {
        // What can't be read is the key, before anything was sent.
        throw loginProblem(thrown, address, settings);
      }
      return within(seen.promise, 'The server');
    },
    async login() {
      admit?.();
      await within(ready.promise, 'The server');
    },
    async ready() {
      const sftp = await within(new Promise<SFTPWrapper>((resolve, reject) => {
        client.sftp((error, opened) => (error === undefined || error === null ? resolve(opened) : reject(new StudioError('unsupported', 'The server lets you in but serves no files (SFTP is off).', { place: address, remedy: 'Ask its administrator to allow SFTP for this user.', detail: error.message }))));
      }), 'The server');
      sftp.on('error', (thrown: unknown) => fail(loginProblem(thrown, address, settings)));
      if (socket !== null) watchSilence(socket);
      return { sftp, address, server, ended, close };
    },
  };
}

/** Opens a line. Nothing is sent, not even the user's name, to a server whose host key is not the pinned one. */
export async function openSession(connection: OpenConnection, signal: AbortSignal): Promise<Session> {
  const way = opening(connection, signal);
  try {
    await way.hostKey(await way.port(await way.host()));
    await way.login();
    return await way.ready();
  } catch (error) {
    way.close();
    throw error;
  }
}
