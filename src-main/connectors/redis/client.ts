import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import { VEIL } from '../veil.ts';
import { lineFailure, replyFailure } from './replies.ts';

/** A command and its arguments, as they go over the line. */
export type Command = readonly [name: string, ...args: readonly (string | Buffer)[]];
/** Bulk strings are Buffers, whole numbers text, arrays nested; an error reply is an Error. */
export type Reply = Buffer | string | number | null | Error | readonly Reply[];

export interface RedisClient {
  /** `host:port`, for sentences. */
  readonly server: string;
  /**
   * Sends the commands together and gives their replies in order. `repeatable`: where the line breaks they are sent again on a new one, a
   * few times at most; otherwise that is a failure, for nobody knows which of them were carried out.
   */
  run(commands: readonly Command[], repeatable: boolean): Promise<readonly Reply[]>;
  close(): void;
}

export interface RedisPlan {
  readonly connection: OpenConnection;
  readonly signal: AbortSignal;
  /** How long the server may take for one bundle of commands. */
  readonly answerMs: number;
}

/** New lines that are tried after one broke, and the waits before them. */
const AGAIN_MS = [100, 400, 1500];

const setting = (connection: OpenConnection, name: string): string => {
  const value = connection.settings[name];
  return typeof value === 'string' ? value : '';
};
const numberOf = (connection: OpenConnection, name: string, otherwise: number): number => {
  const value = connection.settings[name];
  return typeof value === 'number' ? value : otherwise;
};

/** Host and port of a connection. */
export const serverOf = (connection: OpenConnection): string => `${setting(connection, 'host')}:${numberOf(connection, 'port', 6379)}`;

function optionsOf(connection: OpenConnection): Omit<RedisOptions, 'replyMapping'> {
  const tls = setting(connection, 'tls');
  const host = setting(connection, 'host');
  const [ca, cert, key] = [setting(connection, 'ca'), setting(connection, 'clientCertificate'), connection.secrets['clientKey']].map((text) => (text === undefined || text.trim() === '' ? undefined : text));
  return {
    host, port: numberOf(connection, 'port', 6379), connectTimeout: numberOf(connection, 'connectTimeoutMs', 10_000),
    // One line, as asked for here and not behind our back: what is sent again is decided where it is known what it does.
    lazyConnect: true, retryStrategy: null, enableOfflineQueue: false, enableReadyCheck: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0, disableClientInfo: true,
    protocol: 2, stringNumbers: true,
    ...(tls === 'on' || tls === 'verify' ? { tls: { rejectUnauthorized: tls === 'verify', ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) } } : {}),
  };
}

/** A line that is open: what it was closed by is remembered. */
interface Line {
  readonly redis: Redis;
  broken: unknown;
}

const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/** Opens a line without logging in. Throws what hinders it, in a sentence. */
async function opened({ connection, signal }: RedisPlan): Promise<Line> {
  signal.throwIfAborted();
  const server = serverOf(connection);
  let redis: Redis;
  try {
    redis = new Redis(optionsOf(connection));
  } catch (thrown) {
    throw lineFailure(thrown, server);
  }
  const line: Line = { redis, broken: null };
  redis.on('error', (error) => void (line.broken ??= error));
  const stop = (): void => redis.disconnect();
  signal.addEventListener('abort', stop, { once: true });
  redis.once('end', () => signal.removeEventListener('abort', stop));
  try {
    await redis.connect();
    return line;
  } catch (thrown) {
    redis.disconnect();
    signal.throwIfAborted();
    throw lineFailure(line.broken ?? thrown, server);
  }
}

const cutShort = (): Promise<never> => Promise.reject(new StudioError('io', 'The line was cut while logging in.', { place: 'connection', remedy: 'Check that the server runs, and try again.' }));

/** A client that is not logged in yet, and stays on its one line: the test of a connection takes the steps one by one. */
export const openLine = async (plan: RedisPlan): Promise<RedisClient> => clientOf(plan, await opened(plan), cutShort);

/** Logs in and chooses the database. Throws permission for a wrong login. */
export async function logIn(client: RedisClient, connection: OpenConnection): Promise<void> {
  const [user, password] = [setting(connection, 'user'), connection.secrets['password'] ?? ''];
  // A user may be let in without a password.
  if (password !== '' || user !== '') {
    const [reply] = await client.run([user === '' ? ['AUTH', password] : ['AUTH', user, password]], false);
    // A server without a password takes none; it lets everybody in.
    // Some servers repeat a command that they refuse, and with it the password.
    if (reply instanceof Error && !/without any password configured|no password is set/.test(reply.message)) throw replyFailure(password === '' ? reply.message : reply.message.replaceAll(password, VEIL), client.server);
  }
  const [pong] = await client.run([['PING']], false);
  if (pong instanceof Error && !pong.message.startsWith('LOADING')) throw replyFailure(pong.message, client.server);
}

/** Chooses the connection's database. */
export async function chooseDatabase(client: RedisClient, connection: OpenConnection): Promise<void> {
  const database = numberOf(connection, 'database', 0);
  if (database === 0) return;
  const [reply] = await client.run([['SELECT', String(database)]], false);
  if (reply instanceof Error) throw replyFailure(reply.message, client.server);
}

/** A client that is logged in. A new line after a broken one is logged in again. */
export async function openRedis(plan: RedisPlan): Promise<RedisClient> {
  const ready = async (): Promise<Line> => {
    const line = await opened(plan);
    try {
      const bare = clientOf(plan, line, cutShort);
      await logIn(bare, plan.connection);
      await chooseDatabase(bare, plan.connection);
      return line;
    } catch (thrown) {
      line.redis.disconnect();
      throw thrown;
    }
  };
  return clientOf(plan, await ready(), ready);
}

function clientOf({ connection, signal, answerMs }: RedisPlan, first: Line, again: () => Promise<Line>): RedisClient {
  const server = serverOf(connection);
  let line = first;
  const once = async (commands: readonly Command[]): Promise<readonly Reply[]> => {
    const { redis } = line;
    const pipeline = redis.pipeline();
    for (const [name, ...args] of commands) pipeline.callBuffer(name, ...args);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      redis.disconnect();
    }, answerMs);
    try {
      const answers = (await pipeline.exec()) ?? [];
      const cut = answers.find(([error]) => error !== null && !isReply(error));
      if (cut !== undefined) throw cut[0];
      return answers.map(([error, value]) => (error ?? value) as Reply);
    } catch {
      signal.throwIfAborted();
      redis.disconnect();
      if (late) throw new StudioError('timeout', `${server} did not answer within ${(answerMs / 1000).toLocaleString('en')} seconds.`, { place: 'connection', remedy: 'Try again later, or allow more time.' });
      // What ioredis throws holds the commands, and with them what they write: it goes no further.
      throw lineFailure(line.broken ?? new Error('Connection is closed.'), server);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    server,
    async run(commands, repeatable) {
      if (commands.length === 0) return [];
      for (let attempt = 0; ; attempt += 1) {
        try {
          if (line.redis.status !== 'ready') line = await again();
          return await once(commands);
        } catch (thrown) {
          signal.throwIfAborted();
          const wait = AGAIN_MS[attempt];
          const passing = thrown instanceof StudioError && thrown.code === 'io';
          if (!repeatable || !passing || wait === undefined) throw thrown;
          await pause(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
        }
      }
    },
    close: () => line.redis.disconnect(),
  };
}
