import module from 'node:module';
import { workerVeil } from '../connectors/veil.ts';
import { builtInNodes } from '../nodes/registry.ts';
import { eachOf } from './protocol.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { veilOutput } from './veil-output.ts';
import { createWorkerLoop } from './worker-loop.ts';

/** What Electron gives a utility process to talk to its parent; elsewhere there is Node's own channel. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const { parentPort } = process as unknown as { readonly parentPort?: ParentPort | null };
const post = (messages: readonly FromWorker[]): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port, not a window
  if (parentPort) parentPort.postMessage(messages);
  // The parent may be gone before we hear of it: `disconnect` follows, and what could not be said nobody misses.
  else if (process.connected) process.send?.(messages, undefined, undefined, () => undefined);
};

/** Compiled code is kept by an orderly exit, which a worker that is ended never has: so after its first run. */
let cacheKept = false;
const keepCache = (): void => {
  cacheKept = true;
  module.flushCompileCache?.();
};

/** What waits for company: a run has one sample a node, and lines, and then it is closed. Nobody waits for them longer than this. */
const COMPANY_MS = 20;
let waiting: FromWorker[] = [];
let timer: NodeJS.Timeout | null = null;
const flush = (): void => {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  const batch = waiting;
  waiting = [];
  if (batch.length > 0) post(batch);
};
const send = (message: FromWorker): void => {
  waiting.push(message);
  if (message.kind === 'closed' && !cacheKept) keepCache();
  if (message.kind !== 'sample' && message.kind !== 'console') flush();
  else timer ??= setTimeout(flush, COMPANY_MS);
};

veilOutput(process, workerVeil);
const loop = createWorkerLoop(builtInNodes, send, undefined, workerVeil);
type Said = ToWorker | readonly ToWorker[];
const hear = (said: Said): void => eachOf(said, (message) => loop.receive(message));
const exit = (): void => process.exit(0);
/** Without a parent there is nobody to work for: stop what runs, remove what was spilled, and go, within half a second. */
const leave = (): void => {
  setTimeout(exit, 500).unref();
  loop.close().then(exit, exit);
};

if (parentPort) parentPort.on('message', (event) => hear(event.data as Said));
else {
  process.on('message', (message) => hear(message as Said));
  process.on('disconnect', leave);
}
process.on('SIGTERM', leave);
// A key press of Ctrl+C reaches the whole group of processes: the parent decides what becomes of the run.
process.on('SIGINT', () => undefined);
send({ kind: 'ready' });
