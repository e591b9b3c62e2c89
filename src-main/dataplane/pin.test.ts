import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pin, WorkflowNode } from '#shared/workflow/workflow';
import { builtInNodes } from '../nodes/registry.ts';
import { testGraph, testJob, testWorker } from './graphs.testing.ts';
import type { GraphOutcome, TestNodes, TestWorker } from './graphs.testing.ts';
import type { Graph } from './protocol.ts';

let worker: TestWorker;
let folder: string;
beforeAll(() => {
  worker = testWorker(builtInNodes);
  folder = mkdtempSync(join(tmpdir(), 'millrace-pin-'));
});
afterAll(async () => {
  await worker.close();
  rmSync(folder, { recursive: true, force: true });
});

const pinned = (nodes: TestNodes, edges: string, pins: Readonly<Record<string, Pin>>): Graph => {
  const graph = testGraph(builtInNodes, folder, nodes, edges);
  return { ...graph, nodes: graph.nodes.map((node): WorkflowNode => (pins[node.id] === undefined ? node : { ...node, pin: pins[node.id] })) };
};
const go = (graph: Graph): Promise<GraphOutcome> => worker.run(testJob(builtInNodes, graph, { scratch: worker.scratch }));
const port = (columns: readonly (readonly [string, string])[], ...rows: readonly (readonly (string | null)[])[]): Pin => ({ out: { columns: columns.map(([name, type]) => ({ name, type })), rows: rows.map((row) => [...row]) } });
const LOG: TestNodes[string] = ['sink/console.log', {}];

test('a pinned source gives its rows though its file is gone, and what follows runs on them', async () => {
  const graph = pinned({ csv: ['source/file.csv', { path: 'gone.csv' }], sum: ['transform/aggregate.sum', { field: 'v' }], log: LOG }, 'csv>sum sum>log', { csv: port([['k', 'VARCHAR'], ['v', 'DECIMAL(9,2)']], ['a', '1.50'], ['b', null], [null, '2.25']) });
  const outcome = await go(graph);
  expect(outcome.failed).toBeNull();
  expect(outcome.nodes['csv']).toMatchObject({ rowsIn: 0, rowsOut: { out: 3 } });
  expect(outcome.samples['sum.out']?.rows).toEqual([['3.75']]);
  expect(outcome.samples['csv.out']).toEqual({ columns: [{ name: 'k', type: 'VARCHAR' }, { name: 'v', type: 'DECIMAL(9,2)' }], rows: [['a', '1.50'], ['b', null], [null, '2.25']], partial: false });
});

test('a pinned node in the middle reads nothing: its inputs need not even be sound', async () => {
  const graph = pinned({ csv: ['source/file.csv', { path: 'gone.csv' }], query: ['transform/sql.transform', { query: 'not SQL at all' }], keep: ['transform/filter.condition', { condition: 'v > 1' }], log: LOG }, 'csv>query.input query>keep keep>log', { query: port([['v', 'BIGINT']], ['1'], ['2']) });
  const job = testJob(builtInNodes, graph, { scratch: worker.scratch });
  expect(job.plan.segments.flatMap(({ nodes }) => nodes)).not.toContain('csv');
  const outcome = await worker.run(job);
  expect(outcome.failed).toBeNull();
  expect(outcome.nodes['keep']?.rowsOut).toEqual({ out: 1, rejected: 1 });
});

test('a port that was not pinned gives no rows', async () => {
  const graph = pinned({ n: ['source/sequence.numbers', {}], keep: ['transform/filter.condition', { condition: 'value > 1' }], a: LOG, b: LOG }, 'n>keep keep>a keep.rejected>b', { keep: port([['value', 'BIGINT']], ['7']) });
  const outcome = await go(graph);
  expect(outcome.failed).toBeNull();
  expect(outcome.nodes['keep']?.rowsOut).toEqual({ out: 1, rejected: 0 });
});

test('a pinned node has no failures: who reads its port for them runs without rows', async () => {
  const graph = pinned({ n: ['source/sequence.numbers', {}], out: LOG, errors: ['transform/aggregate.count', {}] }, 'n>out n.error>errors', { n: port([['value', 'BIGINT']], ['7']) });
  const outcome = await go({ ...graph, nodes: graph.nodes.map((node) => (node.pin === undefined ? node : { ...node, onError: 'errorPort' })) });
  expect(outcome.failed).toBeNull();
  expect(outcome.samples['errors.out']?.rows).toEqual([['0']]);
});

