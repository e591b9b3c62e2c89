import { StudioError } from '#shared/errors';
import type { Doing } from './faults.ts';
import { explainKafka } from './faults.ts';
import { createTries } from './patience.ts';
import type { Patience } from './patience.ts';
import { listening, quietly } from './reach.ts';
import { clientOptions } from './settings.ts';
import type { KafkaSettings } from './settings.ts';

export interface Delivery {
  readonly acks: 'all' | 'leader';
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
}

/** A message with the partition it goes to. */
export interface Parcel {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [string, Buffer])[];
  readonly partition: number;
  readonly timestamp: bigint | null;
}

/** What the cluster has confirmed of a partition: how many messages, from the first offset to the last. */
export interface Confirmed {
  readonly partition: number;
  readonly count: number;
  readonly first: bigint;
  readonly last: bigint;
}

export interface Sender {
  /** How many partitions the topic has. Throws not_found where there is no such topic. */
  partitions(): Promise<number>;
  /** The partition that Kafka's own clients choose for a key. */
  partitionOf(key: Buffer, partitions: number): number;
  /** Resolves when the cluster has confirmed all of it. Throws a sentence that says what was confirmed, and of what nobody knows. */
  send(parcels: readonly Parcel[]): Promise<void>;
  readonly confirmed: () => readonly Confirmed[];
  close(): Promise<void>;
}

const [FIRST_MS, LONGEST_MS] = [100, 2000];
const POSITIVE = 0x7fff_ffff;

/** So many waits that double from 100 ms to 2 s come to about `ms`. The client takes fewer than two for no limit at all. */
const waitsIn = (ms: number): number => Math.max(2, Math.ceil(ms <= 3100 ? Math.log2(ms / FIRST_MS + 1) : 5 + (ms - 3100) / LONGEST_MS));

const listed = (confirmed: readonly Confirmed[]): string => confirmed.map(({ partition, first, last }) => `partition ${partition}: ${first}–${last}`).join(', ');

/** Sends to one topic, in order. With `all` each message is written once however often a line is cut: the client repeats a batch under its own number, and the cluster knows it. */
export async function openSender(settings: KafkaSettings, topic: string, { acks, compression }: Delivery, patience: Patience, doing: Doing): Promise<Sender> {
  const { Producer, murmur2 } = await import('@platformatic/kafka');
  const { ms, signal, say } = patience;
  const retryDelay = (_client: object, operation: string, attempt: number, _retries: number, error: Error): number => {
    if (attempt === 1) say(`${explainKafka(error, doing).message} Trying again (${operation}) for about ${Math.max(1, Math.round(ms / 1000))} s.`);
    return Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS);
  };
  const producer = listening(new Producer({
    ...clientOptions(settings),
    retries: waitsIn(ms), retryDelay, compression,
    // A producer that has no number yet asks for one with -1.
    ...(acks === 'all' ? { idempotent: true, producerId: -1n, producerEpoch: -1 } : { acks: 1, maxInflights: 1 }),
  }));
  const found = new Map<number, Confirmed>();
  const note = (offsets: readonly { readonly partition: number; readonly offset: bigint }[], parcels: readonly Parcel[]): void => {
    for (const { partition, offset } of offsets) {
      const count = parcels.filter((parcel) => parcel.partition === partition).length;
      const before = found.get(partition);
      if (offset >= 0n && count > 0) found.set(partition, { partition, count: (before?.count ?? 0) + count, first: before?.first ?? offset, last: offset + BigInt(count) - 1n });
    }
  };
  const confirmed = (): readonly Confirmed[] => [...found.values()].toSorted((a, b) => a.partition - b.partition);
  const stop = (): void => void quietly(() => producer.close(true));
  signal.addEventListener('abort', stop, { once: true });

  const failed = (error: unknown, parcels: readonly Parcel[]): StudioError => {
    const partly = typeof error === 'object' && error !== null && 'produced' in error ? (error.produced as { readonly offsets?: readonly { partition: number; offset: bigint }[] }) : {};
    note(partly.offsets ?? [], parcels);
    const { code, message, place, remedy, detail } = explainKafka(error, doing);
    const sure = confirmed();
    const total = sure.reduce((sum, one) => sum + one.count, 0);
    const unsure = parcels.filter((parcel) => !(partly.offsets ?? []).some((one) => one.partition === parcel.partition)).length;
    const known = total === 0 ? 'No message was confirmed' : `${total} message${total === 1 ? ' was' : 's were'} confirmed (${listed(sure)})`;
    return new StudioError(code, `${message} ${known}; of ${unsure} more it is not known whether they were written.`, { ...(place === undefined ? {} : { place }), ...(remedy === undefined ? {} : { remedy }), ...(detail === undefined ? {} : { detail }) });
  };

  return {
    partitions: () => createTries(patience, doing).attempt(async () => (await producer.metadata({ topics: [topic], forceUpdate: true, retries: 0 })).topics.get(topic)?.partitionsCount ?? 0),
    partitionOf: (key, partitions) => (murmur2(key) & POSITIVE) % partitions,
    async send(parcels) {
      try {
        const messages = parcels.map(({ key, value, headers, partition, timestamp }) => ({
          topic, partition,
          // The client's types know no message without a value; the protocol and the client's code do.
          value: value as Buffer,
          headers: new Map(headers.map(([name, bytes]) => [Buffer.from(name), bytes])),
          ...(key === null ? {} : { key }),
          ...(timestamp === null ? {} : { timestamp }),
        }));
        note((await producer.send({ messages })).offsets ?? [], parcels);
      } catch (error) {
        signal.throwIfAborted();
        throw failed(error, parcels);
      }
    },
    confirmed,
    async close() {
      signal.removeEventListener('abort', stop);
      await quietly(() => producer.close(true));
    },
  };
}
