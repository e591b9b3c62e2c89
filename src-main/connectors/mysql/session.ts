import mysql from 'mysql2';
import type { Connection, ConnectionOptions } from 'mysql2';
import { dial } from './dial.ts';
import { explain } from './failures.ts';
import type { Settings } from './settings.ts';

/** A statement's outcome where it gives no rows. */
export interface Done {
  readonly affectedRows: number;
  readonly info: string;
  readonly warningStatus: number;
}

/** One connection to a server, ours alone. */
export interface Session {
  readonly raw: Connection;
  readonly settings: Settings;
  readonly isMariaDb: boolean;
  readonly version: string;
  /** Runs a statement that gives no rows; what the server or the way says is thrown as it is. */
  run(sql: string): Promise<Done>;
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** Rejects when the connection is lost, whoever waits. */
  readonly lost: Promise<never>;
  /** Ends it in good order. */
  close(): Promise<void>;
  /** Ends what it does, here and at the server: by a second connection, because the server looks at this one only between rows. */
  kill(): Promise<void>;
}

const FOREVER_S = 31_536_000;
/** How long the second connection may take to be made. */
const KILL_MS = 800;
/** Values are never cut, rounded to zero or taken for something near. */
const STRICT = ['STRICT_ALL_TABLES', 'NO_ZERO_DATE', 'NO_ZERO_IN_DATE', 'ERROR_FOR_DIVISION_BY_ZERO', 'NO_ENGINE_SUBSTITUTION'];
/** Modes in which quotes mean something else than what is documented, or days are stored that are none. */
const OTHERWISE = new Set(['ANSI_QUOTES', 'ANSI', 'NO_BACKSLASH_ESCAPES', 'ALLOW_INVALID_DATES', 'ORACLE', 'MSSQL', 'DB2', 'MAXDB', 'POSTGRESQL']);

const tlsOf = ({ tls, ca, clientCertificate, clientKey }: Settings): ConnectionOptions['ssl'] =>
  tls === 'off' ? undefined : { rejectUnauthorized: tls === 'verify', verifyIdentity: tls === 'verify', ...(ca === '' || tls !== 'verify' ? {} : { ca }), ...(clientCertificate === '' ? {} : { cert: clientCertificate, key: clientKey }) };

async function connected(settings: Settings, signal: AbortSignal): Promise<Connection> {
  const socket = await dial(settings, signal);
  const ssl = tlsOf(settings);
  const raw = mysql.createConnection({
    stream: socket, host: settings.host, port: settings.port, user: settings.user, password: settings.password, database: settings.database, connectTimeout: settings.timeoutMs,
    ...(ssl === undefined ? {} : { ssl }),
    // No file of this computer is ever sent, whatever a server asks for; rows that an upsert leaves as they are count as unchanged.
    flags: ['-LOCAL_FILES', '-FOUND_ROWS'],
    // Statements are whole as they are: a million bytes of rows are not searched for placeholders.
    queryFormat: (sql: string) => sql,
    rowsAsArray: true, supportBigNumbers: true, dateStrings: true, jsonStrings: true, timezone: 'Z',
  });
  const stop = (): void => raw.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      raw.once('connect', resolve);
      raw.once('error', reject);
      socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'PROTOCOL_CONNECTION_LOST' })));
    });
    return raw;
  } catch (thrown) {
    raw.destroy();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Sent at once on a connection of its own: what the first one does is over then, and undone. */
async function killAt(settings: Settings, thread: number): Promise<void> {
  try {
    const raw = await connected({ ...settings, timeoutMs: Math.min(settings.timeoutMs, KILL_MS) }, AbortSignal.timeout(KILL_MS));
    await new Promise<void>((resolve) => raw.query(`KILL ${thread}`, () => resolve()));
    raw.destroy();
  } catch {
    // The server can't be reached any more: it ends by itself what nobody waits for.
  }
}

/** Logs in and makes the session strict and in UTC. Throws StudioError, and the signal's reason. */
export async function openSession(settings: Settings, signal: AbortSignal): Promise<Session> {
  let raw: Connection;
  try {
    raw = await connected(settings, signal);
  } catch (thrown) {
    throw signal.aborted ? signal.reason : explain(thrown, settings);
  }
  const { promise: lost, reject } = Promise.withResolvers<never>();
  lost.catch(() => undefined);
  raw.on('error', reject);
  raw.on('end', () => reject(Object.assign(new Error('closed'), { code: 'PROTOCOL_CONNECTION_LOST' })));
  const asked = (sql: string): Promise<unknown> =>
    Promise.race([lost, new Promise((resolve, fail) => void raw.query(sql, (error: Error | null, result: unknown) => (error === null ? resolve(result) : fail(error))))]);
  const session = {
    raw, settings, lost,
    run: async (sql: string) => (await asked(sql)) as Done,
    rows: async (sql: string) => (await asked(sql)) as readonly (readonly unknown[])[],
    close: () =>
      new Promise<void>((resolve) => {
        raw.removeListener('error', reject).on('error', () => undefined);
        const gone = setTimeout(() => raw.destroy(), 1000);
        raw.end(() => {
          clearTimeout(gone);
          raw.destroy();
          resolve();
        });
      }),
    async kill() {
      const thread = raw.threadId;
      raw.destroy();
      reject(Object.assign(new Error('killed'), { code: 'PROTOCOL_CONNECTION_LOST' }));
      await killAt(settings, thread);
    },
  };
  const stop = (): void => void session.kill();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [[version, modes] = []] = await session.rows('SELECT VERSION(), @@sql_mode');
    const kept = String(modes).split(',').filter((mode) => mode !== '' && !OTHERWISE.has(mode));
    await session.run(`SET SESSION sql_mode = '${[...new Set([...kept, ...STRICT])].join(',')}', time_zone = '+00:00', net_write_timeout = ${FOREVER_S}, net_read_timeout = ${FOREVER_S}, wait_timeout = ${FOREVER_S}, sql_notes = 1`);
    return { ...session, version: String(version), isMariaDb: /mariadb/i.test(String(version)) };
  } catch (thrown) {
    raw.destroy();
    throw signal.aborted ? signal.reason : explain(thrown, settings);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Kills the session when the signal comes, or has come. The answer ends the watch; it says when a killing that has begun is over. */
export function killing(session: Session, signal: AbortSignal): () => Promise<void> {
  let killed: Promise<void> = Promise.resolve();
  const stop = (): void => void (killed = session.kill());
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return () => {
    signal.removeEventListener('abort', stop);
    return killed;
  };
}
