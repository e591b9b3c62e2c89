import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE } from '#shared/patience.testing';
import { heardIn, noKafka, placesOf, say, startKafka } from '../../connectors/servers/kafka.testing.ts';
import type { Kafka } from '../../connectors/servers/kafka.testing.ts';
import { json, personAtWork } from './millrace.testing.ts';

const { millrace, path, write } = personAtWork();
let kafka: Kafka;
beforeAll(async () => {
  if (noKafka === null) kafka = await startKafka();
}, 60_000);
afterAll(async () => kafka?.stop());

const flow = (topic: string): object => ({
  id: topic,
  name: topic,
  nodes: [
    { id: 'in', type: 'source', nodeType: 'kafka.consumer', config: { bootstrap: kafka.bootstrap, topic, groupId: 'millrace' } },
    { id: 'keep', type: 'transform', nodeType: 'map.transform', config: { columns: [{ name: 'twice', expression: 'n * 2' }] } },
    { id: 'out', type: 'sink', nodeType: 'file.text', config: { path: `${topic}-{runId}.csv`, format: 'csv' } },
    { id: 'log', type: 'sink', nodeType: 'console.log', config: {} },
  ],
  edges: [{ id: 'e1', source: 'in', target: 'keep' }, { id: 'e2', source: 'keep', target: 'out' }, { id: 'e3', source: 'keep', target: 'log' }],
});
const fill = (topic: string, from: number, to: number): Promise<void> => say(kafka, topic, Array.from({ length: to - from }, (_, index) => ({ value: JSON.stringify({ n: from + index }), partition: (from + index) % 4 })));
/** What all runs have written, in order of the numbers. */
const written = (topic: string): readonly number[] =>
  readdirSync(path('.')).filter((name) => name.startsWith(`${topic}-`) && name.endsWith('.csv'))
    .flatMap((name) => readFileSync(path(name), 'utf8').trimEnd().split('\n').slice(1).map((line) => Number(line.split(',')[0]))).toSorted((a, b) => a - b);
const range = (to: number): readonly number[] => Array.from({ length: to }, (_, index) => index);

describe.skipIf(noKafka !== null)(`offsets and runs${noKafka === null ? '' : ` (skipped: ${noKafka})`}`, { timeout: 180_000 }, () => {
  test.each(['commits', 'answers'] as const)('a studio killed between its last sink and the group’s move (its %s lost) moves it when it goes on; nothing is read twice or missed', async (what) => {
    write(`${what}.json`, flow(what));
    await fill(what, 0, 40);
    kafka.lose(what);
    const before = kafka.lost();
    await millrace(['run', `${what}.json`, '--no-resume'], async (kill) => {
      await expect.poll(() => kafka.lost(), PATIENCE).toBeGreaterThan(before);
      kill('SIGKILL');
    });
    expect(written(what)).toEqual(range(40));
    expect(await placesOf(kafka, 'millrace', what)).toEqual(what === 'commits' ? [-1, -1, -1, -1] : [10, 10, 10, 10]);
    kafka.lose(null);
    await fill(what, 40, 48);
    expect(json(await millrace(['resume', '--json']))).toMatchObject({ runs: [{ status: 'completed' }] });
    expect(await placesOf(kafka, 'millrace', what)).toEqual([10, 10, 10, 10]);
    expect(json(await millrace(['run', `${what}.json`, '--json']))).toMatchObject({ status: 'completed' });
    expect(written(what)).toEqual(range(48));
    expect(await placesOf(kafka, 'millrace', what)).toEqual([12, 12, 12, 12]);
  });

  test('from topic to topic: announced, confirmed, and only then does the group move', async () => {
    const made = flow('across') as { nodes: { id: string }[] };
    write('across.json', { ...made, nodes: made.nodes.map((node) => (node.id === 'out' ? { id: 'out', type: 'sink', nodeType: 'kafka.producer', config: { bootstrap: kafka.bootstrap, topic: 'target', key: 'key' } } : node)) });
    await fill('across', 0, 20);
    const { runId, status } = json(await millrace(['run', 'across.json', '--json']));
    expect(status).toBe('completed');
    expect((await heardIn(kafka, 'target')).map((one) => (JSON.parse(one.value ?? '') as { twice: number }).twice).toSorted((a, b) => a - b)).toEqual(range(20).map((n) => 2 * n));
    const told = (await millrace(['show', String(runId), '--events'])).out;
    expect(told.indexOf('NodeEffectIntended')).toBeGreaterThan(0);
    expect(told.indexOf('NodeEffectConfirmed')).toBeGreaterThan(told.indexOf('NodeEffectIntended'));
    expect(told.indexOf('NodeSettled')).toBeGreaterThan(told.indexOf('NodeEffectConfirmed'));
  });

  test('a sink that fails leaves the group where it was, and the next run reads the same', async () => {
    write('fails.json', { ...flow('fails'), nodes: (flow('fails') as { nodes: { id: string; config: object }[] }).nodes.map((node) => (node.id === 'out' ? { ...node, config: { path: 'fails-out.csv', format: 'csv' } } : node)) });
    await fill('fails', 0, 12);
    mkdirSync(path('fails-out.csv'));
    expect(json(await millrace(['run', 'fails.json', '--json']))).toMatchObject({ status: 'failed' });
    expect(await placesOf(kafka, 'millrace', 'fails')).toEqual([-1, -1, -1, -1]);
    rmSync(path('fails-out.csv'), { recursive: true });
    expect(json(await millrace(['run', 'fails.json', '--json']))).toMatchObject({ status: 'completed' });
    expect(written('fails')).toEqual(range(12));
    expect(await placesOf(kafka, 'millrace', 'fails')).toEqual([3, 3, 3, 3]);
  });
});