/** As the engine itself writes them in a sample. */
const VALUES: readonly string[] = [
  "'-170141183460469231731687303715884105727'::HUGEINT", '340282366920938463463374607431768211455::UHUGEINT', '18446744073709551615::UBIGINT', '123456789012345678901234567890.12345678::DECIMAL(38,8)',
  "'nan'::DOUBLE", "'-inf'::FLOAT", '-0.0::DOUBLE', '1e300', '0.1::FLOAT', 'true', "''", "'NULL'", "'it''s \"q\", \\ [a] {b}' || chr(10) || chr(0) || '测试'", "'\\x00\\xAA''ab'::BLOB", "'01011'::BIT",
  "'00112233-4455-6677-8899-aabbccddeeff'::UUID", "'0044-03-15 (BC)'::DATE", "'infinity'::DATE", "'12:13:14.123456+02:30'::TIMETZ", "'290000-01-01 00:00:00.000001'::TIMESTAMP", "'infinity'::TIMESTAMP_S", "'2024-01-01 00:00:00.123456789'::TIMESTAMP_NS",
  "'2024-06-01 00:00:00.5+05'::TIMESTAMPTZ", "INTERVAL '1 month' - INTERVAL '31 days' + INTERVAL '-1 microsecond'", "'it''s'::ENUM('a', 'it''s')", `'{"a": [1, 2.50, null]}'::JSON`,
  "['a', NULL, 'NULL', '', ' b ', '[1]', 'c, d', '\\', 'it''s']", '[[1], [], NULL]', '[1, NULL, 3]::INTEGER[3]', `{'a': 1, 'b c': 'x, y: {z}', 'D"e': [NULL::DATE], 'f': '\\xAA'::BLOB}`, 'NULL::STRUCT(a INTEGER)', "MAP {'k=1': [1], 'k,2': NULL}", "[{'t': TIMESTAMPTZ '2024-06-01 00:00:00+05'}]",
];

test.each(VALUES)('%s, pinned as its sample shows it, is what it was', async (value) => {
  const nodes: TestNodes = { n: ['source/sequence.numbers', { start: 1, end: 2 }], make: ['transform/sql.transform', { query: `SELECT ${value} AS "a ""v""" UNION ALL SELECT NULL` }], same: ['transform/sql.transform', { query: `SELECT count(*) FILTER ("a ""v""" IS NOT DISTINCT FROM (${value})) AS same, count(*) AS n FROM input` }] };
  const sample = (await go(testGraph(builtInNodes, folder, nodes, 'n>make.input make>same.input'))).samples['make.out'];
  expect(sample).toBeDefined();
  const outcome = await go(pinned(nodes, 'n>make.input make>same.input', { make: { out: { columns: sample?.columns ?? [], rows: sample?.rows ?? [] } } }));
  expect(outcome.failed).toBeNull();
  expect(outcome.samples['make.out']).toEqual(sample);
  expect(outcome.samples['same.out']?.rows).toEqual([[value.startsWith('NULL') ? '2' : '1', '2']]);
});

test.each([
  ['a text that its type does not read', port([['v', 'BIGINT']], ['1'], ['two']), '“two” in the pinned column “v” can’t be read as BIGINT.'],
  ['a nested text that is no such thing', port([['l', 'INTEGER[]']], ['[1, 2']), 'the pinned column “l”'],
  ['a type that is none', port([['v', 'NOTATYPE']], ['1']), '“v” has the type NOTATYPE'],
  ['a type that would be more than one', port([['v', 'INTEGER) AS a, (SELECT 1']], ['1']), 'the type INTEGER) AS a'],
  ['a type with a statement behind it', port([['v', "INTEGER); DROP SCHEMA run CASCADE; SELECT CAST(1 AS INTEGER"]], ['1']), 'which can’t be made'],
  ['a union, whose member no text tells', port([['u', 'UNION(str VARCHAR, num INTEGER)']], ['2']), 'can’t be told from their texts'],
  ['a row of another width', port([['v', 'BIGINT']], ['1', '2']), '2 values for 1 columns'],
] as const)('%s is refused with the column', async (_what, pin, sentence) => {
  const outcome = await go(pinned({ n: ['source/sequence.numbers', {}], log: LOG }, 'n>log', { n: pin }));
  expect(outcome.failed).toMatchObject({ node: 'n', error: { code: 'node_failed', place: 'pin', message: expect.stringContaining(sentence) as string } });
});

test('the window’s questions see the pinned rows', async () => {
  const graph = pinned({ csv: ['source/file.csv', { path: 'gone.csv' }], map: ['transform/map.transform', { expression: 'v + 1', field: 'v' }] }, 'csv>map', { csv: port([['v', 'INTEGER']], ['1'], ['2']) });
  const preview = await worker.ask({ kind: 'preview', graph, node: graph.nodes[0]?.id as never, port: 'out', limit: 10 });
  expect(preview).toMatchObject({ ok: true, value: { sample: { columns: [{ name: 'v', type: 'INTEGER' }], rows: [['1'], ['2']] } } });
  const behind = await worker.ask({ kind: 'preview', graph, node: graph.nodes[1]?.id as never, port: 'out', limit: 10 });
  expect(behind).toMatchObject({ ok: true, value: { sample: { rows: [['2'], ['3']] } } });
  expect(await worker.ask({ kind: 'columns', graph })).toMatchObject({ ok: true, value: { csv: { out: [{ name: 'v', type: 'INTEGER' }] }, map: { out: [{ name: 'v', type: 'INTEGER' }] } } });
});

test('an expression of a pinned node is tried on the rows that it would read', async () => {
  const graph = pinned({ n: ['source/sequence.numbers', { start: 5, end: 6 }], map: ['transform/map.transform', { expression: 'value', field: 'value' }] }, 'n>map', { map: port([['other', 'INTEGER']], ['1']) });
  expect(await worker.ask({ kind: 'expression', graph, node: graph.nodes[1]?.id as never, text: 'value * 2', scope: 'scalar', limit: 5 })).toMatchObject({ ok: true, value: { values: ['10', '12'] } });
});
