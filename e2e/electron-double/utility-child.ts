import { EventEmitter } from 'node:events';

/** Imported first in a utility process: it has a parentPort, and not what a forked Node process has instead. */
class ParentPort extends EventEmitter {
  readonly #send = process.send?.bind(process);

  postMessage(message: unknown): void {
    this.#send?.(message, undefined, undefined, () => undefined);
  }
}

const parentPort = new ParentPort();
process.on('message', (data) => parentPort.emit('message', { data, ports: [] }));
process.on('disconnect', () => process.exit(0));
Object.defineProperty(process, 'parentPort', { value: parentPort });
Object.defineProperty(process, 'send', { value: undefined });
