import { ipcRenderer } from 'electron';

/**
 * The pipe between the window and the studio, and nothing else: not edited when a call or a command is added.
 *
 * The window posts `{ type: 'millrace:want-port' }` to itself, once a load, and gets back `{ type: 'millrace:port' }` with one
 * MessagePort that speaks the contract (oRPC's message-port link; call `port.start()`). What is chosen in the native menu arrives as
 * `{ type: 'millrace:command', id }`. The window knows that it is under Electron by `Electron/` in `navigator.userAgent`;
 * otherwise it was served by the server host, and opens a WebSocket at `/rpc` of its own origin: the token is in its cookie.
 */
window.addEventListener('message', (event: MessageEvent<{ readonly type?: unknown } | null>) => {
  if (event.source === window && event.data?.type === 'millrace:want-port') ipcRenderer.send('millrace:want-port');
});

ipcRenderer.on('millrace:port', (event) => window.postMessage({ type: 'millrace:port' }, '*', [...event.ports]));

ipcRenderer.on('millrace:command', (_event, id: unknown) => window.postMessage({ type: 'millrace:command', id }, '*'));
