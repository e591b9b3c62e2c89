import { spawn } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '#shared/json';
import { noKafka, placesOf, say, startKafka } from '../../connectors/servers/kafka.testing.ts';
import type { Kafka } from '../../connectors/servers/kafka.testing.ts';
import { findProgram } from '../../connectors/servers/server.testing.ts';
import { defaultConfig } from '../../dataplane/graphs.testing.ts';
import { runNode } from '../../dataplane/node.testing.ts';
import type { NodeOutcome } from '../../dataplane/node.testing.ts';
import node from './run.ts';

const running: Kafka[] = [];
const start = async (options: Parameters<typeof startKafka>[0] = {}): Promise<Kafka> => {
  const kafka = await startKafka(options);
  running.push(kafka);
  return kafka;
};
afterEach(async () => {
  for (const kafka of running.splice(0)) await kafka.stop();
});

const configOf = (kafka: Kafka, topic: string, more: JsonObject = {}): JsonObject => ({ bootstrap: kafka.bootstrap, topic, groupId: 'g', patienceMs: 20_000, fields: [{ name: 'n', type: 'BIGINT' }], ...more });
const read = (kafka: Kafka, topic: string, more: JsonObject = {}, given: Parameters<typeof runNode>[2] = {}): Promise<NodeOutcome> => runNode(node, configOf(kafka, topic, more), given);
async function settle(kafka: Kafka, topic: string, outcome: NodeOutcome, more: JsonObject = {}): Promise<void> {
  if (outcome.afterwards === null || !('settle' in node) || node.settle === undefined) throw new Error('There is nothing to settle.');
  await node.settle(defaultConfig(node.spec, configOf(kafka, topic, more)), outcome.afterwards, { nodeId: 'node', runId: 'run', signal: new AbortController().signal, connection: () => Promise.reject(new Error('There is none.')) });
}
const numbers = (outcome: NodeOutcome): readonly number[] => (outcome.outputs['out']?.rows ?? []).map((row) => Number(row[0])).toSorted((a, b) => a - b);
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
async function fill(kafka: Kafka, topic: string, count: number, text = ''): Promise<void> {
  for (let from = 0; from < count; from += 20_000) await say(kafka, topic, range(Math.min(20_000, count - from)).map((n) => ({ value: JSON.stringify({ n: from + n, text }), partition: n % 4 })), 'gzip');
}

describe.skipIf(noKafka !== null)(`kafka.consumer in trouble${noKafka === null ? '' : ` (skipped: ${noKafka})`}`, { timeout: 120_000 }, () => {
  test('100,000 messages, over a line that is cut again and again, come once each', async () => {
    const kafka = await start();
    await fill(kafka, 'large', 100_000, 'x'.repeat(20));
    const [proxy] = kafka.proxies;
    let cuts = 0;
    const from = proxy?.received() ?? 0;
    const cutting = setInterval(() => {
      if ((proxy?.received() ?? 0) - from < 100_000 * (cuts + 1) || cuts === 3) return;
      cuts += 1;
      proxy?.cut();
    }, 1);
    const outcome = await read(kafka, 'large').finally(() => clearInterval(cutting));
    expect(numbers(outcome)).toEqual(range(100_000));
    expect(cuts).toBeGreaterThan(0);
    expect(outcome.console.join('\n')).toContain('Trying again for up to 20 s.');
  });

  test('of three brokers one falls silent: it is waited for, and what it leads comes when it speaks again', async () => {
    const kafka = await start({ brokers: 3 });
    await fill(kafka, 'spread', 400);
    const silent = kafka.proxies[2];
    silent?.stall();
    const reading = runNode(node, configOf(kafka, 'spread', { bootstrap: '', connection: 'c', patienceMs: 300_000 }), {
      connections: [{ name: 'c', kind: 'kafka', settings: { bootstrap: kafka.bootstrap.split(',')[0] ?? '', sasl: 'none', tls: 'off', connectTimeoutMs: 300 }, secrets: {} }],
    });
    const before = kafka.proxies[0]?.sent() ?? 0;
    // Each try asks the first broker anew where everything is: so many bytes are several tries in vain.
    await vi.waitFor(() => expect((kafka.proxies[0]?.sent() ?? 0) - before).toBeGreaterThan(1000), { timeout: 100_000 });
    silent?.flow();
    const outcome = await reading;
    expect(numbers(outcome)).toEqual(range(400));
    expect(outcome.console.join('\n')).toContain('Trying again for up to 300 s.');
  });

  test('a broker that is killed while it is read ends the run with a sentence, and nothing has moved', async () => {
    const kafka = await start();
    await fill(kafka, 'killed', 60_000, 'x'.repeat(100));
    const [proxy] = kafka.proxies;
    const from = proxy?.received() ?? 0;
    proxy?.cutAfter('down', 200_000);
    const kill = setInterval(() => {
      if ((proxy?.received() ?? 0) - from >= 100_000) void kafka.server.kill();
    }, 1);
    await expect(read(kafka, 'killed', { patienceMs: 500 }).finally(() => clearInterval(kill))).rejects.toThrow(/It was tried again for [\d.]+ s\.$/);
  });

  test('a cancel ends it at once, also while it waits for a broker', async () => {
    const kafka = await start();
    await fill(kafka, 'cancelled', 10);
    const abort = new AbortController();
    const reading = read(kafka, 'cancelled', { until: 'idle', idleMs: 600_000 }, { signal: abort.signal });
    await vi.waitFor(() => expect(kafka.proxies[0]?.received() ?? 0).toBeGreaterThan(2000), { timeout: 20_000 });
    abort.abort(new Error('The run was cancelled.'));
    await expect(reading).rejects.toThrow('The run was cancelled.');
  });

  test('another consumer of the group comes and goes while it is read: a run is no member, so that nothing is taken from it', async () => {
    const kafka = await start();
    await fill(kafka, 'shared', 40);
    const other = spawn(findProgram('kcat') ?? 'kcat', ['-b', kafka.bootstrap, '-G', 'g', 'shared', '-X', 'enable.auto.commit=false', '-f', '%o\n'], { stdio: ['ignore', 'pipe', 'pipe'] });
    try {
      await new Promise<void>((resolve) => other.stderr.on('data', (bytes: Buffer) => bytes.toString().includes('assigned') && resolve()));
      expect(numbers(await read(kafka, 'shared'))).toEqual(range(40));
      expect(other.exitCode).toBeNull();
    } finally {
      other.kill('SIGKILL');
    }
  });

  test('a group that somebody else has moved is not moved back, nor moved elsewhere', async () => {
    const kafka = await start();
    await fill(kafka, 'moved', 40);
    const [first, second, third] = [await read(kafka, 'moved', { maxMessages: 20 }), await read(kafka, 'moved', { maxMessages: 30 }), await read(kafka, 'moved')];
    await settle(kafka, 'moved', second);
    const places = await placesOf(kafka, 'g', 'moved');
    await settle(kafka, 'moved', first);
    expect(await placesOf(kafka, 'g', 'moved')).toEqual(places);
    await expect(settle(kafka, 'moved', third)).rejects.toThrow(/The group “g” stands at \d+ in partition \d of “moved”, and stood at no place when the run began: somebody else has moved it\./);
    expect(await placesOf(kafka, 'g', 'moved')).toEqual(places);
  });
});
