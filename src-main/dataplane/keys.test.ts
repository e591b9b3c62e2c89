import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { NodeId } from '#shared/ids';
import type { WorkflowNode } from '#shared/workflow/workflow';
import { builtInNodes } from '../nodes/registry.ts';
import { checksOf } from './context.ts';
import { testGraph, testJob } from './graphs.testing.ts';
import type { TestNodes } from './graphs.testing.ts';
import { indexGraph } from './graph-index.ts';
import { keysNow } from './keys.ts';
import { createMemory } from './memory.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';
import { steadyNodes } from './steady.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const AT = new Date('2026-01-02T03:04:05Z');
const write = (name: string, text: string, at = AT): void => {
  writeFileSync(join(folder, name), text);
  utimesSync(join(folder, name), at, at);
};
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'many'), { recursive: true });
  write('in.csv', 'a,b\n1,2\n');
});

const NODES: TestNodes = {
  csv: ['source/file.csv', { path: 'in.csv' }],
  keep: ['transform/filter.condition', { condition: 'a > 0' }],
  query: ['transform/sql.transform', { query: 'SELECT * FROM input JOIN input2 USING (a)' }],
  sum: ['transform/aggregate.sum', { field: 'b' }],
  file: ['sink/file.text', { path: 'out.csv', format: 'csv' }],
};
const EDGES = 'csv>keep keep>query.input keep.rejected>query.input2 query>sum sum>file';

let session: Session;
beforeAll(async () => {
  session = await openSession({ reads: [], writes: [], scratch: mkdtempSync(join(tmpdir(), 'millrace-keys-scratch-')), memoryLimitMb: 256, threads: 1 });
});
afterAll(() => {
  session.close();
  rmSync(session.limits.scratch, { recursive: true });
});
const memory = createMemory(20_000);

async function keys(nodes: TestNodes = NODES, edges = EDGES, more: { readonly change?: (node: WorkflowNode) => WorkflowNode; readonly runId?: string; readonly at?: string } = {}): Promise<Readonly<Record<string, string | null>>> {
  const made = testGraph(builtInNodes, folder, nodes, edges);
  const graph = { ...made, nodes: made.nodes.map((node) => more.change?.(node) ?? node) };
  const { plan } = testJob(builtInNodes, graph, { scratch: folder });
  const index = indexGraph(graph);
  const steady = await steadyNodes(index, builtInNodes, graph.nodes.map((node) => node.id), checksOf(session, memory).judge, new AbortController().signal);
  return Object.fromEntries(keysNow({ index, registry: builtInNodes, steady, runId: more.runId ?? 'run-1', requestedAt: new Date(more.at ?? AT) }, plan.segments));
}
const changed = (before: Readonly<Record<string, string | null>>, after: Readonly<Record<string, string | null>>): readonly string[] => Object.keys(before).filter((node) => before[node] !== after[node]);
const withConfig = (id: string, config: WorkflowNode['config']): TestNodes => ({ ...NODES, [id]: [NODES[id]?.[0] ?? 'source/file.csv', { ...NODES[id]?.[1], ...config }] });

test('the same workflow has the same keys, each of its own', async () => {
  const found = await keys();
  expect(await keys()).toEqual(found);
  expect(Object.values(found).every((key) => key !== null && /^[\w-]{43}$/.test(key))).toBe(true);
  expect(new Set(Object.values(found)).size).toBe(Object.keys(found).length);
});

test('what means nothing for the rows changes no key: another run, another order of config, label, place, retry, checkpoint', async () => {
  const found = await keys();
  expect(await keys(NODES, EDGES, { runId: 'run-2', at: '2027-05-05T00:00:00Z' })).toEqual(found);
  expect(await keys(NODES, EDGES, { change: (node) => ({ ...node, config: Object.fromEntries(Object.entries(node.config).toReversed()), label: 'x', note: 'y', position: { x: 7, y: 7 }, retry: { attempts: 3, backoff: 'constant', initialMs: 1, maxMs: 1, jitter: 0 } }) })).toEqual(found);
  expect(await keys(NODES, EDGES.split(' ').toReversed().join(' '))).toEqual(found);
});

test('a changed config changes the key of its node and of all behind it, and no other', async () => {
  const found = await keys();
  expect(changed(found, await keys(withConfig('sum', { field: 'a' })))).toEqual(['sum', 'file']);
  expect(changed(found, await keys(withConfig('keep', { condition: 'a > 1' })))).toEqual(['keep', 'query', 'sum', 'file']);
});

