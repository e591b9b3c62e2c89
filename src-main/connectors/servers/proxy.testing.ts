import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Stands between a client and a server on loopback, so that a test can cut, stall and slow the line between them. */
export interface Proxy {
  readonly port: number;
  /** Bytes that the server has sent through it. */
  readonly received: () => number;
  /** Bytes that clients have sent through it. */
  readonly sent: () => number;
  /** Ends every connection at once, as a broken line does (RST). New ones are let through. */
  readonly cut: () => void;
  /** Cuts every connection when the server has sent so many bytes more (`down`), or the clients have (`up`). */
  readonly cutAfter: (direction: 'down' | 'up', bytes: number) => void;
  /** Nothing passes in either direction until `flow`: the line is silent, not cut. */
  readonly stall: () => void;
  readonly flow: () => void;
  /** New connections are refused (true) or let through. */
  readonly refuse: (on: boolean) => void;
  readonly close: () => Promise<void>;
}

/** A proxy on a port of its own to `target` on 127.0.0.1. */
export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const passed = { down: 0, up: 0 };
  const limit = { down: Number.POSITIVE_INFINITY, up: Number.POSITIVE_INFINITY };
  let stalled = false;
  let refusing = false;
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const pass = (from: Socket, to: Socket, direction: 'down' | 'up'): void => {
    from.on('data', (bytes) => {
      passed[direction] += bytes.length;
      if (passed[direction] >= limit[direction]) {
        limit[direction] = Number.POSITIVE_INFINITY;
        cut();
      } else if (!to.destroyed && !to.write(bytes)) {
        from.pause();
        to.once('drain', () => (stalled ? undefined : from.resume()));
      }
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    if (refusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    sockets.add(client).add(upstream);
    pass(client, upstream, 'up');
    pass(upstream, client, 'down');
    if (stalled) for (const socket of [client, upstream]) socket.pause();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received: () => passed.down,
    sent: () => passed.up,
    cut,
    cutAfter: (direction, bytes) => void (limit[direction] = passed[direction] + bytes),
    stall() {
      stalled = true;
      for (const socket of sockets) socket.pause();
    },
    flow() {
      stalled = false;
      for (const socket of sockets) socket.resume();
    },
    refuse: (on) => void (refusing = on),
    async close() {
      cut();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
