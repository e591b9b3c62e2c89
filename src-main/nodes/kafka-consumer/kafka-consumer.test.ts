import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { noKafka, placesOf, say, startKafka } from '../../connectors/servers/kafka.testing.ts';
import type { Kafka, Said } from '../../connectors/servers/kafka.testing.ts';
import { defaultConfig } from '../../dataplane/graphs.testing.ts';
import { runNode } from '../../dataplane/node.testing.ts';
import type { NodeOutcome } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const check = (config: JsonObject) => node.check?.(defaultConfig(node.spec, config)).map((one) => one.field);
let kafka: Kafka;
beforeAll(async () => {
  if (noKafka === null) kafka = await startKafka({ hidden: new Set(['nowhere']) });
}, 60_000);
afterAll(async () => kafka?.stop());

const configOf = (topic: string, more: JsonObject = {}): JsonObject => ({ bootstrap: kafka.bootstrap, topic, groupId: `g-${topic}`, patienceMs: 20_000, ...more });
const read = (topic: string, more: JsonObject = {}, given: Parameters<typeof runNode>[2] = {}): Promise<NodeOutcome> => runNode(node, configOf(topic, more), given);

/** Does what a studio does after the last sink. */
async function settle(outcome: NodeOutcome, topic: string, more: JsonObject = {}): Promise<void> {
  if (outcome.afterwards === null || !('settle' in node) || node.settle === undefined) throw new Error('There is nothing to settle.');
  await node.settle(defaultConfig(node.spec, configOf(topic, more)), outcome.afterwards, { nodeId: 'node', runId: 'run', signal: new AbortController().signal, connection: () => Promise.reject(new Error('There is none.')) });
}

const rowsOf = ({ outputs }: NodeOutcome): readonly Readonly<Record<string, string | null>>[] => {
  const { columns = [], rows = [] } = outputs['out'] ?? {};
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column.name, row[index] ?? null])));
};
const numbered = (from: number, to: number): readonly Said[] => Array.from({ length: to - from }, (_, index) => ({ value: JSON.stringify({ n: from + index }), partition: (from + index) % 4 }));
const seen = (outcome: NodeOutcome): readonly number[] => rowsOf(outcome).map((row) => Number(row['n'])).toSorted((a, b) => a - b);
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, index) => from + index);

