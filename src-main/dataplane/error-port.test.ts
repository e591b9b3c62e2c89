import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NodeId } from '#shared/ids';
import { builtInNodes } from '../nodes/registry.ts';
import { testGraph, testJob, testWorker } from './graphs.testing.ts';
import type { GraphOutcome, TestNodes, TestWorker } from './graphs.testing.ts';
import type { FromWorker, Job } from './protocol.ts';

let worker: TestWorker;
let folder: string;
beforeAll(() => {
  worker = testWorker(builtInNodes);
  folder = mkdtempSync(join(tmpdir(), 'millrace-errors-'));
});
afterAll(async () => {
  await worker.close();
  rmSync(folder, { recursive: true, force: true });
});

let runs = 0;
function jobOf(nodes: TestNodes, edges: string, ...diverting: readonly string[]): Job {
  const graph = testGraph(builtInNodes, folder, nodes, edges);
  runs += 1;
  return testJob(builtInNodes, { ...graph, nodes: graph.nodes.map((node) => (diverting.includes(node.id) ? { ...node, onError: 'errorPort' } : node)) }, { scratch: worker.scratch, runId: `run-${runs}` });
}
const go = (nodes: TestNodes, edges: string, ...diverting: readonly string[]): Promise<GraphOutcome> => worker.run(jobOf(nodes, edges, ...diverting));
const rows = (outcome: GraphOutcome, at: string) => outcome.samples[at]?.rows.toSorted();
const data = (...values: readonly (string | number | null)[]): TestNodes[string] => ['source/memory.collection', { data: values.map((value, index) => ({ id: index, v: value })) }];
const LOG: TestNodes[string] = ['sink/console.log', { limit: 10 }];

test('a filter sends rows whose condition fails to its error port, and the rest on', async () => {
  const nodes: TestNodes = { in: data('1', '20', 'x', null, '30'), keep: ['transform/filter.condition', { condition: 'CAST(v AS INTEGER) > 10' }], out: LOG, bad: LOG };
  const outcome = await go(nodes, 'in>keep keep>out keep.error>bad', 'keep');
  expect(outcome.failed).toBeNull();
  expect(outcome.nodes['keep']).toMatchObject({ rowsIn: 5, rowsOut: { out: 2, rejected: 2, error: 1 } });
  expect(rows(outcome, 'keep.out')).toEqual([['1', '20'], ['4', '30']]);
  expect(rows(outcome, 'keep.rejected')).toEqual([['0', '1'], ['3', null]]);
  expect(outcome.samples['keep.error']).toMatchObject({ columns: [{ name: 'id', type: 'BIGINT' }, { name: 'v', type: 'VARCHAR' }, { name: '_node', type: 'VARCHAR' }, { name: '_code', type: 'VARCHAR' }, { name: '_message', type: 'VARCHAR' }], rows: [['2', 'x', 'keep', 'node_failed', expect.stringContaining('CAST(v AS INTEGER) > 10') as string]] });
  expect(outcome.console['bad']?.join()).toContain('x');
});

test.each([
  ['rejected', ['x', '20', 'y'], { out: 1, rejected: 0, error: 2 }],
  ['out', ['x', '2', 'y'], { out: 0, rejected: 1, error: 2 }],
  ['both', ['x', 'y'], { out: 0, rejected: 0, error: 2 }],
] as const)('rows fail one by one also where no row comes out of %s', async (_what, values, rowsOut) => {
  const outcome = await go({ in: data(...values), keep: ['transform/filter.condition', { condition: 'CAST(v AS INTEGER) > 10' }], out: LOG, bad: LOG }, 'in>keep keep>out keep.error>bad', 'keep');
  expect(outcome.failed).toBeNull();
  expect(outcome.nodes['keep']).toMatchObject({ rowsIn: values.length, rowsOut });
});

test('a map of which every row fails gives no rows, and hands on each', async () => {
  const outcome = await go({ in: data('x', 'y'), map: ['transform/map.transform', { expression: 'CAST(v AS BIGINT)', field: 'v' }], out: LOG, bad: LOG }, 'in>map map>out map.error>bad', 'map');
  expect(outcome.failed).toBeNull();
  expect(outcome.nodes['map']).toMatchObject({ rowsIn: 2, rowsOut: { out: 0, error: 2 } });
});

