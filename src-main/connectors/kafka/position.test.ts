import { expect, test } from 'vitest';
import { committedOnly } from './aborted.ts';
import { refuseBusy } from './busy.ts';
import { explainKafka, isPassing } from './faults.ts';
import { createTries } from './patience.ts';
import { spansOf } from './position.ts';
import type { Bounds } from './position.ts';

const bounds = (...all: readonly (readonly [oldest: number, end: number, was: number | null])[]): readonly Bounds[] => all.map(([oldest, end, was], partition) => ({ partition, oldest: BigInt(oldest), end: BigInt(end), was: was === null ? null : BigInt(was) }));
const doing = { topic: 't', group: 'g' };
const from = (...args: Parameters<typeof spansOf>) => spansOf(...args).spans.map((span) => [Number(span.from), Number(span.to)]);

test('a partition is read from the group’s place; without one from where it is told; a new one from its beginning', () => {
  expect(from(bounds([0, 9, 4], [2, 5, 5]), 'latest', doing)).toEqual([[4, 9], [5, 5]]);
  expect(from(bounds([3, 9, null], [0, 5, null]), 'earliest', doing)).toEqual([[3, 9], [0, 5]]);
  expect(from(bounds([3, 9, null], [0, 5, null]), 'latest', doing)).toEqual([[9, 9], [5, 5]]);
  for (const at of ['earliest', 'latest', 'committed'] as const) expect(from(bounds([0, 9, 4], [0, 5, null]), at, doing)).toEqual([[4, 9], [0, 5]]);
  expect(() => spansOf(bounds([0, 9, null]), 'committed', doing)).toThrow('The group “g” has no place in “t” yet.');
});

test('what was removed before it was read is counted; a place behind the end is told', () => {
  expect(spansOf(bounds([10, 20, 4], [3, 9, 3]), 'committed', doing)).toMatchObject({ lost: 6n, spans: [{ from: 10n, was: 4n }, { from: 3n }] });
  expect(() => spansOf(bounds([0, 5, 8]), 'earliest', doing)).toThrow('The group “g” stands at 8 in partition 0 of “t”, which ends at 5: the topic was made anew, or messages were lost.');
});

const [TRANSACTIONAL, CONTROL] = [16, 48];
const batch = (firstOffset: number, count: number, producer: number, attributes: number, marker?: 'commit' | 'abort') => ({
  firstOffset: BigInt(firstOffset), lastOffsetDelta: count - 1, producerId: BigInt(producer), attributes,
  records: marker === undefined ? [] : [{ length: 0, attributes: 0, timestampDelta: 0n, offsetDelta: 0, key: Buffer.from([0, 0, 0, marker === 'abort' ? 0 : 1]), value: null, headers: [] }],
});
const seen = (...args: Parameters<typeof committedOnly<ReturnType<typeof batch>>>): readonly number[] => committedOnly(...args).map((one) => Number(one.firstOffset));

test('readers of what is committed see no aborted transaction, wherever its marker is, and each that was committed', () => {
  const log = [
    batch(0, 2, 1, TRANSACTIONAL), batch(2, 1, 2, TRANSACTIONAL), batch(3, 1, 1, CONTROL, 'abort'), batch(4, 1, 1, TRANSACTIONAL), batch(5, 1, 2, CONTROL, 'commit'),
    batch(6, 1, 1, CONTROL, 'commit'), batch(7, 1, 3, 0), batch(8, 2, 1, TRANSACTIONAL), batch(10, 1, 1, CONTROL, 'abort'), batch(11, 1, 2, TRANSACTIONAL),
  ];
  // Two aborted transactions of one producer with a committed one between them, and one whose marker comes in a later answer.
  expect(seen(log, [{ producerId: 1n, firstOffset: 8n }, { producerId: 2n, firstOffset: 11n }, { producerId: 1n, firstOffset: 0n }])).toEqual([2, 4, 7]);
  // One that began before what was asked for.
  expect(seen(log.slice(1), [{ producerId: 1n, firstOffset: 0n }])).toEqual([2, 4, 7, 8, 11]);
  expect(seen(log, [])).toEqual([0, 2, 4, 7, 8, 11]);
});

test('a group that others read with is refused', () => {
  expect(() => refuseBusy('g', { state: 'STABLE', clients: ['app', 'app', 'other'] })).toThrow('The group “g” is in use by 3 consumers (app, other), which read the same messages.');
  expect(() => refuseBusy('g', { state: 'EMPTY', clients: [] })).not.toThrow();
});

const protocol = (apiId: string) => Object.assign(new Error('secret'), { code: 'PLT_KFK_RESPONSE', errors: [Object.assign(new Error('secret'), { code: 'PLT_KFK_PROTOCOL', apiId })] });
const network = (code: string) => Object.assign(new Error('secret'), { code: 'PLT_KFK_NETWORK', cause: Object.assign(new Error('secret'), { code }) });

test('what may pass is waited for, and what can’t is not; the client’s own text, which may hold anything, is never told', () => {
  for (const error of [protocol('NOT_LEADER_OR_FOLLOWER'), protocol('COORDINATOR_NOT_AVAILABLE'), network('ECONNREFUSED'), network('ECONNRESET')]) expect(isPassing(error)).toBe(true);
  for (const error of [protocol('TOPIC_AUTHORIZATION_FAILED'), protocol('UNKNOWN_TOPIC_OR_PARTITION'), network('ENOTFOUND'), network('DEPTH_ZERO_SELF_SIGNED_CERT'), new Error('secret'), 'secret']) expect(isPassing(error)).toBe(false);
  const told = [protocol('GROUP_AUTHORIZATION_FAILED'), protocol('MESSAGE_TOO_LARGE'), protocol('OFFSET_OUT_OF_RANGE'), protocol('SOMETHING_NEW'), new Error('secret')].map((error) => explainKafka(error, { place: 'h:1', ...doing }));
  expect(told.map((error) => error.message)).toEqual([
    'The user may not use the group “g”.', 'A message, or the batch it is in, is larger than the topic “t” takes.', 'Messages of the topic “t” were removed while they were read.', 'The cluster refused: SOMETHING_NEW.', 'The cluster refused: it did not say why.',
  ]);
  for (const { message, remedy, detail } of told) expect(`${message} ${remedy} ${detail}`).not.toContain('secret');
});

test('tries go on while patience lasts, and each success starts it anew', async () => {
  let now = 0;
  const said: string[] = [];
  const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
  const tries = createTries({ ms: 150, signal: new AbortController().signal, steady: () => now, say: (line) => said.push(line) }, { place: 'h:1' });
  let left = 2;
  expect(await tries.attempt(() => ((now += 60), (left -= 1) >= 0 ? Promise.reject(refused) : Promise.resolve('done')))).toBe('done');
  await expect(tries.attempt(() => ((now += 60), Promise.reject(refused)))).rejects.toThrow('Nothing listens there. It was tried again for 0.2 s.');
  expect(said).toHaveLength(2);
});
