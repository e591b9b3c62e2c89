import type { RecordsBatch } from '@platformatic/kafka';

/** Bits of a batch's attributes. */
const [TRANSACTIONAL, CONTROL] = [1 << 4, 1 << 5];
const ABORT = 0;

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export const isControl = (batch: Pick<RecordsBatch, 'attributes'>): boolean => (batch.attributes & CONTROL) !== 0;
const endOf = (batch: Pick<RecordsBatch, 'firstOffset' | 'lastOffsetDelta'>): bigint => batch.firstOffset + BigInt(batch.lastOffsetDelta);

/** The offset after a batch, also where compaction has taken its last messages. */
export const afterBatch = (batch: Pick<RecordsBatch, 'firstOffset' | 'lastOffsetDelta'>): bigint => endOf(batch) + 1n;

/**
 * The batches that readers of committed messages may see, in order: without control batches, and without those of transactions that were
 * aborted. `aborted` is the broker's list for this response. The algorithm is that of Kafka's own consumer: a producer is out from the
 * first offset of an aborted transaction up to its abort marker, or to the end where the marker comes later.
 */
export function committedOnly<B extends Pick<RecordsBatch, 'attributes' | 'firstOffset' | 'lastOffsetDelta' | 'producerId' | 'records'>>(batches: readonly B[], aborted: readonly AbortedTransaction[]): readonly B[] {
  const open = aborted.toSorted((a, b) => (a.firstOffset < b.firstOffset ? -1 : a.firstOffset > b.firstOffset ? 1 : 0));
  const out = new Set<bigint>();
  let next = 0;
  return batches.filter((batch) => {
    for (let one = open[next]; one !== undefined && one.firstOffset <= endOf(batch); one = open[next]) {
      out.add(one.producerId);
      next += 1;
    }
    if (isControl(batch)) {
      if (batch.records[0]?.key?.readInt16BE(2) === ABORT) out.delete(batch.producerId);
      return false;
    }
    return (batch.attributes & TRANSACTIONAL) === 0 || !out.has(batch.producerId);
  });
}
