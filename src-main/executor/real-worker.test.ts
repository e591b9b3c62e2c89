import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { NodeId } from '#shared/ids';
import { PATIENCE } from '#shared/patience.testing';
import { rowsOutTotal } from '#shared/run/run';
import { Workflow } from '#shared/workflow/workflow';
import { createStudio } from '../studio.ts';
import type { Studio } from '../studio-types.ts';
import { builtMain } from './built.testing.ts';
import { heardBy } from './fake-worker.testing.ts';
import { forkWorkers } from './fork.ts';

const { worker } = builtMain();
let folder = '';
let studio: Studio;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-real-'));
  studio = await createStudio({ dataDir: join(folder, 'data'), host: 'server', version: '0.0.0', spawn: forkWorkers(worker) });
  writeFileSync(join(folder, 'in.csv'), ['id,category,amount', ...Array.from({ length: 100 }, (_, n) => `${n},c${n % 5},${n}`)].map((line) => `${line}\n`).join(''));
});
afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true });
});

const workflow = (nodes: Readonly<Record<string, readonly [string, string, object?]>>, edges: readonly string[]): Workflow =>
  Workflow.parse({
    formatVersion: 1,
    id: 'w',
    name: 'W',
    nodes: Object.entries(nodes).map(([id, [type, nodeType, config = {}]]) => ({ id, type, nodeType, config })),
    edges: edges.map((edge) => ({ id: edge, source: edge.split('>')[0], target: edge.split('>')[1] })),
  });
const start = (made: Workflow) => studio.executor.start({ workflow: made, file: null, folder, trigger: { kind: 'manual' }, scope: { kind: 'all' } });

const fromFileToFile = workflow(
  {
    csv: ['source', 'file.csv', { path: 'in.csv' }],
    keep: ['transform', 'filter.condition', { condition: 'amount >= 50' }],
    sum: ['transform', 'aggregate.sum', { field: 'amount', groupBy: ['category'] }],
    out: ['sink', 'file.text', { path: 'out.csv', format: 'csv' }],
  },
  ['csv>keep', 'keep>sum', 'sum>out'],
);
/** Billions of rows: it is never done. */
const endless = workflow(
  { n: ['source', 'sequence.numbers', { start: 1, end: 20_000_000_000, step: 1 }], m: ['transform', 'map.transform', { columns: [{ name: 'h', expression: 'md5(value::VARCHAR)' }] }], out: ['sink', 'file.text', { path: 'endless.csv', format: 'csv' }] },
  ['n>m', 'm>out'],
);

/** The process ids in the names of half-written files. */
const writers = (name: string): readonly number[] => readdirSync(folder).flatMap((entry) => (entry.startsWith(`.${name}.`) && entry.endsWith('.part') ? [Number(entry.split('.').at(-2))] : []));

