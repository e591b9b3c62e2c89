import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { NodeId } from '#shared/ids';
import type { WorkflowNode } from '#shared/workflow/workflow';
import { builtInNodes } from '../nodes/registry.ts';
import { tellEffect } from './effect-proof.ts';
import { testGraph, testJob, testWorker } from './graphs.testing.ts';
import type { GraphOutcome, TestNodes, TestWorker } from './graphs.testing.ts';
import { keptPath } from './kept.ts';
import type { FromWorker, Job, PastNode } from './protocol.ts';

let worker: TestWorker;
let folder: string;
beforeAll(() => {
  worker = testWorker(builtInNodes);
  folder = mkdtempSync(join(tmpdir(), 'millrace-durable-'));
});
afterAll(async () => {
  await worker.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'in.csv'), `k,v\n${Array.from({ length: 1000 }, (_, index) => `${index % 7},${index}`).join('\n')}\n`);
});

const CHAIN: TestNodes = {
  csv: ['source/file.csv', { path: 'in.csv' }],
  sum: ['transform/aggregate.sum', { field: 'v', groupBy: ['k'] }],
  file: ['sink/file.text', { path: 'out.csv', format: 'csv' }],
  log: ['sink/console.log', {}],
};
const EDGES = 'csv>sum sum>file sum>log';
const checkpoint = (node: WorkflowNode): WorkflowNode => (node.id === NodeId.parse('sum') ? { ...node, checkpoint: true } : node);

function jobOf(more: Partial<Pick<Job, 'past' | 'diverted'>> & { readonly nodes?: TestNodes; readonly edges?: string; readonly change?: (node: WorkflowNode) => WorkflowNode; readonly runId?: string } = {}): Job {
  const graph = testGraph(builtInNodes, folder, more.nodes ?? CHAIN, more.edges ?? EDGES);
  return testJob(builtInNodes, { ...graph, nodes: graph.nodes.map(more.change ?? checkpoint) }, { scratch: worker.scratch, ...more });
}

/** What a run's record says of its nodes, as another run gets it. */
const pastOf = (job: Job, outcome: GraphOutcome): readonly PastNode[] =>
  job.plan.segments.flatMap(({ end: { node } }) => {
    const result = outcome.nodes[node];
    const outputs = outcome.outputs.filter((output) => output.node === node);
    if (result === undefined) return [];
    return [{ node, key: result.key, kept: outputs.flatMap(({ port, hash, rows, bytes }) => (port === null || hash === null ? [] : [{ port, hash, rows, bytes }])), files: outputs.flatMap(({ path, mark }) => (path === null ? [] : [{ path, mark }])) }];
  });

test('a checkpoint’s rows are kept under their hash, and a later run takes them up where the node’s key is the same', async () => {
  const job = jobOf();
  const first = await worker.run(job);
  expect(first.failed).toBeNull();
  const kept = first.outputs.filter((output) => output.port !== null);
  expect(kept).toEqual([{ node: 'sum', path: null, port: 'out', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string, rows: 7, bytes: expect.any(Number) as number }]);
  const written = readFileSync(join(folder, 'out.csv'), 'utf8');

  const again = await worker.run(jobOf({ past: pastOf(job, first), runId: 'run-2' }));
  expect(again.standing).toEqual({ steady: ['sum', 'file', 'log'], restored: ['sum'] });
  expect(first.nodes['sum']?.key).toBe(again.nodes['sum']?.key);

  // The source is gone: only what was kept can feed the sink.
  rmSync(join(folder, 'in.csv'));
  rmSync(join(folder, 'out.csv'));
  const resumed = jobOf({ past: pastOf(job, first), runId: 'run-3' });
  const outcome = await worker.run(resumed, undefined, ['sum']);
  expect(outcome.failed).toBeNull();
  expect(outcome.standing).toEqual({ steady: [], restored: ['sum'] });
  expect(readFileSync(join(folder, 'out.csv'), 'utf8').split('\n').toSorted()).toEqual(written.split('\n').toSorted());
  expect(outcome.console['log']?.length).toBe(9);
});

test('what was damaged, removed or changed outside does not stand', async () => {
  const job = jobOf();
  const first = await worker.run(job);
  const past = pastOf(job, first);
  const standing = async () => (await worker.run(jobOf({ past, runId: 'run-x' }))).standing;

  const own = readFileSync(join(folder, 'out.csv'), 'utf8');
  for (const text of ['shorter', own.replaceAll('1', '2'), own]) {
    writeFileSync(join(folder, 'out.csv'), text);
    expect(await standing()).toEqual({ steady: ['sum', 'log'], restored: ['sum'] });
  }

  const hash = past.find((one) => one.node === 'sum')?.kept[0]?.hash ?? '';
  const path = keptPath(join(worker.scratch, 'outputs'), hash);
  const bytes = readFileSync(path);
  const flipped = Buffer.from(bytes);
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 255;
  writeFileSync(path, flipped);
  expect((await standing())?.restored).toEqual([]);
  rmSync(path, { force: true });
  expect((await standing())?.restored).toEqual([]);

  writeFileSync(join(folder, 'in.csv'), 'k,v\n1,1\n');
  expect((await standing())?.steady).toEqual([]);
});

