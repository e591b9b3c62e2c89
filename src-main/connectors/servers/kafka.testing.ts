import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDoor } from './kafka-door.testing.ts';
import type { Door } from './kafka-door.testing.ts';
import type { Login } from './kafka-login.testing.ts';
import { startProxy } from './proxy.testing.ts';
import type { Proxy } from './proxy.testing.ts';
import { findProgram, serverFolder, startServer } from './server.testing.ts';
import type { Server } from './server.testing.ts';

/** Librdkafka's mock of a cluster, which Debian's kcat brings. Topics come into being when they are first asked for, with four partitions. */
export interface Kafka {
  readonly server: Server;
  /** What a client starts from: `127.0.0.1:port` of each broker. */
  readonly bootstrap: string;
  /** One a broker: every connection goes through it. */
  readonly proxies: readonly Proxy[];
  /** The certificate that clients have to trust, where it speaks TLS. */
  readonly ca: string;
  /** From now on commits of offsets are lost on their way to the broker, or the broker's answers are; null: no more. */
  readonly lose: (what: 'commits' | 'answers' | null) => void;
  /** How many were lost. */
  readonly lost: () => number;
  readonly stop: () => Promise<void>;
}

const kcat = findProgram('kcat');
/** Why there is none here; null where there is. */
export const noKafka: string | null = kcat === null ? 'kcat is not installed (Debian: apt-get install kcat)' : null;

function certificate(folder: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  execFileSync(findProgram('openssl') ?? 'openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

/** Starts a cluster. `tls` and `login` are spoken by a door in front of each broker. */
export async function startKafka(options: { readonly brokers?: number; readonly tls?: boolean; readonly login?: Login; readonly hidden?: ReadonlySet<string> } = {}): Promise<Kafka> {
  const folder = serverFolder('kafka');
  let ports: readonly number[] = [];
  const server = await startServer({
    command: kcat ?? 'kcat', folder, port: 0,
    args: ['-b', 'mock:1', '-X', `test.mock.num.brokers=${options.brokers ?? 1}`, '-d', 'mock', '-C', '-t', 'millrace-mock'],
    ready(output) {
      ports = [...(/bootstrap\.servers=([\d.:,]+)/.exec(output)?.[1] ?? '').matchAll(/:(\d+)/g)].map((found) => Number(found[1]));
      return ports.length > 0 && output.includes('New connection');
    },
  });
  let losing: 'commits' | 'answers' | null = null;
  let lost = 0;
  const addresses = new Map<number, number>();
  const tls = options.tls === true ? certificate(folder) : undefined;
  const doors: Door[] = [];
  const proxies: Proxy[] = [];
  for (const target of ports) {
    const door = await openDoor({ target, addresses: () => addresses, loses: () => losing, onLost: () => void (lost += 1), ...(tls === undefined ? {} : { tls }), ...(options.login === undefined ? {} : { login: options.login }), ...(options.hidden === undefined ? {} : { hidden: options.hidden }) });
    const proxy = await startProxy(door.port);
    doors.push(door);
    proxies.push(proxy);
    addresses.set(target, proxy.port);
  }
  return {
    server,
    bootstrap: proxies.map((proxy) => `127.0.0.1:${proxy.port}`).join(','),
    proxies,
    ca: tls?.cert ?? '',
    lose: (what) => void (losing = what),
    lost: () => lost,
    async stop() {
      for (const proxy of proxies) await proxy.close();
      for (const door of doors) await door.close();
      await server.stop();
    },
  };
}

/** A message as a test writes it. */
export interface Said {
  readonly value: string | Buffer | null;
  readonly key?: string;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** In ms since 1970. */
  readonly at?: number;
}

/** Writes messages in their order, as another program would. */
export async function say(kafka: Pick<Kafka, 'bootstrap'>, topic: string, messages: readonly Said[], compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' = 'none'): Promise<void> {
  const { Producer } = await import('@platformatic/kafka');
  const producer = new Producer({ clientId: 'test', bootstrapBrokers: kafka.bootstrap.split(','), compression });
  await producer.send({
    acks: -1,
    messages: messages.map(({ value, key, partition = 0, headers = {}, at }) => ({
      topic, partition,
      // The client's own types know no tombstones; the protocol does.
      value: (typeof value === 'string' ? Buffer.from(value) : value) as Buffer,
      headers: new Map(Object.entries(headers).map(([name, one]) => [Buffer.from(name), Buffer.from(one)])),
      ...(key === undefined ? {} : { key: Buffer.from(key) }),
      ...(at === undefined ? {} : { timestamp: BigInt(at) }),
    })),
  });
  await producer.close();
}

/** Where a group stands in each of a topic's four partitions; -1 where it has no place. */
export async function placesOf(kafka: Pick<Kafka, 'bootstrap'>, group: string, topic: string): Promise<readonly number[]> {
  const { Consumer } = await import('@platformatic/kafka');
  const client = new Consumer({ clientId: 'test', bootstrapBrokers: kafka.bootstrap.split(','), groupId: group });
  const found = await client.listCommittedOffsets({ topics: [{ topic, partitions: [0, 1, 2, 3] }] });
  await client.close();
  return (found.get(topic) ?? []).map(Number);
}

/** All messages of a topic as kcat reads them: partition, key, value and headers. Its tombstones are empty values of length -1. */
export async function heardIn(kafka: Pick<Kafka, 'bootstrap'>, topic: string): Promise<readonly { readonly partition: number; readonly offset: number; readonly at: number; readonly key: string; readonly value: string | null; readonly headers: string }[]> {
  const { stdout } = await promisify(execFile)(kcat ?? 'kcat', ['-b', kafka.bootstrap, '-C', '-q', '-e', '-o', 'beginning', '-t', topic, '-f', '%p\\x1f%o\\x1f%T\\x1f%k\\x1f%S\\x1f%s\\x1f%h\\x1e'], { maxBuffer: 1 << 28 });
  return stdout.split('\x1e').slice(0, -1).map((line) => {
    const [partition, offset, at, key = '', size, value = '', headers = ''] = line.split('\x1f');
    return { partition: Number(partition), offset: Number(offset), at: Number(at), key, value: size === '-1' ? null : value, headers };
  });
}
