import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Login } from './kafka-login.testing.ts';
import { createLogin } from './kafka-login.testing.ts';

/**
 * Librdkafka's mock broker knows neither TLS nor logins, tells everybody its own address, and of one call (ListOffsets) it claims versions
 * that it answers wrongly. This door in front of it speaks what it does not, and lets all else through byte for byte.
 */
export interface Door {
  readonly port: number;
  close(): Promise<void>;
}

export interface DoorOptions {
  /** The broker behind it. */
  readonly target: number;
  /** Where clients are to go instead of to the brokers' own ports. */
  readonly addresses: () => ReadonlyMap<number, number>;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly login?: Login;
  /** What becomes of commits of offsets: they are lost on their way to the broker, or its answer is. Null: neither. */
  readonly loses?: () => 'commits' | 'answers' | null;
  readonly onLost?: () => void;
  /** Topics that it says are not there: the mock makes every topic that it is asked for. */
  readonly hidden?: ReadonlySet<string>;
}

const API = { listOffsets: 2, commit: 8, metadata: 3, findCoordinator: 10, handshake: 17, versions: 18, authenticate: 36 } as const;
/** The last version of ListOffsets that librdkafka 2.0's mock answers as the protocol says. */
const LIST_OFFSETS_MAX = 3;
const UNKNOWN_TOPIC = 3;
const HOST = Buffer.from('127.0.0.1');

/** Whole frames out of a stream of bytes: each with its length in front. */
function framing(listener: (frame: Buffer) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      listener(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
}

const framed = (body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
};

/** What the broker says it can: with the door's own calls, and without what it can't. */
function versions(frame: Buffer, hasLogin: boolean): Buffer {
  if (frame.readInt16BE(8) !== 0) return frame;
  const count = frame.readInt32BE(10);
  const changed = Buffer.from(frame);
  for (let at = 14; at < 14 + 6 * count; at += 6) if (changed.readInt16BE(at) === API.listOffsets) changed.writeInt16BE(LIST_OFFSETS_MAX, at + 4);
  if (!hasLogin) return changed;
  const own = Buffer.alloc(12);
  [API.handshake, 0, 1, API.authenticate, 0, 0].forEach((value, index) => own.writeInt16BE(value, 2 * index));
  changed.writeInt32BE(count + 2, 10);
  return framed(Buffer.concat([changed.subarray(4, 14), own, changed.subarray(14)]));
}

function readdressed(frame: Buffer, addresses: ReadonlyMap<number, number>, hidden: ReadonlySet<string> = new Set()): Buffer {
  const changed = Buffer.from(frame);
  for (const topic of hidden) {
    const at = changed.indexOf(Buffer.concat([Buffer.from([0, topic.length]), Buffer.from(topic)]));
    if (at > 0) changed.writeInt16BE(UNKNOWN_TOPIC, at - 2);
  }
  for (let at = changed.indexOf(HOST); at >= 0; at = changed.indexOf(HOST, at + HOST.length)) {
    const port = at + HOST.length;
    const to = addresses.get(changed.readInt32BE(port));
    if (to !== undefined) changed.writeInt32BE(to, port);
  }
  return changed;
}

function serve(client: Socket, { target, addresses, login, hidden, loses = () => null, onLost }: DoorOptions): void {
  const upstream = connect(target, '127.0.0.1');
  const asked = new Map<number, number>();
  const talk = login === undefined ? null : createLogin(login);
  client.on('data', framing((frame) => {
    const [api, correlation] = [frame.readInt16BE(4), frame.readInt32BE(8)];
    if (talk !== null && (api === API.handshake || api === API.authenticate)) {
      const head = Buffer.alloc(4);
      head.writeInt32BE(correlation);
      const body = frame.subarray(14 + Math.max(0, frame.readInt16BE(12)));
      client.write(framed(Buffer.concat([head, api === API.handshake ? talk.handshake(body) : talk.authenticate(body)])));
    } else if (api === API.commit && loses() === 'commits') onLost?.();
    else if (talk === null || talk.isIn() || api === API.versions) {
      asked.set(correlation, api);
      upstream.write(frame);
    } else client.destroy();
  }));
  upstream.on('data', framing((frame) => {
    const api = asked.get(frame.readInt32BE(4));
    asked.delete(frame.readInt32BE(4));
    if (api === API.commit && loses() === 'answers') return onLost?.();
    if (api === API.versions) client.write(versions(frame, talk !== null));
    else client.write(api === API.metadata || api === API.findCoordinator ? readdressed(frame, addresses(), hidden) : frame);
  }));
  for (const [one, other] of [[client, upstream], [upstream, client]] as const) one.on('error', () => other.destroy()).on('close', () => other.destroy());
}

/** Opens a door on a port of its own. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const open = new Set<Socket>();
  const onClient = (client: Socket): void => {
    open.add(client);
    client.once('close', () => open.delete(client));
    serve(client, options);
  };
  const server = options.tls === undefined ? createServer(onClient) : createTlsServer(options.tls, onClient);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const client of open) client.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
