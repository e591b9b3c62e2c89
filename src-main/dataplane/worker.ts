import { builtInNodes } from '../nodes/registry.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { createWorkerLoop } from './worker-loop.ts';

/** What Electron gives a utility process to talk to its parent; elsewhere there is Node's own channel. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const { parentPort } = process as unknown as { readonly parentPort?: ParentPort | null };
const send = (message: FromWorker): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port, not a window
  if (parentPort) parentPort.postMessage(message);
  else if (process.connected) process.send?.(message);
};

const loop = createWorkerLoop(builtInNodes, send);
const exit = (): void => process.exit(0);
/** Without a parent there is nobody to work for: stop what runs, remove what was spilled, and go, within half a second. */
const leave = (): void => {
  setTimeout(exit, 500).unref();
  loop.close().then(exit, exit);
};

if (parentPort) parentPort.on('message', (event) => loop.receive(event.data as ToWorker));
else {
  process.on('message', (message) => loop.receive(message as ToWorker));
  process.on('disconnect', leave);
}
process.on('SIGTERM', leave);
// A key press of Ctrl+C reaches the whole group of processes: the parent decides what becomes of the run.
process.on('SIGINT', () => undefined);
send({ kind: 'ready' });
