import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { StudioError } from '#shared/errors';
import type { Settings } from './settings.ts';

const silent = (settings: Settings): StudioError =>
  new StudioError('timeout', `“${settings.host}”, port ${settings.port}, takes connections but says nothing within ${settings.timeoutMs.toLocaleString('en')} ms.`, { place: settings.place, remedy: 'Check that a MySQL or MariaDB server listens there, and that it is not stuck.' });

/** A MySQL server speaks first: a packet with the number 0 that holds the protocol's version 10, or an error. */
const isGreeting = (bytes: Buffer): boolean => bytes.length >= 5 && bytes[3] === 0 && (bytes[4] === 10 || bytes[4] === 0xff);

/**
 * A socket to the server, which has begun to speak as MySQL does. Throws what the network says (with its code), and StudioError where
 * something else answers, or nothing. Ends soon after the signal.
 */
export async function dial(settings: Settings, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connect({ host: settings.host, port: settings.port, noDelay: true, keepAlive: true });
  let connected = false;
  const timer = setTimeout(() => socket.destroy(connected ? silent(settings) : Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' })), settings.timeoutMs);
  const stop = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await once(socket, 'connect');
    connected = true;
    // TLS asks the socket who was called, where the host is an address.
    Object.assign(socket, { _host: settings.host });
    const ended = once(socket, 'end').then(() => Promise.reject(Object.assign(new Error('closed'), { code: 'PROTOCOL_CONNECTION_LOST' })));
    ended.catch(() => undefined);
    for (;;) {
      await Promise.race([once(socket, 'readable'), ended]);
      const bytes = socket.read() as Buffer | null;
      if (bytes === null) continue;
      if (bytes.length >= 5 && !isGreeting(bytes)) throw new StudioError('unsupported', `What listens on port ${settings.port} of “${settings.host}” is no MySQL or MariaDB server.`, { place: settings.place, remedy: 'Correct the host and the port of the connection.' });
      socket.unshift(bytes);
      if (bytes.length >= 5) return socket;
    }
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    socket.removeAllListeners('end').removeAllListeners('readable');
  }
}