test.each([['size', 'a,b\n1,22\n', AT], ['time', 'a,b\n1,2\n', new Date('2026-01-02T03:04:06Z')]] as const)('a file of another %s changes the keys of its source and all behind it', async (_what, text, at) => {
  const found = await keys();
  write('in.csv', text, at);
  expect(changed(found, await keys())).toEqual(Object.keys(found));
});

test('a pattern that matches one file more has another key; a file beside it changes none', async () => {
  const many = withConfig('csv', { path: 'many/*.csv' });
  write('many/a.csv', 'a,b\n1,2\n');
  const found = await keys(many);
  write('many/other.txt', 'x');
  expect(await keys(many)).toEqual(found);
  write('many/b.csv', 'a,b\n1,2\n');
  expect(changed(found, await keys(many))).toEqual(Object.keys(found));
});

test('a file that is not there has a key too, and another when it is', async () => {
  const missing = withConfig('csv', { path: 'later.csv' });
  const found = await keys(missing);
  expect(found['file']).not.toBeNull();
  write('later.csv', 'a,b\n1,2\n');
  expect(changed(found, await keys(missing))).toEqual(Object.keys(found));
});

test('wiring counts: another port at either end, another source, one edge more, and the order of edges into one port', async () => {
  const found = await keys();
  expect(changed(found, await keys(NODES, 'csv>keep keep>query.input2 keep.rejected>query.input query>sum sum>file'))).toEqual(['query', 'sum', 'file']);
  expect(changed(found, await keys(NODES, 'csv>keep keep>query.input csv>query.input2 query>sum sum>file'))).toContain('query');
  const two = await keys(NODES, 'csv>keep keep>query.input keep.rejected>query.input csv>query.input2 query>sum sum>file');
  expect(changed(two, await keys(NODES, 'csv>keep keep.rejected>query.input keep>query.input csv>query.input2 query>sum sum>file'))).toEqual(['query', 'sum', 'file']);
});

test('what a repeat may give otherwise has no key, nor has anything behind it', async () => {
  const nodes: TestNodes = { dice: ['source/random.numbers', { count: 3 }], sum: ['transform/aggregate.sum', {}], log: ['sink/console.log', {}] };
  expect(await keys(nodes, 'dice>sum sum>log')).toEqual({ sum: null, log: null });
  expect(Object.values(await keys({ ...nodes, dice: ['source/random.numbers', { count: 3, seed: 7 }] }, 'dice>sum sum>log')).includes(null)).toBe(false);
  for (const condition of ['a > random()', "ts < now()", 'day = current_date', 'uuid() IS NOT NULL', 'ago(INTERVAL 1 DAY) > ts', 'pg_postmaster_start_time() > ts', 'pg_conf_load_time() > ts', 'age(ts) > INTERVAL 1 DAY', 'LocalTimestamp > ts', 'current_localtime() > t', "current_setting('threads') = '2'", "list_aggregate(l, 'reservoir_quantile', 0.5) > 1", 'nonsense(']) expect((await keys(withConfig('keep', { condition })))['sum'], condition).toBeNull();
  for (const query of ['SELECT * FROM input USING SAMPLE 10', 'SELECT * FROM input TABLESAMPLE 10%', 'SELECT *, uuid() AS u FROM input', 'SELECT * FROM (SELECT * FROM input TABLESAMPLE reservoir(3 ROWS) REPEATABLE (7))', 'WITH c AS (SELECT now() AS n FROM input) SELECT * FROM c', 'SELECT approx_quantile(a, 0.5) FROM input', 'SELECT list_transform([a], lambda y: y + random()) FROM input', 'SELECT a FROM input ORDER BY random()', 'SELECT approx_quantile(a, 0.5) OVER () FROM input', 'SELECT sum(a) OVER (ORDER BY random()) FROM input']) expect((await keys(withConfig('query', { query })))['sum'], query).toBeNull();
  for (const condition of ['today > 1', '"now()" > 1', "name = 'random()'", 'age(ts, other) > INTERVAL 1 DAY', 'sample + uuid > stats', "coalesce(error('x'), 1) > 0", 'date_add(ts, INTERVAL 1 DAY) > ts', "list_aggregate(l, 'sum') > 1", 'weekday(ts) = 1', "map_contains_value(m, 1)", "strftime(ts, '%Z') = 'UTC'"]) expect((await keys(withConfig('keep', { condition })))['sum'], condition).not.toBeNull();
  for (const query of ['SELECT a, row_number() OVER (ORDER BY b) AS n FROM input', 'SELECT * FROM input, range(3) LIMIT 5', 'WITH today AS (SELECT a FROM input) SELECT today.a, histogram(a) FROM today GROUP BY 1', "SELECT unnest([1, 2]) AS u, string_agg(b, ',') FROM input"]) expect((await keys(withConfig('query', { query })))['sum'], query).not.toBeNull();
  expect(await keys(withConfig('file', { append: true }))).toMatchObject({ sum: expect.any(String) as string, file: null });
});