test.each([
  ['an expression', { expression: '1000 // CAST(v AS BIGINT)', field: 'v' }],
  ['an operation on texts that are to be numbers', { operation: 'add:1', field: 'v' }],
  ['a computed column', { columns: [{ name: 'n', expression: 'CAST(v AS SMALLINT)' }] }],
] as const)('a map with %s does the same, and what fails goes as it came', async (_what, config) => {
  const outcome = await go({ in: data('1', 'x', null), map: ['transform/map.transform', config], out: LOG, bad: LOG }, 'in>map map>out map.error>bad', 'map');
  expect(outcome.failed).toBeNull();
  expect(outcome.nodes['map']).toMatchObject({ rowsIn: 3, rowsOut: { out: 2, error: 1 } });
  expect(outcome.samples['map.error']?.rows.map((row) => row.slice(0, 4))).toEqual([['1', 'x', 'map', 'node_failed']]);
});

test('exactly as many rows as fail, among many', async () => {
  const nodes: TestNodes = { in: ['source/sequence.numbers', { start: 1, end: 100_000 }], map: ['transform/map.transform', { expression: "CAST(CASE WHEN value % 1000 = 7 THEN 'x' ELSE '1' END AS INTEGER)" }], sum: ['transform/aggregate.sum', {}], log: LOG };
  const outcome = await go(nodes, 'in>map map>sum sum>log', 'map');
  expect(outcome.nodes['map']?.rowsOut).toEqual({ out: 99_900, error: 100 });
  expect(rows(outcome, 'sum.out')).toEqual([['99900']]);
  expect(outcome.samples['map.error']?.rows).toHaveLength(100);
});

test('the same columns and types come out as without the port', async () => {
  const nodes: TestNodes = { in: data('1', '2'), map: ['transform/map.transform', { columns: [{ name: 'V', expression: 'CAST(v AS SMALLINT)' }, { name: 'new "one"', expression: '[id]' }] }], out: LOG };
  const [plain, diverting] = [await go(nodes, 'in>map map>out'), await go(nodes, 'in>map map>out', 'map')];
  expect(diverting.samples['map.out']).toEqual(plain.samples['map.out']);
});

test('when nothing fails the port is read without rows', async () => {
  const nodes: TestNodes = { in: data('1'), sum: ['transform/aggregate.count', {}], errors: ['transform/sql.transform', { query: 'SELECT count(*) AS n, any_value(_message) AS m FROM input' }], out: LOG };
  const outcome = await go(nodes, 'in>sum sum>out sum.error>errors', 'sum');
  expect(outcome.failed).toBeNull();
  expect(outcome.nodes['sum']?.rowsOut).toEqual({ out: 1, error: 0 });
  expect(rows(outcome, 'errors.out')).toEqual([['0', null]]);
});

test('a source, a sink and a JavaScript node have the port too', async () => {
  writeFileSync(join(folder, 'lines.txt'), 'a\nb\n');
  const nodes: TestNodes = { lines: ['source/file.text', { path: 'lines.txt' }], file: ['sink/file.text', { path: 'copy.txt' }], e1: LOG, e2: LOG };
  const outcome = await go(nodes, 'lines>file lines.error>e1 file.error>e2', 'lines', 'file');
  expect(outcome.failed).toBeNull();
  expect(outcome.nodes['lines']?.rowsOut).toEqual({ out: 2, error: 0 });
  expect(outcome.nodes['file']?.rowsOut).toEqual({ error: 0 });
  expect(outcome.samples['file.error']?.columns.map(({ name }) => name)).toEqual(['value', 'line', '_node', '_code', '_message']);
});

