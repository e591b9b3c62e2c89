import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { NodeId } from '#shared/ids';
import type { WorkflowNode } from '#shared/workflow/workflow';
import { builtInNodes } from '../nodes/registry.ts';
import { testGraph, testJob } from './graphs.testing.ts';
import type { TestNodes } from './graphs.testing.ts';
import { indexGraph } from './graph-index.ts';
import { keysNow } from './keys.ts';

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

function keys(nodes: TestNodes = NODES, edges = EDGES, more: { readonly change?: (node: WorkflowNode) => WorkflowNode; readonly runId?: string; readonly at?: string } = {}): Readonly<Record<string, string | null>> {
  const made = testGraph(builtInNodes, folder, nodes, edges);
  const graph = { ...made, nodes: made.nodes.map((node) => more.change?.(node) ?? node) };
  const { plan } = testJob(builtInNodes, graph, { scratch: folder });
  return Object.fromEntries(keysNow({ index: indexGraph(graph), registry: builtInNodes, runId: more.runId ?? 'run-1', requestedAt: new Date(more.at ?? AT) }, plan.segments));
}
const changed = (before: Readonly<Record<string, string | null>>, after: Readonly<Record<string, string | null>>): readonly string[] => Object.keys(before).filter((node) => before[node] !== after[node]);
const withConfig = (id: string, config: WorkflowNode['config']): TestNodes => ({ ...NODES, [id]: [NODES[id]?.[0] ?? 'source/file.csv', { ...NODES[id]?.[1], ...config }] });

test('the same workflow has the same keys, each of its own', () => {
  const found = keys();
  expect(keys()).toEqual(found);
  expect(Object.values(found).every((key) => key !== null && /^[\w-]{43}$/.test(key))).toBe(true);
  expect(new Set(Object.values(found)).size).toBe(Object.keys(found).length);
});

test('what means nothing for the rows changes no key: another run, another order of config, label, place, retry, checkpoint', () => {
  const found = keys();
  expect(keys(NODES, EDGES, { runId: 'run-2', at: '2027-05-05T00:00:00Z' })).toEqual(found);
  expect(keys(NODES, EDGES, { change: (node) => ({ ...node, config: Object.fromEntries(Object.entries(node.config).toReversed()), label: 'x', note: 'y', position: { x: 7, y: 7 }, retry: { attempts: 3, backoff: 'constant', initialMs: 1, maxMs: 1, jitter: 0 } }) })).toEqual(found);
  expect(keys(NODES, EDGES.split(' ').toReversed().join(' '))).toEqual(found);
});

test('a changed config changes the key of its node and of all behind it, and no other', () => {
  const found = keys();
  expect(changed(found, keys(withConfig('sum', { field: 'a' })))).toEqual(['sum', 'file']);
  expect(changed(found, keys(withConfig('keep', { condition: 'a > 1' })))).toEqual(['keep', 'query', 'sum', 'file']);
});

test.each([['size', 'a,b\n1,22\n', AT], ['time', 'a,b\n1,2\n', new Date('2026-01-02T03:04:06Z')]] as const)('a file of another %s changes the keys of its source and all behind it', (_what, text, at) => {
  const found = keys();
  write('in.csv', text, at);
  expect(changed(found, keys())).toEqual(Object.keys(found));
});

test('a pattern that matches one file more has another key; a file beside it changes none', () => {
  const many = withConfig('csv', { path: 'many/*.csv' });
  write('many/a.csv', 'a,b\n1,2\n');
  const found = keys(many);
  write('many/other.txt', 'x');
  expect(keys(many)).toEqual(found);
  write('many/b.csv', 'a,b\n1,2\n');
  expect(changed(found, keys(many))).toEqual(Object.keys(found));
});

test('a file that is not there has a key too, and another when it is', () => {
  const missing = withConfig('csv', { path: 'later.csv' });
  const found = keys(missing);
  expect(found['file']).not.toBeNull();
  write('later.csv', 'a,b\n1,2\n');
  expect(changed(found, keys(missing))).toEqual(Object.keys(found));
});