test('from file to file: rows, counts, samples', async () => {
  const id = await start(fromFileToFile);
  const heard = await heardBy(studio.executor.watch(id));
  const run = studio.journal.run(id);
  expect(run?.error).toBeNull();
  expect(run?.status).toBe('completed');
  expect(readFileSync(join(folder, 'out.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(6);
  expect([run?.nodes['csv']?.rowsOut, run?.nodes['keep']?.rowsOut['out'], run?.nodes['out']?.rowsIn]).toEqual([{ out: 100 }, 50, 5]);
  expect(run?.nodes['out']?.outputs).toMatchObject([{ path: join(folder, 'out.csv'), rows: 5 }]);
  expect(rowsOutTotal(run?.nodes['sum'] ?? expect.fail())).toBe(5);
  expect(heard.filter((update) => update.kind === 'sample').map((update) => update.node)).toEqual(expect.arrayContaining(['csv', 'keep', 'sum']));
  expect((await studio.executor.sample(id, 'keep', 'out'))?.rows).toHaveLength(50);
  await vi.waitFor(() => expect(existsSync(join(folder, 'data', 'samples', `${id}.json`))).toBe(true), PATIENCE);
});

test('cancelled, it ends, and nothing half-written is left', async () => {
  const id = await start(endless);
  await vi.waitFor(() => expect(writers('endless.csv')).toHaveLength(1), PATIENCE);
  await studio.executor.cancel(id, 'person');
  await heardBy(studio.executor.watch(id));
  expect(studio.journal.run(id)?.status).toBe('cancelled');
  expect(readdirSync(folder).filter((name) => name.includes('endless'))).toEqual([]);
});

/** A second of work. */
const long = workflow(
  { n: ['source', 'sequence.numbers', { start: 1, end: 1_000_000, step: 1 }], m: ['transform', 'map.transform', { columns: [{ name: 'h', expression: 'md5(value::VARCHAR)' }] }], out: ['sink', 'file.text', { path: 'long.csv', format: 'csv' }] },
  ['n>m', 'm>out'],
);
test('a run whose worker is killed goes on with another one, and leaves no half file', async () => {
  const id = await start(long);
  await vi.waitFor(() => expect(writers('long.csv')).toHaveLength(1), { ...PATIENCE, interval: 5 });
  for (const pid of writers('long.csv')) process.kill(pid, 'SIGKILL');
  await heardBy(studio.executor.watch(id));
  const run = studio.journal.run(id);
  expect([run?.status, run?.error]).toEqual(['completed', null]);
  expect(run?.nodes['out']?.attempts.map((attempt) => attempt.outcome)).toEqual(['lost', 'completed']);
  expect(run?.nodes['out']?.rowsIn).toBe(1_000_000);
  expect(readdirSync(folder).filter((name) => name.includes('long'))).toEqual(['long.csv']);
});

/** Rows are kept on the way, then a line for each is appended. */
const appending = (name: string) =>
  workflow(
    {
      n: ['source', 'sequence.numbers', { start: 1, end: 400_000, step: 1 }],
      sorted: ['transform', 'sql.transform', { query: 'SELECT value, md5(value::VARCHAR) AS h FROM input ORDER BY h' }],
      out: ['sink', 'file.text', { path: name, format: 'csv', append: true, header: false }],
    },
    ['n>sorted', 'sorted>out'],
  );
const kept = (made: Workflow): Workflow => ({ ...made, nodes: made.nodes.map((node) => (node.id === 'sorted' ? { ...node, checkpoint: true } : node)) });

test('studios are closed and opened again on one data folder while a run goes: it comes to its end, and each line is appended once', async () => {
  const dataDir = join(folder, 'again');
  const open = () => createStudio({ dataDir, host: 'server', version: '0.0.0', spawn: forkWorkers(worker) });
  writeFileSync(join(folder, 'added.csv'), '0,first\n');
  let own = await open();
  const id = await own.executor.start({ workflow: kept(appending('added.csv')), file: null, folder, trigger: { kind: 'manual' }, scope: { kind: 'all' } });
  for (const patience of [40, 400]) {
    await new Promise((resolve) => {
      setTimeout(resolve, patience);
    });
    await own.close();
    own = await open();
  }
  await heardBy(own.executor.watch(id));
  const run = own.journal.run(id);
  expect([run?.status, run?.error]).toEqual(['completed', null]);
  const lines = readFileSync(join(folder, 'added.csv'), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(400_001);
  expect(new Set(lines).size).toBe(400_001);
  expect(run?.nodes['out']?.effects.filter((effect) => effect.state === 'confirmed')).toHaveLength(1);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  await own.close();
});

test('run again from a node: what was kept is read back, not made again', async () => {
  const made = kept(appending('once.csv'));
  const first = await start(made);
  await heardBy(studio.executor.watch(first));
  const before = studio.journal.run(first);
  expect(before?.status).toBe('completed');
  expect(before?.nodes['sorted']?.outputs).toMatchObject([{ port: 'out', rows: 400_000, hash: expect.any(String) }]);
  rmSync(join(folder, 'once.csv'));
  const again = await studio.executor.start({ workflow: made, file: null, folder, trigger: { kind: 'manual' }, scope: { kind: 'all' }, origin: { kind: 'rerun', run: first, version: before?.version ?? 0, from: NodeId.parse('out') } });
  for await (const update of studio.executor.watch(again)) if (update.kind === 'event' && update.event.type === 'WorkflowPaused') await studio.executor.answer(again, 'repeat', 'person');
  const run = studio.journal.run(again);
  expect([run?.status, run?.error, run?.nodes['sorted']?.reusedFrom, run?.nodes['out']?.rowsIn]).toEqual(['completed', null, first, 400_000]);
  expect(readFileSync(join(folder, 'once.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(400_000);
  expect((await studio.executor.sample(again, 'sorted', 'out'))?.rows.length).toBeGreaterThan(0);
  expect(await studio.executor.difference({ run: first, node: NodeId.parse('sorted'), port: 'out' }, { run: again, node: NodeId.parse('sorted'), port: 'out' }, 10)).toMatchObject({ basis: 'outputs', same: 400_000, onlyLeft: 0, onlyRight: 0 });
});

test('questions are answered while a run goes', async () => {
  const id = await start(endless);
  const columns = await studio.executor.columns({ workflow: fromFileToFile, folder });
  expect(columns['csv']?.['out']?.map((column) => column.name)).toEqual(['id', 'category', 'amount']);
  const preview = await studio.executor.preview({ workflow: fromFileToFile, folder }, NodeId.parse('keep'), 'out', 3);
  expect(preview.sample.rows).toHaveLength(3);
  await studio.executor.cancel(id, 'person');
  await heardBy(studio.executor.watch(id));
});

test('what can not run is refused with every problem, and nothing is written', async () => {
  const before = studio.journal.stats().runs;
  const bad = workflow({ csv: ['source', 'file.csv'], keep: ['transform', 'filter.condition'] }, ['csv>keep']);
  await expect(start(bad)).rejects.toMatchObject({ code: 'invalid_workflow', detail: expect.stringMatching(/csv.*\n.*keep/s) });
  expect(studio.journal.stats().runs).toBe(before);
});

const adding = (from: number) =>
  workflow({ n: ['source', 'sequence.numbers', { start: from, end: from + 49_999, step: 1 }], out: ['sink', 'file.text', { path: 'shared.csv', format: 'csv', append: true }] }, ['n>out']);

test('runs that add to one new file at once each add all their rows, under one header', async () => {
  const ids = await Promise.all([0, 100_000, 200_000, 300_000].map((from) => start(adding(from))));
  await Promise.all(ids.map((id) => heardBy(studio.executor.watch(id))));
  expect(ids.map((id) => studio.journal.run(id)?.status)).toEqual(ids.map(() => 'completed'));
  const lines = readFileSync(join(folder, 'shared.csv'), 'utf8').trimEnd().split('\n');
  expect([lines.length, new Set(lines).size, lines[0]]).toEqual([200_001, 200_001, 'value']);
  expect(readdirSync(folder).filter((name) => name.includes('shared'))).toEqual(['shared.csv']);
});