describe.skipIf(noKafka !== null)(`kafka.consumer${noKafka === null ? '' : ` (skipped: ${noKafka})`}`, { timeout: 60_000 }, () => {
  test('a JSON message is a row: its fields, and what the log knows of it', async () => {
    await say(kafka, 'plain', [
      { value: '{"id":9007199254740993,"name":"Ana","price":1.5,"ok":true,"tags":["a"],"offset":"own","none":null}', key: 'k1', partition: 2, headers: { trace: 'é' }, at: 1_700_000_000_123 },
      { value: '{"id":2,"name":"Bo","price":2,"ok":false,"tags":{"x":1}}', partition: 2 },
      { value: null, key: 'k1', partition: 2 },
    ]);
    const outcome = await read('plain');
    expect(outcome.outputs['out']?.columns.map((column) => `${column.name} ${column.type}`)).toEqual([
      'id BIGINT', 'name VARCHAR', 'price DOUBLE', 'ok BOOLEAN', 'tags JSON', 'value_offset VARCHAR', 'none JSON', 'more JSON',
      'key VARCHAR', 'headers JSON', 'partition INTEGER', 'offset BIGINT', 'timestamp TIMESTAMP WITH TIME ZONE', 'topic VARCHAR',
    ]);
    const [first, second, tombstone] = rowsOf(outcome);
    expect(first).toMatchObject({ id: '9007199254740993', name: 'Ana', price: '1.5', ok: 'true', tags: '["a"]', value_offset: 'own', none: null, more: null, key: 'k1', headers: '{"trace":"é"}', partition: '2', offset: '0', topic: 'plain' });
    expect(new Date(first?.['timestamp'] ?? '').getTime()).toBe(1_700_000_000_123);
    expect(second).toMatchObject({ id: '2', price: '2.0', tags: '{"x":1}', key: null, headers: null, offset: '1' });
    expect(tombstone).toMatchObject({ id: null, name: null, more: null, key: 'k1', offset: '2' });
  });

  test('a group moves when it is told to and not before; the next run reads on exactly', async () => {
    await say(kafka, 'orders', numbered(0, 50));
    const first = await read('orders');
    expect(seen(first)).toEqual(range(0, 50));
    expect(await placesOf(kafka, 'g-orders', 'orders')).toEqual([-1, -1, -1, -1]);
    // A run that failed after it reads the same again.
    expect(seen(await read('orders'))).toEqual(range(0, 50));
    await settle(first, 'orders');
    expect(await placesOf(kafka, 'g-orders', 'orders')).toEqual([13, 13, 12, 12]);
    await say(kafka, 'orders', numbered(50, 61));
    const second = await read('orders');
    expect(seen(second)).toEqual(range(50, 61));
    // Twice, as after a crash: the first time it is done, then found done.
    await settle(second, 'orders');
    await settle(second, 'orders');
    await settle(first, 'orders');
    const third = await read('orders');
    expect([seen(third), third.afterwards]).toEqual([[], null]);
    // Nothing new, and what follows still finds its columns.
    expect(third.outputs['out']?.columns.map((column) => column.name).slice(0, 2)).toEqual(['n', 'more']);
  });

  test('an attempt that lost its rows gives the same rows again, whatever has come since', async () => {
    await say(kafka, 'again', numbered(0, 10));
    const first = await read('again', { maxMessages: 7 });
    await say(kafka, 'again', numbered(10, 20));
    const second = await read('again', { maxMessages: 7 }, { earlier: first.afterwards ?? {} });
    expect(seen(second)).toEqual(seen(first));
    expect(second.afterwards).toEqual(first.afterwards);
  });

  test('maxMessages bounds a run, and the rest comes in the next ones', async () => {
    await say(kafka, 'many', numbered(0, 25));
    const all: number[] = [];
    for (const count of [10, 10, 5]) {
      const outcome = await read('many', { maxMessages: 10 });
      expect(seen(outcome)).toHaveLength(count);
      all.push(...seen(outcome));
      await settle(outcome, 'many');
    }
    expect(all.toSorted((a, b) => a - b)).toEqual(range(0, 25));
  });

  test('it ends at the end as it was when it began, or when nothing comes any more', async () => {
    await say(kafka, 'ends', numbered(0, 8));
    const ended = await read('ends');
    expect(seen(ended)).toEqual(range(0, 8));
    // Reads on behind the end, and would for a minute: what it has counted ends it.
    const on = read('ends', { until: 'idle', idleMs: 60_000, maxMessages: 12, groupId: 'g-on' });
    await say(kafka, 'ends', numbered(8, 12));
    expect(seen(await on)).toEqual(range(0, 12));
    expect(seen(await read('ends', { until: 'idle', idleMs: 200, groupId: 'g-idle' }))).toEqual(range(0, 12));
  });

  test('without a place it begins at the beginning, at the end, or not at all', async () => {
    await say(kafka, 'begin', numbered(0, 5));
    const latest = await read('begin', { from: 'latest', groupId: 'late' });
    expect(seen(latest)).toEqual([]);
    await settle(latest, 'begin', { groupId: 'late' });
    await say(kafka, 'begin', numbered(5, 9));
    expect(seen(await read('begin', { from: 'latest', groupId: 'late' }))).toEqual(range(5, 9));
    await expect(read('begin', { from: 'committed', groupId: 'none' })).rejects.toThrow('The group “none” has no place in “begin” yet.');
  });

  test('compressed messages of every kind, text, CSV and bytes', async () => {
    for (const compression of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
      await say(kafka, `packed-${compression}`, numbered(0, 500), compression);
      expect(seen(await read(`packed-${compression}`))).toEqual(range(0, 500));
    }
    await say(kafka, 'text', [{ value: 'one, "two"' }, { value: null }, { value: 'é' }]);
    expect(rowsOf(await read('text', { format: 'text' })).map((row) => row['value'])).toEqual(['one, "two"', null, 'é']);
    await say(kafka, 'csv', [{ value: '7,"a ""b"", c",' }, { value: 'x,y,z,w\n' }]);
    expect(rowsOf(await read('csv', { format: 'csv', fields: [{ name: 'id', type: 'BIGINT' }, { name: 'text' }, { name: 'rest' }] }))).toMatchObject([{ id: '7', text: 'a "b", c', rest: '', more: null }, { id: null, text: 'y', rest: 'z', more: '{"id":"x","c4":"w"}' }]);
    await say(kafka, 'bytes', [{ value: Buffer.from([0, 255, 65]) }]);
    expect(rowsOf(await read('bytes', { format: 'bytes' })).map((row) => row['value'])).toEqual(['\\x00\\xFFA']);
  });

  test('a message that is none of its kind is named, left out or kept', async () => {
    await say(kafka, 'bad', [{ value: '{"n":1}', partition: 3 }, { value: '{"n":', partition: 3 }, { value: Buffer.from([0xff, 0xfe]), partition: 3 }]);
    await expect(read('bad')).rejects.toThrow(/The message of “bad” at partition 3, offset 1 is not JSON/);
    const skipped = await read('bad', { onBad: 'skip' });
    expect([seen(skipped), skipped.report['bad messages']]).toEqual([[1], 2]);
    expect(skipped.console.join('\n')).toContain('The message at partition 3, offset 2 is not UTF-8: left out.');
    expect(rowsOf(await read('bad', { onBad: 'keep' })).map((row) => row['more'])).toEqual([null, '"{\\"n\\":"', '"��"']);
  });

  test('a schema that changes under way loses nothing: what has no column, or does not fit, goes into more', async () => {
    await say(kafka, 'drift', Array.from({ length: 1200 }, (_, n) => ({ value: JSON.stringify(n < 1100 ? { n, name: 'x' } : { n: String(n), name: 5, extra: [n] }), partition: 0 })));
    const outcome = await read('drift');
    const rows = rowsOf(outcome);
    expect(rows).toHaveLength(1200);
    expect(rows[1099]).toMatchObject({ n: '1099', name: 'x', more: null });
    expect(rows[1199]).toMatchObject({ n: '1199', name: '5', more: '{"extra":[1199]}' });
    expect(outcome.report['values in “more”']).toBe(100);
  });

  test('a topic that is not there, a name that none can have and a broker that is none', async () => {
    await expect(read('nowhere')).rejects.toThrow('The cluster has no topic “nowhere”.');
    await expect(runNode(node, { topic: 'x', bootstrap: '127.0.0.1:1', patienceMs: 0 })).rejects.toThrow('Nothing listens there.');
    await expect(runNode(node, { topic: 'x' })).rejects.toThrow('Neither a connection nor brokers are given.');
    expect([check({ topic: 'a b' }), check({ topic: 'a', bootstrap: 'x y' }), check({ topic: 'a', bootstrap: 'x', security: { protocol: 'SASL_SSL', username: 'u' } }), check({ topic: 'a', bootstrap: 'x', connection: 'c' }), check({ topic: 'a', bootstrap: 'x:1, [::1]:2', security: 'ssl' })]).toEqual([['topic'], ['bootstrap'], ['security'], ['bootstrap'], []]);
  });
});