test('wiring counts: another port at either end, another source, one edge more, and the order of edges into one port', () => {
  const found = keys();
  expect(changed(found, keys(NODES, 'csv>keep keep>query.input2 keep.rejected>query.input query>sum sum>file'))).toEqual(['query', 'sum', 'file']);
  expect(changed(found, keys(NODES, 'csv>keep keep>query.input csv>query.input2 query>sum sum>file'))).toContain('query');
  const two = keys(NODES, 'csv>keep keep>query.input keep.rejected>query.input csv>query.input2 query>sum sum>file');
  expect(changed(two, keys(NODES, 'csv>keep keep.rejected>query.input keep>query.input csv>query.input2 query>sum sum>file'))).toEqual(['query', 'sum', 'file']);
});

test('what a repeat may give otherwise has no key, nor has anything behind it', () => {
  const nodes: TestNodes = { dice: ['source/random.numbers', { count: 3 }], sum: ['transform/aggregate.sum', {}], log: ['sink/console.log', {}] };
  expect(keys(nodes, 'dice>sum sum>log')).toEqual({ sum: null, log: null });
  expect(Object.values(keys({ ...nodes, dice: ['source/random.numbers', { count: 3, seed: 7 }] }, 'dice>sum sum>log')).includes(null)).toBe(false);
  for (const condition of ['a > random()', "ts < now()", 'day = current_date', 'uuid() IS NOT NULL']) expect(keys(withConfig('keep', { condition }))['sum'], condition).toBeNull();
  for (const query of ['SELECT * FROM input USING SAMPLE 10', 'SELECT * FROM input TABLESAMPLE 10%', 'SELECT *, uuid() AS u FROM input']) expect(keys(withConfig('query', { query }))['sum'], query).toBeNull();
  expect(keys(withConfig('file', { append: true }))).toMatchObject({ sum: expect.any(String) as string, file: null });
});

test('a sink has another key for another target, also where only the date or the run in its name differs', () => {
  const found = keys();
  expect(changed(found, keys(withConfig('file', { path: 'other.csv' })))).toEqual(['file']);
  const dated = withConfig('file', { path: 'out-{date}.csv' });
  expect(changed(keys(dated), keys(dated, EDGES, { at: '2026-01-05T00:00:00Z' }))).toEqual(['file']);
  const named = withConfig('file', { path: 'out-{runId}.csv' });
  expect(changed(keys(named), keys(named, EDGES, { runId: 'run-2' }))).toEqual(['file']);
});

const pin = (text: string) => (node: WorkflowNode): WorkflowNode => (node.id === NodeId.parse('keep') ? { ...node, pin: { out: { columns: [{ name: 'a', type: 'BIGINT' }], rows: [[text]] } } } : node);
test('pinned rows are all that a pinned node hangs on', () => {
  const found = keys(NODES, EDGES, { change: pin('1') });
  rmSync(join(folder, 'in.csv'));
  expect(keys(withConfig('keep', { condition: 'random() > 1' }), EDGES, { change: pin('1') })).toEqual(found);
  expect(changed(found, keys(NODES, EDGES, { change: pin('2') }))).toEqual(expect.arrayContaining(['keep', 'query', 'sum', 'file']));
});

const diverting = (node: WorkflowNode): WorkflowNode => (node.id === NodeId.parse('keep') ? { ...node, onError: 'errorPort' } : node);
test('rows that fail go elsewhere: a node with a port for them is another', () => {
  expect(changed(keys(), keys(NODES, EDGES, { change: diverting }))).toContain('keep');
});

test('a folder that is transferred is known by every file in it', () => {
  const nodes: TestNodes = { copy: ['sink/file.transfer', { source: 'many', target: 'there' }] };
  write('many/a.csv', 'x');
  const found = keys(nodes, '');
  expect(keys(nodes, '')).toEqual(found);
  write('many/a.csv', 'yy');
  expect(keys(nodes, '')).not.toEqual(found);
  expect(keys({ move: ['sink/file.transfer', { source: 'many', target: 'there', mode: 'move' }] }, '')).toEqual({ move: null });
});

const SOURCE: TestNodes[string] = ['source/file.csv', { path: 'in.csv' }];
const FILTER: TestNodes[string] = ['transform/filter.condition', { condition: 'a > 0' }];
test('ten thousand nodes in a row have their keys at once', () => {
  const count = 10_000;
  const nodes = Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, index === 0 ? SOURCE : FILTER]));
  const edges = Array.from({ length: count - 1 }, (_, index) => `n${index}>n${index + 1}`).join(' ');
  expect(keys(nodes, edges)[`n${count - 1}`]).toMatch(/^[\w-]{43}$/);
});
