import { lookup } from 'node:dns/promises';
import { connect as connectSocket, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import { explainNetwork } from './network-failures.ts';
import type { Settings } from './settings.ts';

/** What Node's TLS is told: whom to trust, and who we are. Where it is null the way is not encrypted. */
export function tlsOptions({ tls, ca, clientCertificate }: Settings, { secrets }: OpenConnection): ConnectionOptions | null {
  if (tls === 'off') return null;
  const key = secrets['clientKey'];
  return {
    rejectUnauthorized: tls === 'verify',
    ...(tls === 'verify' && ca !== undefined ? { ca } : {}),
    ...(clientCertificate === undefined ? {} : { cert: clientCertificate }),
    ...(key === undefined || key === '' ? {} : { key }),
  };
}

/** Waits for an event of a socket; rejects with its error, its end, the signal's reason, or a timeout. Whatever fails destroys the socket. */
export function awaited<T = void>(socket: Socket, event: string, { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal }, ended: () => StudioError): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => fail(Object.assign(new Error('It took too long.'), { code: 'ETIMEDOUT' })), timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      socket.off(event, arrived).off('error', fail).off('close', closed);
    };
    const fail = (error: Error): void => {
      settle();
      // What comes after is no news.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const aborted = (): void => fail(signal.reason as Error);
    const closed = (): void => fail(ended());
    const arrived = (value: T): void => {
      settle();
      resolve(value);
    };
    socket.once(event, arrived).once('error', fail).once('close', closed);
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
  });
}

/** The address behind a host's name. Throws `io` where there is none. */
export async function addressOf(settings: Settings, signal: AbortSignal): Promise<string> {
  if (isIP(settings.host) !== 0 || settings.host.startsWith('/')) return settings.host;
  const late = AbortSignal.timeout(settings.timeoutMs);
  try {
    return await new Promise((resolve, reject) => {
      lookup(settings.host).then(({ address }) => resolve(address), reject);
      late.addEventListener('abort', () => reject(Object.assign(new Error('The name server is silent.'), { code: 'EAI_AGAIN' })), { once: true });
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  } catch (thrown) {
    throw explainNetwork(thrown, settings);
  }
}

/** A socket to the server, without a word said on it. */
export async function dial(settings: Settings, signal: AbortSignal): Promise<Socket> {
  const socket = settings.host.startsWith('/') ? connectSocket(`${settings.host}/.s.PGSQL.${settings.port}`) : connectSocket(settings.port, settings.host);
  try {
    await awaited(socket, 'connect', { timeoutMs: settings.timeoutMs, signal }, () => new StudioError('io', 'The server closed the connection at once.', { place: settings.place }));
  } catch (thrown) {
    throw explainNetwork(thrown, settings);
  }
  return socket;
}

const notPostgresql = (settings: Settings): StudioError =>
  new StudioError('io', `What answers on port ${settings.port} of ${settings.host} is not a PostgreSQL server.`, { place: settings.place, remedy: 'Check the port; PostgreSQL usually listens on 5432.' });

/** Asks whether the server speaks TLS. Throws `io` where it is no PostgreSQL server. */
export async function offersTls(socket: Socket, settings: Settings, signal: AbortSignal): Promise<boolean> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(80_877_103, 4);
  socket.write(request);
  try {
    const answer = await awaited<Buffer>(socket, 'data', { timeoutMs: settings.timeoutMs, signal }, () => notPostgresql(settings));
    const said = answer.toString('latin1');
    if (said === 'S' || said === 'N') return said === 'S';
  } catch (thrown) {
    if (thrown instanceof StudioError) throw thrown;
    const silent = (thrown as NodeJS.ErrnoException).code === 'ETIMEDOUT';
    throw silent ? new StudioError('timeout', `What listens on port ${settings.port} of ${settings.host} did not answer within ${settings.timeoutMs} ms.`, { place: settings.place, remedy: 'Check that it is a PostgreSQL server and that it is not overloaded.' }) : explainNetwork(thrown, settings);
  }
  socket.destroy();
  throw notPostgresql(settings);
}

/** Puts TLS on a socket whose server offers it. Throws `io` naming what is wrong with a certificate. */
export async function encrypt(socket: Socket, settings: Settings, options: ConnectionOptions, signal: AbortSignal): Promise<TLSSocket> {
  try {
    const secure = connectTls({ ...options, socket, host: settings.host, ...(isIP(settings.host) === 0 ? { servername: settings.host } : {}) });
    await awaited(secure, 'secureConnect', { timeoutMs: settings.timeoutMs, signal }, () => new StudioError('io', 'The server ended the connection while the encryption was agreed on.', { place: settings.place, remedy: 'Check the server’s log, and whether it asks for a client certificate.' }));
    return secure;
  } catch (thrown) {
    socket.destroy();
    throw explainNetwork(thrown, settings);
  }
}
