import type { Consumer as Client } from '@platformatic/kafka';
import { StudioError } from '#shared/errors';
import { afterBatch, committedOnly, isControl } from './aborted.ts';
import type { Tries } from './patience.ts';
import type { Isolation } from './position.ts';
import type { Line } from './reach.ts';

/** One message as it stands in the log. */
export interface Message {
  readonly partition: number;
  readonly offset: bigint;
  /** In ms since 1970. */
  readonly timestamp: bigint;
  readonly key: Buffer | null;
  /** Null: a tombstone. */
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [Buffer | null, Buffer | null])[];
}

export interface Wanted {
  readonly topic: string;
  /** `to`: null where a partition is read on until nothing more comes. */
  readonly spans: readonly { readonly partition: number; readonly from: bigint; readonly to: bigint | null }[];
  readonly isolation: Isolation;
  readonly maxMessages: number | null;
  /** Ends when nothing has come for so long. */
  readonly idleMs: number;
}

export interface Reading {
  /** In each partition in the order of its offsets. Ends at the spans' ends, after `maxMessages`, or when it was idle. */
  readonly messages: AsyncGenerator<readonly Message[]>;
  /** The offset to go on at, by partition: all before it has been given. */
  readonly next: ReadonlyMap<number, bigint>;
  /** Why it ended. */
  readonly ended: () => 'end' | 'count' | 'idle' | null;
}

const PARTITION_BYTES = 1 << 20;
const RESPONSE_BYTES = 4 << 20;
/** How long a broker holds a question that it has nothing for. */
const WAIT_MS = 250;

const NOBODY = -1;

/** Partitions that have not come to their ends, by the broker that leads them. */
async function byLeader(client: Client, topic: string, open: readonly number[]): Promise<{ readonly topicId: string; readonly leaders: ReadonlyMap<number, readonly number[]> }> {
  const metadata = await client.metadata({ topics: [topic] });
  const found = metadata.topics.get(topic);
  if (found === undefined) throw new StudioError('not_found', `The cluster has no topic “${topic}”.`, { place: topic, remedy: 'Check its name.' });
  const leaders = Map.groupBy(open, (partition) => found.partitions[partition]?.leader ?? NOBODY);
  if (leaders.has(NOBODY)) throw Object.assign(new Error('A partition has no leader.'), { apiId: 'LEADER_NOT_AVAILABLE' });
  return { topicId: found.id, leaders };
}

/** Reads by asking each leader for what is wanted next. `steady` is a clock that doesn't jump. */
export function readMessages(line: Line, wanted: Wanted, tries: Tries, { signal, steady }: { readonly signal: AbortSignal; readonly steady: () => number }): Reading {
  const { topic, spans, isolation, maxMessages, idleMs } = wanted;
  const next = new Map(spans.map(({ partition, from }) => [partition, from]));
  let reason: 'end' | 'count' | 'idle' | null = null;

  const isOpen = ({ partition, to }: Wanted['spans'][number]): boolean => to === null || (next.get(partition) ?? 0n) < to;
  const ask = async (client: Client, topicId: string, node: number, partitions: readonly number[]) => {
    const asked = partitions.map((partition) => ({ partition, currentLeaderEpoch: -1, fetchOffset: next.get(partition) ?? 0n, lastFetchedEpoch: -1, partitionMaxBytes: PARTITION_BYTES }));
    const answer = await client.fetch({ node, maxWaitTime: Math.min(WAIT_MS, idleMs), minBytes: 1, maxBytes: RESPONSE_BYTES, isolationLevel: isolation === 'committed' ? 1 : 0, topics: [{ topicId, partitions: asked }] });
    return answer.responses.flatMap((one) => one.partitions);
  };
  const fetched = (): Promise<readonly Answer[]> =>
    tries.attempt(() =>
      line.use(async (client) => {
        const { topicId, leaders } = await byLeader(client, topic, spans.filter(isOpen).map((one) => one.partition));
        return (await Promise.all([...leaders].map(([node, partitions]) => ask(client, topicId, node, partitions)))).flat();
      }),
    );

  async function* messages(): AsyncGenerator<readonly Message[]> {
    let left = maxMessages ?? Number.POSITIVE_INFINITY;
    let lastAt = steady();
    while (reason === null) {
      signal.throwIfAborted();
      if (!spans.some(isOpen)) reason = 'end';
      else if (left <= 0) reason = 'count';
      else {
        let moved = false;
        for (const answer of await fetched()) {
          const span = spans.find((one) => one.partition === answer.partitionIndex);
          if (span === undefined || left <= 0) continue;
          const before = next.get(span.partition) ?? 0n;
          const found = take(answer, { ...span, from: before }, isolation, left);
          next.set(span.partition, found.next);
          moved ||= found.next > before;
          left -= found.messages.length;
          if (found.messages.length > 0) yield found.messages;
        }
        if (moved) lastAt = steady();
        else if (steady() - lastAt >= idleMs) reason = 'idle';
      }
    }
  }
  return { messages: messages(), next, ended: () => reason };
}

type Answer = Awaited<ReturnType<Client['fetch']>>['responses'][number]['partitions'][number];

/** What of an answer was asked for. A batch may begin before that and end behind it. */
function take(answer: Answer, span: Wanted['spans'][number], isolation: Isolation, most: number): { readonly messages: readonly Message[]; readonly next: bigint } {
  const batches = answer.records ?? [];
  const seen = new Set(isolation === 'committed' ? committedOnly(batches, answer.abortedTransactions ?? []) : batches.filter((batch) => !isControl(batch)));
  const messages: Message[] = [];
  let next = span.from;
  for (const batch of batches) {
    if (seen.has(batch)) {
      for (const record of batch.records) {
        const offset = batch.firstOffset + BigInt(record.offsetDelta);
        if (offset < span.from) continue;
        if (span.to !== null && offset >= span.to) return { messages, next: span.to };
        if (messages.length >= most) return { messages, next: offset };
        messages.push({ partition: span.partition, offset, timestamp: batch.firstTimestamp + record.timestampDelta, key: record.key, value: record.value, headers: record.headers });
        next = offset + 1n;
      }
    }
    if (afterBatch(batch) > next) next = afterBatch(batch);
  }
  return { messages, next: span.to !== null && next > span.to ? span.to : next };
}