/** Runs the segments in order; a failure of a diverting node is diverted, and those that read no port of it but `error` go on. */
async function divertAndGoOn(job: Job): Promise<{ readonly said: readonly FromWorker[]; readonly failed: readonly string[] }> {
  const said: FromWorker[] = [];
  const failed: string[] = [];
  let wake: (() => void) | null = null;
  const stop = worker.listen((message) => {
    said.push(message);
    wake?.();
  });
  const until = async (kind: FromWorker['kind']): Promise<FromWorker> => {
    for (;;) {
      const last = said.at(-1);
      if (last?.kind === kind || (kind === 'done' && last?.kind === 'failed')) return last;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  worker.loop.receive({ kind: 'open', job });
  for (const segment of job.plan.segments) {
    if (segment.needs.some((id) => failed.includes(id) && !segment.afterFailure.includes(id))) continue;
    said.push({ kind: 'ready' });
    worker.loop.receive({ kind: 'segment', runId: job.runId, segment: segment.id, attempt: 1 });
    const end = await until('done');
    if (end.kind !== 'failed') continue;
    failed.push(segment.id);
    worker.loop.receive({ kind: 'divert', runId: job.runId, node: end.node, error: end.error });
  }
  worker.loop.receive({ kind: 'close', runId: job.runId });
  await until('closed');
  stop();
  return { said, failed };
}

test('a failure of the whole node is one row, with the columns it would have read', async () => {
  const nodes: TestNodes = { in: data('1', '2'), sum: ['transform/aggregate.sum', { field: 'v' }], out: LOG, errors: LOG };
  const { said, failed } = await divertAndGoOn(jobOf(nodes, 'in>sum sum>out sum.error>errors', 'sum'));
  expect(failed).toEqual(['sum']);
  const sample = said.find((one) => one.kind === 'sample' && one.port === 'error');
  expect(sample).toMatchObject({ node: 'sum', sample: { columns: [{ name: 'id', type: 'BIGINT' }, { name: 'v', type: 'VARCHAR' }, { name: '_node' }, { name: '_code' }, { name: '_message' }], rows: [[null, null, 'sum', 'node_failed', expect.stringContaining('can’t be added up') as string]] } });
  expect(said.filter((one) => one.kind === 'console').flatMap((one) => one.lines).join('\n')).toContain('can’t be added up');
  expect(said.filter((one) => one.kind === 'done').flatMap((one) => one.nodes.map(({ node }) => node))).toEqual(['in', 'errors']);
});

test('an expression that asks chance can’t be tried row by row: the node fails as a whole', async () => {
  const nodes: TestNodes = { in: data('1', 'x'), map: ['transform/map.transform', { expression: 'CAST(v AS INTEGER) + floor(random())', field: 'v' }], errors: LOG };
  const { failed, said } = await divertAndGoOn(jobOf(nodes, 'in>map map.error>errors', 'map'));
  expect(failed).toEqual(['map']);
  expect(said.find((one) => one.kind === 'sample' && one.port === 'error')).toMatchObject({ sample: { rows: [[null, null, 'map', 'node_failed', expect.any(String) as string]] } });
});

test('a source that failed has a row without columns of its own; quotes in what it says stay inside it', async () => {
  const name = `it's "not" there'; DROP TABLE x; --.csv`;
  const { said } = await divertAndGoOn(jobOf({ csv: ['source/file.csv', { path: name }], errors: LOG }, 'csv.error>errors', 'csv'));
  expect(said.find((one) => one.kind === 'sample' && one.port === 'error')).toMatchObject({ sample: { columns: [{ name: '_node' }, { name: '_code' }, { name: '_message' }], rows: [['csv', 'io', "The file doesn't exist."]] } });
});

test('failures of failures: columns of the first one give way to those of the second', async () => {
  const nodes: TestNodes = { in: data('x'), one: ['transform/map.transform', { expression: 'CAST(v AS INTEGER)', field: 'v' }], two: ['transform/map.transform', { expression: 'CAST(_message AS INTEGER)', field: 'v' }], errors: LOG };
  const outcome = await go(nodes, 'in>one one.error>two two.error>errors', 'one', 'two');
  expect(outcome.failed).toBeNull();
  expect(outcome.samples['two.error']).toMatchObject({ columns: [{ name: 'id' }, { name: 'v' }, { name: '_node' }, { name: '_code' }, { name: '_message' }], rows: [['0', 'x', 'two', 'node_failed', expect.any(String) as string]] });
});

test('a run that is taken up again has the row back, with the columns that its inputs would have', async () => {
  const nodes: TestNodes = { in: data('1', '2'), sum: ['transform/aggregate.sum', { field: 'v' }], out: LOG, errors: ['transform/sql.transform', { query: 'SELECT id, _node, _message FROM input' }] };
  const job = { ...jobOf(nodes, 'in>sum sum>out sum.error>errors', 'sum'), diverted: [{ node: NodeId.parse('sum'), error: { code: 'node_failed' as const, message: 'It broke.' } }] };
  const outcome = await worker.run(job, undefined, ['in', 'sum', 'out']);
  expect(outcome.failed).toBeNull();
  expect(outcome.standing).toEqual({ steady: [], restored: [] });
  expect(outcome.samples['errors.out']).toMatchObject({ columns: [{ name: 'id', type: 'BIGINT' }, { name: '_node' }, { name: '_message' }], rows: [[null, 'sum', 'It broke.']] });
});
