import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

/** Opens an encrypted line to a broker and closes it: rejects with what is wrong with its certificate, or with ours. */
export function shakeHands({ host, port }: { readonly host: string; readonly port: number }, tls: ConnectionOptions, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...tls, host, port, ...(isIP(host) === 0 ? { servername: host } : {}) });
    const over = (error?: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    const timer = setTimeout(() => over(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })), timeoutMs);
    socket.once('secureConnect', () => over());
    socket.once('error', over);
  });
}