test('a sink has another key for another target, also where only the date or the run in its name differs', async () => {
  const found = await keys();
  expect(changed(found, await keys(withConfig('file', { path: 'other.csv' })))).toEqual(['file']);
  const dated = withConfig('file', { path: 'out-{date}.csv' });
  expect(changed(await keys(dated), await keys(dated, EDGES, { at: '2026-01-05T00:00:00Z' }))).toEqual(['file']);
  const named = withConfig('file', { path: 'out-{runId}.csv' });
  expect(changed(await keys(named), await keys(named, EDGES, { runId: 'run-2' }))).toEqual(['file']);
});

const pin = (text: string) => (node: WorkflowNode): WorkflowNode => (node.id === NodeId.parse('keep') ? { ...node, pin: { out: { columns: [{ name: 'a', type: 'BIGINT' }], rows: [[text]] } } } : node);
test('pinned rows are all that a pinned node hangs on', async () => {
  const found = await keys(NODES, EDGES, { change: pin('1') });
  rmSync(join(folder, 'in.csv'));
  expect(await keys(withConfig('keep', { condition: 'random() > 1' }), EDGES, { change: pin('1') })).toEqual(found);
  expect(changed(found, await keys(NODES, EDGES, { change: pin('2') }))).toEqual(expect.arrayContaining(['keep', 'query', 'sum', 'file']));
});

const diverting = (node: WorkflowNode): WorkflowNode => (node.id === NodeId.parse('keep') ? { ...node, onError: 'errorPort' } : node);
test('rows that fail go elsewhere: a node with a port for them is another', async () => {
  expect(changed(await keys(), await keys(NODES, EDGES, { change: diverting }))).toContain('keep');
});

test('a folder that is transferred is known by every file in it', async () => {
  const nodes: TestNodes = { copy: ['sink/file.transfer', { source: 'many', target: 'there' }] };
  write('many/a.csv', 'x');
  const found = await keys(nodes, '');
  expect(await keys(nodes, '')).toEqual(found);
  write('many/a.csv', 'yy');
  expect(await keys(nodes, '')).not.toEqual(found);
  expect(await keys({ move: ['sink/file.transfer', { source: 'many', target: 'there', mode: 'move' }] }, '')).toEqual({ move: null });
});

test('links to folders are not followed: a hundred that lead to each other have an end', async () => {
  const nodes: TestNodes = { copy: ['sink/file.transfer', { source: 'many', target: 'there' }] };
  write('many/a.csv', 'x');
  const levels = Array.from({ length: 50 }, (_, level) => join(folder, 'many', `level ${level}`));
  for (const level of levels) mkdirSync(level);
  for (const [at, level] of levels.entries()) for (const side of ['left', 'right']) symlinkSync(levels[at + 1] ?? folder, join(level, side));
  const found = await keys(nodes, '');
  expect(found['copy']).not.toBeNull();
  write('many/level 7/b.csv', 'y');
  expect(await keys(nodes, '')).not.toEqual(found);
});

const SOURCE: TestNodes[string] = ['source/file.csv', { path: 'in.csv' }];
const FILTER: TestNodes[string] = ['transform/filter.condition', { condition: 'a > 0' }];
test('ten thousand nodes in a row have their keys at once', async () => {
  const count = 10_000;
  const nodes = Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, index === 0 ? SOURCE : FILTER]));
  const edges = Array.from({ length: count - 1 }, (_, index) => `n${index}>n${index + 1}`).join(' ');
  expect((await keys(nodes, edges))[`n${count - 1}`]).toMatch(/^[\w-]{43}$/);
});
