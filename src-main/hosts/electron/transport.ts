import { ipcMain, MessageChannelMain } from 'electron';
import type { MessagePortMain } from 'electron';
import { RPCHandler } from '@orpc/server/message-port';
import type { ApiContext } from '../../api/context.ts';
import { answerUnreadable } from '../../api/errors.ts';
import { router } from '../../api/router.ts';
import { isOwnUrl } from './addresses.ts';

/** A port holds what arrives until it is started. A studio that does not open is told of by main.ts. */
async function answerOn(port: MessagePortMain, opening: Promise<ApiContext>, handler: RPCHandler<ApiContext>): Promise<void> {
  const context = await opening.catch(() => null);
  if (context === null) return port.close();
  handler.upgrade(port, { context });
  port.start();
}

/**
 * Gives the window a port whenever it asks for one, which it does once a load, and answers the contract's calls on it. The window may
 * ask before the studio is open: its first calls wait. Returns the way to stop, before the studio closes.
 */
export function servePorts(opening: Promise<ApiContext>): () => void {
  const handler = new RPCHandler<ApiContext>(router, { interceptors: [answerUnreadable] });
  const ports = new Set<MessagePortMain>();
  ipcMain.on('millrace:want-port', (event) => {
    const frame = event.senderFrame;
    if (frame === null || !isOwnUrl(frame.url) || frame.parent !== null) return;
    const { port1, port2 } = new MessageChannelMain();
    ports.add(port1);
    port1.on('close', () => ports.delete(port1));
    frame.postMessage('millrace:port', null, [port2]);
    void answerOn(port1, opening, handler);
  });
  return () => {
    ipcMain.removeAllListeners('millrace:want-port');
    for (const port of ports) port.close();
  };
}
