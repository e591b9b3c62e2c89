import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

/** Waits until a socket is connected and closes it again. Rejects with what hindered it. */
function settled<S extends Socket, T>(socket: S, event: 'connect' | 'secureConnect', timeoutMs: number, signal: AbortSignal, result: (socket: S) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (finish: () => void): void => {
      signal.removeEventListener('abort', stop);
      finish();
      socket.destroy();
    };
    const stop = (): void => end(() => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')));
    signal.addEventListener('abort', stop, { once: true });
    socket.setTimeout(timeoutMs, () => end(() => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))));
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('close', () => end(() => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))));
    socket.once(event, () => end(() => resolve(result(socket))));
  });
}

/** Does anything listen there? Rejects with the system's error where nothing does. */
export const portAnswers = (host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<void> => settled(connect({ host, port }), 'connect', timeoutMs, signal, () => undefined);

/** Shakes hands over TLS and says which version of it was agreed on. */
export const tlsAnswers = (options: ConnectionOptions, timeoutMs: number, signal: AbortSignal): Promise<string> => settled(connectTls(options), 'secureConnect', timeoutMs, signal, (socket) => socket.getProtocol() ?? 'TLS');
