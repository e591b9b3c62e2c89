import type { Consumer as Client } from '@platformatic/kafka';
import { StudioError } from '#shared/errors';

/** Where a group that has no place in a topic begins. */
export type From = 'earliest' | 'latest' | 'committed';
/** What a reader sees of transactions. */
export type Isolation = 'committed' | 'uncommitted';
const LEVEL = { uncommitted: 0, committed: 1 } as const;
const [EARLIEST, LATEST] = [-2n, -1n];

/** A stretch of one partition: from `from` up to, without, `to`. `was`: the group's own place when the run began; null where it had none. */
export interface Span {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly was: bigint | null;
  /** The oldest message that is still there. */
  readonly oldest: bigint;
}

/** The group's place by partition, in their order; null where it has none. */
export async function committedIn(client: Client, topic: string, partitions: number): Promise<readonly (bigint | null)[]> {
  const found = await client.listCommittedOffsets({ topics: [{ topic, partitions: Array.from({ length: partitions }, (_, index) => index) }] });
  const offsets = found.get(topic) ?? [];
  return Array.from({ length: partitions }, (_, index) => (offsets[index] === undefined || offsets[index] < 0n ? null : offsets[index]));
}

export interface Bounds {
  readonly partition: number;
  readonly oldest: bigint;
  readonly end: bigint;
  readonly was: bigint | null;
}

/** Where every partition begins and ends now, and where the group stands. */
export async function boundsOf(client: Client, topic: string, isolation: Isolation): Promise<readonly Bounds[]> {
  const metadata = await client.metadata({ topics: [topic], forceUpdate: true });
  const count = metadata.topics.get(topic)?.partitionsCount ?? 0;
  const isolationLevel = LEVEL[isolation];
  const oldest = (await client.listOffsets({ topics: [topic], timestamp: EARLIEST, isolationLevel })).get(topic) ?? [];
  const ends = (await client.listOffsets({ topics: [topic], timestamp: LATEST, isolationLevel })).get(topic) ?? [];
  const places = await committedIn(client, topic, count);
  return Array.from({ length: count }, (_, partition) => ({ partition, oldest: oldest[partition] ?? 0n, end: ends[partition] ?? 0n, was: places[partition] ?? null }));
}

/**
 * What a run reads. A partition starts at the group's place. Where the group has none, `from` says where; but a partition that came after
 * the group had found its place in others is new, and read from its first message. `lost` counts messages that were removed before the
 * group had read them. Throws not_found for `committed` without a place, and conflict for a place behind the end: the topic was made anew.
 */
export function spansOf(bounds: readonly Bounds[], from: From, doing: { readonly topic: string; readonly group: string }): { readonly spans: readonly Span[]; readonly lost: bigint } {
  const hasPlace = bounds.some((one) => one.was !== null);
  const { topic, group } = doing;
  if (!hasPlace && from === 'committed') throw new StudioError('not_found', `The group “${group}” has no place in “${topic}” yet.`, { place: topic, remedy: 'Let it begin at the beginning or at the end the first time.' });
  let lost = 0n;
  const spans = bounds.map(({ partition, oldest, end, was }): Span => {
    if (was !== null && was > end) throw new StudioError('conflict', `The group “${group}” stands at ${was} in partition ${partition} of “${topic}”, which ends at ${end}: the topic was made anew, or messages were lost.`, { place: topic, remedy: 'Reset the group’s place at the cluster, or choose another group.' });
    if (was === null) return { partition, from: hasPlace || from === 'earliest' ? oldest : end, to: end, was, oldest };
    if (was < oldest) lost += oldest - was;
    return { partition, from: was < oldest ? oldest : was, to: end, was, oldest };
  });
  return { spans, lost };
}
