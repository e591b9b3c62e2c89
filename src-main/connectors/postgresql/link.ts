import { Socket } from 'node:net';
import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import { dial, encrypt, offersTls, tlsOptions } from './dial.ts';
import { explain } from './failures.ts';
import { createRowConnection } from './row-connection.ts';
import { settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';

/** One session with a server. Everything that waits for the server waits through `ask`. */
export interface Link {
  readonly client: Client;
  readonly settings: Settings;
  /** Starts the session's one transaction. */
  begin(how: 'READ ONLY' | 'READ WRITE'): Promise<void>;
  /** The server process that has the transaction; 0 before. */
  serverPid(): number;
  /** Waits for the server, and no longer than there is one: rejects when the connection is lost, stalled or stopped by the signal. */
  ask<T>(work: Promise<T>): Promise<T>;
  /** Ends the session. What is still running there is cancelled: what was asked for, and what is `unfinished`. Never rejects; takes a second at most. */
  close(unfinished?: boolean): Promise<void>;
  /** How long the server has said nothing while it was asked for something; 0 where nothing is asked. */
  silence(): number;
  /** Did this come of the session, and not from elsewhere? */
  caused(error: unknown): boolean;
  /** Gives the session up. */
  fail(error: Error): void;
}

/** What the text of values depends on, and what must not end a long read. All of it ends with the transaction. */
const SESSION = ["timezone = 'UTC'", "datestyle = 'ISO, YMD'", "intervalstyle = 'iso_8601'", 'extra_float_digits = 3', "bytea_output = 'hex'", 'statement_timeout = 0', 'idle_in_transaction_session_timeout = 0'].map((setting) => `SET LOCAL ${setting}`).join('; ');
const CANCEL_MS = 500;
/** Every value as PostgreSQL writes it. */
const texts = { getTypeParser: () => (value: string) => value };

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());

/** Asks the server on a line of its own to stop what the session is doing, encrypted where the session is. */
async function cancel(connection: OpenConnection, settings: Settings, pid: number, key: number): Promise<void> {
  const signal = AbortSignal.timeout(CANCEL_MS);
  const options = tlsOptions(settings, connection);
  let socket = await dial(settings, signal);
  if (options !== null && (await offersTls(socket, settings, signal))) socket = await encrypt(socket, settings, options, signal);
  const request = Buffer.alloc(16);
  [16, 80_877_102, pid, key].forEach((word, index) => request.writeInt32BE(word | 0, index * 4));
  await new Promise<void>((resolve) => {
    // The server closes the line when the signal is on its way.
    socket.once('close', resolve).on('error', () => resolve()).resume().end(request);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  socket.destroy();
}

/** Logs in. Throws a sentence that says what is wrong: host, port, TLS, login or database. */
export async function open(connection: OpenConnection, signal: AbortSignal, steady: () => number = () => performance.now()): Promise<Link> {
  signal.throwIfAborted();
  const settings = settingsOf(connection);
  const socket = new Socket();
  let heard = steady();
  const hear = (): void => void (heard = steady());
  // Not one promise to race against: it would keep all that was ever awaited.
  const waits = new Set<(error: Error) => void>();
  let lost: Error | null = null;
  let working = 0;
  const own = new WeakSet<Error>();
  const lose = (error: Error): void => {
    lost ??= error;
    for (const reject of waits) reject(lost);
  };
  const ssl = tlsOptions(settings, connection) ?? false;
  const client = new Client({
    host: settings.host, port: settings.port, database: settings.database, user: settings.user,
    // A function, so that neither the environment nor a file of passwords is asked.
    password: () => connection.secrets['password'] ?? '',
    ssl, application_name: 'Millrace', connectionTimeoutMillis: settings.timeoutMs, types: texts,
    connection: createRowConnection({ stream: () => socket, ssl, keepAlive: true, keepAliveInitialDelayMillis: 30_000 }, hear),
  } as ClientConfig);
  let over = false;
  let pid = 0;
  client.on('error', lose);
  client.on('end', () => lose(new Error('Connection terminated unexpectedly')));
  const stop = (): void => lose(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  const ask = <T>(work: Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const settle = (): void => void waits.delete(refuse);
      const refuse = (error: Error): void => {
        settle();
        if (error instanceof Error) own.add(error);
        reject(error);
      };
      if (waits.size === 0) hear();
      waits.add(refuse);
      working += 1;
      const settled = (): void => void (working -= 1);
      work.then(settled, settled);
      work.finally(settle).then(resolve, refuse);
      if (lost !== null) refuse(lost);
    });
  const close = async (unfinished = false): Promise<void> => {
    if (over) return;
    over = true;
    signal.removeEventListener('abort', stop);
    const busy = unfinished || working > 0;
    const { processID, secretKey } = client as unknown as { readonly processID: number | null; readonly secretKey: number | null };
    if (busy && !socket.destroyed && processID !== null && secretKey !== null) await cancel(connection, settings, processID, secretKey).catch(() => undefined);
    else if (!socket.destroyed) await Promise.race([client.end().catch(() => undefined), pause(CANCEL_MS)]);
    socket.destroy();
  };
  try {
    await ask(client.connect());
  } catch (thrown) {
    over = true;
    signal.removeEventListener('abort', stop);
    socket.destroy();
    throw explain(thrown, settings, 'login');
  }
  return {
    client, settings, ask, close,
    async begin(how) {
      await ask(client.query(`BEGIN ${how}; ${SESSION}`));
      // Behind a pooler it is another one than the login was told.
      const { rows } = await ask(client.query<[string]>({ text: 'SELECT pg_backend_pid()', rowMode: 'array' }));
      pid = Number(rows[0]?.[0] ?? 0);
    },
    serverPid: () => pid,
    caused: (error) => error instanceof Error && own.has(error),
    silence: () => (waits.size === 0 ? 0 : steady() - heard),
    fail(error) {
      lose(error);
      socket.destroy();
    },
  };
}

/** The failure of a session that was given up because nothing came any more. */
export const stalled = (settings: Settings, seconds: number): StudioError =>
  new StudioError('timeout', `The server ${settings.host}:${settings.port} has said nothing for ${seconds} seconds.`, { place: settings.place, remedy: 'Check the network and the server, then run again. Nothing that was not committed stays there.' });
