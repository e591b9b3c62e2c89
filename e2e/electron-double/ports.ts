import { EventEmitter } from 'node:events';
import type { MessagePortMain as RealPort } from 'electron';

/** Where a port's messages go: the other end in this process, or a page. */
export interface PortPeer {
  deliver(data: unknown): void;
  closed(): void;
}

/** One end of a channel in the main process. Like the real one it holds what arrives until it is started. */
export class MessagePortMain extends EventEmitter implements PortPeer, Pick<RealPort, 'start' | 'close'> {
  #peer: PortPeer | null = null;
  #held: unknown[] | null = [];
  #open = true;

  /** Ties this end to another. Returns what the old peer was, so that a page can take its place. */
  entangle(peer: PortPeer | null): PortPeer | null {
    const before = this.#peer;
    this.#peer = peer;
    return before;
  }

  postMessage(data: unknown, transfer: readonly MessagePortMain[] = []): void {
    if (transfer.length > 0) throw new TypeError('The double does not transfer ports over ports.');
    const copy: unknown = structuredClone(data);
    const peer = this.#peer;
    if (this.#open && peer !== null) setImmediate(() => peer.deliver(copy));
  }

  start(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const data of held) this.deliver(data);
  }

  close(): void {
    if (!this.#open) return;
    const peer = this.#peer;
    setImmediate(() => peer?.closed());
    this.closed();
  }

  deliver(data: unknown): void {
    if (!this.#open) return;
    if (this.#held === null) this.emit('message', { data, ports: [] });
    else this.#held.push(data);
  }

  closed(): void {
    if (!this.#open) return;
    this.#open = false;
    setImmediate(() => this.emit('close'));
  }
}

/** Two ends of one channel; either may be sent to a page. */
export class MessageChannelMain {
  readonly port1 = new MessagePortMain();
  readonly port2 = new MessagePortMain();

  constructor() {
    this.port1.entangle(this.port2);
    this.port2.entangle(this.port1);
  }
}

/** The other end of one that was sent away now talks to `page`; that other end is what the page's messages are delivered to. */
export function sendPortAway(port: MessagePortMain, page: PortPeer): MessagePortMain {
  const other = port.entangle(null);
  if (!(other instanceof MessagePortMain)) throw new TypeError('This port was sent away already.');
  other.entangle(page);
  return other;
}