test('of a run with chance in it nothing is steady, yet what it kept is there for the same run', async () => {
  const nodes: TestNodes = { dice: ['source/random.numbers', { count: 50 }], sum: ['transform/aggregate.sum', {}], log: ['sink/console.log', {}] };
  const job = jobOf({ nodes, edges: 'dice>sum sum>log' });
  const first = await worker.run(job);
  expect(first.nodes['sum']?.key).toBeNull();
  const resumed = jobOf({ nodes, edges: 'dice>sum sum>log', past: pastOf(job, first).filter(({ node }) => node === 'sum') });
  const outcome = await worker.run(resumed, undefined, ['sum']);
  expect(outcome.standing).toEqual({ steady: [], restored: ['sum'] });
  expect(outcome.console).toEqual({ log: first.console['log'] });
});

test('what tells the time tells it anew in a worker that knows the statement already', async () => {
  for (const expression of ['ago(INTERVAL 0 SECOND)', 'current_localtimestamp()', 'localtimestamp', 'now()']) {
    const nodes: TestNodes = { n: ['source/sequence.numbers', { start: 1, end: 1 }], at: ['transform/map.transform', { columns: [{ name: 'at', expression }] }], log: ['sink/console.log', { format: 'json' }] };
    const said: unknown[] = [];
    for (const runId of ['run-1', 'run-2', 'run-3', 'run-4']) said.push((await worker.run(jobOf({ nodes, edges: 'n>at at>log', runId }))).console['log']?.[0]);
    expect([new Set(said).size, said.includes(undefined)], expression).toEqual([4, false]);
  }
});

test('a file that changes while it is read leaves its node without a key', async () => {
  const nodes: TestNodes = { csv: ['source/file.csv', { path: 'in.csv' }], copy: ['sink/file.text', { path: 'in.csv', format: 'csv' }] };
  const outcome = await worker.run(jobOf({ nodes, edges: 'csv>copy' }));
  expect(outcome.failed).toBeNull();
  expect(outcome.nodes['copy']?.key).toBeNull();
});

test('a cancel while the past is read back ends it', async () => {
  const job = jobOf();
  const first = await worker.run(job);
  const outcome = await worker.run(jobOf({ past: pastOf(job, first) }), 0);
  expect(outcome.standing).not.toBeNull();
});

test('an appended file says what it is about to do, and nothing has happened before it may', async () => {
  const path = join(folder, 'log.csv');
  writeFileSync(path, 'k,v\n0,0\n');
  const nodes: TestNodes = { csv: ['source/file.csv', { path: 'in.csv' }], file: ['sink/file.text', { path: 'log.csv', format: 'csv', append: true }] };
  const job = jobOf({ nodes, edges: 'csv>file' });
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const heard: string[] = [];
  const { promise: failed, resolve: failure } = Promise.withResolvers<string>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const stopListening = worker.listen((message) => {
    heard.push(message.kind);
    if (message.kind === 'intend') resolve();
    if (message.kind === 'failed') failure(message.error.code);
    if (message.kind === 'closed') close();
  });
  worker.loop.receive({ kind: 'open', job });
  worker.loop.receive({ kind: 'segment', runId: job.runId, segment: 'file', attempt: 1 });
  await asked;
  expect(readFileSync(path, 'utf8')).toBe('k,v\n0,0\n');
  // A cancel finds it waiting, and it leaves nothing behind.
  worker.loop.receive({ kind: 'cancel', runId: job.runId });
  expect(await failed).toBe('cancelled');
  worker.loop.receive({ kind: 'close', runId: job.runId });
  await closed;
  stopListening();
  expect(readFileSync(path, 'utf8')).toBe('k,v\n0,0\n');
  expect(readdirSync(folder).toSorted()).toEqual(['in.csv', 'log.csv']);

  const outcome = await worker.run(jobOf({ nodes, edges: 'csv>file', runId: 'run-2' }));
  expect(outcome.intents).toHaveLength(1);
  expect(outcome.intents[0]).toMatchObject({ node: 'file', attempt: 1, rows: 1000, what: expect.stringContaining('1,000 rows would be appended to') as string, proof: { kind: 'file', path, before: { bytes: 8 } } });
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(1003);
});

const ADDING: TestNodes = { csv: ['source/file.csv', { path: 'in.csv' }], file: ['sink/file.text', { path: 'log.csv', format: 'csv', append: true }] };

