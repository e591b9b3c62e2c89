import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/json';
import { heardIn, noKafka, startKafka } from '../../connectors/servers/kafka.testing.ts';
import type { Kafka } from '../../connectors/servers/kafka.testing.ts';
import { runNode } from '../../dataplane/node.testing.ts';
import type { NodeOutcome, TestRows } from '../../dataplane/node.testing.ts';
import node from './run.ts';

let kafka: Kafka;
beforeAll(async () => {
  if (noKafka === null) kafka = await startKafka({ hidden: new Set(['nowhere']) });
}, 60_000);
afterAll(async () => kafka?.stop());

const write = (topic: string, rows: TestRows, more: JsonObject = {}, given: Parameters<typeof runNode>[2] = {}): Promise<NodeOutcome> =>
  runNode(node, { bootstrap: kafka.bootstrap, topic, patienceMs: 20_000, ...more }, { ...given, inputs: { in: rows } });

describe.skipIf(noKafka !== null)(`kafka.producer${noKafka === null ? '' : ` (skipped: ${noKafka})`}`, { timeout: 60_000 }, () => {
  test('a row is a message: its columns as JSON, its key, headers, partition and time', async () => {
    const rows = `SELECT 9223372036854775807 AS id, 'é"' AS name, 1.10::DECIMAL(9,2) AS price, 'nan'::DOUBLE AS odd, '{"a": [1]}'::JSON AS doc, ['x', NULL] AS tags, 'k1' AS k, 't1' AS trace, 2 AS p, TIMESTAMPTZ '2026-03-04 05:06:07.123Z' AS at, '\\xFF'::BLOB AS raw
      UNION ALL SELECT 2, NULL, NULL, 1.5, NULL, NULL, NULL, NULL, 2, NULL, NULL`;
    const outcome = await write('full', rows, { key: 'k', headers: ['trace'], partition: 'p', timestamp: 'at' });
    const [first, second] = await heardIn(kafka, 'full');
    expect(first).toMatchObject({ partition: 2, offset: 0, at: Date.UTC(2026, 2, 4, 5, 6, 7, 123), key: 'k1', headers: 'trace=t1' });
    expect(first?.value).toBe('{"id":9223372036854775807,"name":"é\\"","price":1.10,"odd":"NaN","doc":{"a": [1]},"tags":["x",null],"k":"k1","raw":"/w=="}');
    expect(second).toMatchObject({ partition: 2, offset: 1, key: '', headers: '' });
    expect(JSON.parse(second?.value ?? '')).toMatchObject({ id: 2, name: null, odd: 1.5 });
    expect([outcome.report, outcome.console.at(-1)]).toEqual([{ messages: 2 }, '2 messages confirmed: partition 2, offsets 0 to 1.']);
    expect(outcome.intents).toEqual([expect.stringContaining('The rows are sent to the topic “full”')]);
  });

  test('a column may be the value: NULL is a tombstone, bytes stay bytes', async () => {
    await write('values', `SELECT * FROM (VALUES (1, 'abc', 'x'), (2, 'foobar', NULL), (3, 'abc', 'y'), (4, '21', 'z')) AS t(n, k, v) ORDER BY n`, { key: 'k', value: 'v' });
    const heard = await heardIn(kafka, 'values');
    expect(heard.filter((one) => one.key === 'abc').map((one) => one.value)).toEqual(['x', 'y']);
    expect(heard.filter((one) => one.key === 'foobar').map((one) => one.value)).toEqual([null]);
    // All of one key stand in one partition, the one that Kafka's own clients choose: its UtilsTest has these hashes, modulo 2^31 and then four.
    expect(Object.fromEntries(heard.map((one) => [one.key, one.partition]))).toEqual({ 'abc': 479_470_107 % 4, 'foobar': (2 ** 31 - 790_332_482) % 4, '21': (2 ** 31 - 973_932_308) % 4 });
  });

  test('thousands of messages in order, compressed in every way', async () => {
    for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
      const outcome = await write(`many-${compression}`, 'SELECT range AS n FROM range(3000)', { compression, batch: 700 });
      const heard = await heardIn(kafka, `many-${compression}`);
      for (const partition of [0, 1, 2, 3]) {
        const own = heard.filter((one) => one.partition === partition).map((one) => (JSON.parse(one.value ?? '') as { n: number }).n);
        expect(own).toHaveLength(750);
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
      expect([outcome.report['messages'], outcome.intents.length]).toEqual([3000, 1]);
    }
  });

  test('nothing to send is nothing announced', async () => {
    const outcome = await write('none', 'SELECT 1 AS n WHERE false');
    expect([outcome.intents, outcome.report, outcome.console]).toEqual([[], { messages: 0 }, []]);
  });

  test('what is announced is refused before anything is sent', async () => {
    await expect(write('refused', 'SELECT 1 AS n', {}, { intend: () => { throw new Error('The journal is full.'); } })).rejects.toThrow('The journal is full.');
    expect(await heardIn(kafka, 'refused').catch(() => [])).toEqual([]);
  });

  test('a topic that is not there, a column that is none, a partition that is none', async () => {
    await expect(write('nowhere', 'SELECT 1 AS n')).rejects.toThrow('The cluster has no topic “nowhere”.');
    await expect(write('odd', 'SELECT 1 AS n', { key: 'x' })).rejects.toMatchObject({ message: expect.stringContaining('x') });
    await expect(write('odd', 'SELECT range + 3 AS p FROM range(2)', { partition: 'p' })).rejects.toThrow('Row 2 names the partition 4, and the topic has 4: 0 to 3.');
    await expect(write('odd', 'SELECT 1 AS t', { timestamp: 't' })).rejects.toThrow('Row 1 has no timestamp');
    await expect(runNode(node, { topic: 'x', bootstrap: '127.0.0.1:1', patienceMs: 0 }, { inputs: { in: 'SELECT 1 AS n' } })).rejects.toThrow('Nothing listens there.');
  });

  test('a line that is cut in the middle is opened again; a broker that stays away is told with what was confirmed', async () => {
    const [proxy] = kafka.proxies;
    proxy?.cutAfter('up', 60_000);
    const outcome = await write('cut', 'SELECT range AS n, repeat(\'x\', 50) AS text FROM range(4000)', { batch: 500 });
    expect(outcome.report['messages']).toBe(4000);
    const numbers = new Set((await heardIn(kafka, 'cut')).map((one) => (JSON.parse(one.value ?? '') as { n: number }).n));
    expect(numbers.size).toBe(4000);
    expect(outcome.console.join('\n')).toContain('Trying again');
    const second = await startKafka();
    const kill = setInterval(() => (second.proxies[0]?.sent() ?? 0) > 1_000_000 && void second.server.kill(), 5);
    try {
      await expect(runNode(node, { topic: 'gone', bootstrap: second.bootstrap, patienceMs: 300, batch: 100, partition: 'p' }, { inputs: { in: 'SELECT range AS n, 0 AS p, repeat(\'x\', 1000) AS text FROM range(50000)' } }))
        .rejects.toThrow(/\d+ messages were confirmed \(partition 0: 0–\d+\); of 100 more it is not known whether they were written\./);
    } finally {
      clearInterval(kill);
      await second.stop();
    }
  });
});