test.each([['a file with rows', 'k,v\n0,0\n'], ['no file', null]] as const)('another program that writes between the intent and the rename loses nothing, and the effect is announced anew: %s', async (_what, before) => {
  const path = join(folder, 'log.csv');
  if (before !== null) writeFileSync(path, before);
  const job = jobOf({ nodes: ADDING, edges: 'csv>file' });
  const intents: Extract<FromWorker, { kind: 'intend' }>[] = [];
  const { promise: done, resolve } = Promise.withResolvers<Extract<FromWorker, { kind: 'done' }>>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const stopListening = worker.listen((message) => {
    if (message.kind === 'done') resolve(message);
    if (message.kind === 'closed') close();
    if (message.kind !== 'intend') return;
    intents.push(message);
    if (intents.length === 1) appendFileSync(path, before === null ? 'k,v\n8,8\n9,9\n' : '8,8\n9,9\n');
    worker.loop.receive({ kind: 'proceed', runId: job.runId, effect: message.effect });
  });
  worker.loop.receive({ kind: 'open', job });
  worker.loop.receive({ kind: 'segment', runId: job.runId, segment: 'file', attempt: 1 });
  const { outputs } = await done;
  worker.loop.receive({ kind: 'close', runId: job.runId });
  await closed;
  stopListening();
  expect(intents.map(({ instead }) => instead)).toEqual([undefined, intents[0]?.effect]);
  expect(intents.map(({ proof }) => (proof === null ? null : tellEffect(proof)))).toEqual(['unknown', 'happened']);
  expect(intents[1]?.rows).toBe(1000);
  expect(outputs).toMatchObject([{ path, rows: 1000, mark: intents[1]?.proof?.after }]);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.slice(0, 3)).toEqual(['k,v', ...(before === null ? ['8,8', '9,9'] : ['0,0', '8,8'])]);
  expect(lines.filter((line) => line === 'k,v')).toHaveLength(1);
  expect(lines).toHaveLength(1000 + (before === null ? 3 : 4));
  expect(readdirSync(folder).toSorted()).toEqual(['in.csv', 'log.csv']);
});

test('with an append it is announced what its segment has counted: the same as it tells afterwards', async () => {
  const nodes: TestNodes = { ...ADDING, few: ['transform/filter.condition', { condition: 'v < 40' }] };
  const outcome = await worker.run(jobOf({ nodes, edges: 'csv>few few>file' }));
  expect(outcome.nodes['few']).toMatchObject({ rowsIn: 1000, rowsOut: { out: 40, rejected: 960 } });
  const announced = Object.fromEntries((outcome.intents[0]?.counts ?? []).map((one) => [one.node, { ...one, durationMs: 0 }]));
  expect(announced).toEqual(Object.fromEntries(Object.entries(outcome.nodes).map(([id, one]) => [id, { ...one, durationMs: 0 }])));
});

test('only what cannot be repeated is announced', async () => {
  const outcome = await worker.run(jobOf());
  expect(outcome.intents).toEqual([]);
  expect(existsSync(join(folder, 'out.csv'))).toBe(true);
});

test('a person’s SQL cannot reach the kept outputs, nor any file', async () => {
  const job = jobOf();
  const first = await worker.run(job);
  const path = keptPath(join(worker.scratch, 'outputs'), first.outputs.find((one) => one.hash !== null)?.hash ?? '');
  for (const query of [`SELECT * FROM '${path}'`, `SELECT * FROM read_parquet('${path}')`, `COPY input TO '${path}'`, `SELECT * FROM input; DROP TABLE x`, `SELECT * FROM glob('${path}')`, `SELECT * FROM parquet_kv_metadata('${path}')`]) {
    const nodes: TestNodes = { ...CHAIN, query: ['transform/sql.transform', { query }] };
    const outcome = await worker.run(jobOf({ nodes, edges: `${EDGES} sum>query.input` }));
    expect(outcome.failed, query).toMatchObject({ node: 'query', error: { place: 'query' } });
  }
});

test('ids that the engine would take for one name, or that hold quotes, are told apart', async () => {
  const ids = ['a', 'A', 'a.out', `it's "x"; DROP SCHEMA run --`, 'ä', 'Ä'];
  const nodes: TestNodes = Object.fromEntries([
    ...ids.map((id, index) => [id, ['source/sequence.numbers', { start: 1, end: index + 1 }]] as const),
    ...ids.flatMap((_, index) => [[`c${index}`, ['transform/aggregate.count', {}]] as const, [`s${index}`, ['transform/aggregate.sum', {}]] as const]),
  ]);
  const made = testGraph(builtInNodes, folder, nodes, '');
  const edges = ids.flatMap((id, index) => ['c', 's'].map((kind) => ({ id: `${kind}${index}`, source: NodeId.parse(id), sourcePort: 'out', target: NodeId.parse(`${kind}${index}`), targetPort: 'in' })));
  const outcome = await worker.run(testJob(builtInNodes, { ...made, nodes: made.nodes.map((node) => (ids.includes(node.id) ? { ...node, checkpoint: true } : node)), edges }, { scratch: worker.scratch }));
  expect(outcome.failed).toBeNull();
  expect(ids.map((_, index) => outcome.samples[`c${index}.out`]?.rows[0]?.[0])).toEqual(['1', '2', '3', '4', '5', '6']);
});
