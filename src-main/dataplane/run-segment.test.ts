import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { testGraph, testJob, testWorker } from './graphs.testing.ts';
import type { GraphOutcome, TestNodes } from './graphs.testing.ts';
import { testFolder } from './node.testing.ts';
import { testNodes } from './nodes.testing.ts';

const worker = testWorker(testNodes);
let folder = '';
beforeEach(() => {
  folder = testFolder();
  writeFileSync(join(folder, 'in.csv'), `id,value\n${Array.from({ length: 100 }, (_, n) => `${n},${n * 2}`).join('\n')}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => worker.close());

let runs = 0;
const go = (nodes: TestNodes, edges: string, more: { cancelAfterMs?: number; memoryLimitMb?: number } = {}): Promise<GraphOutcome> => {
  runs += 1;
  const graph = testGraph(testNodes, folder, nodes, edges);
  return worker.run(testJob(testNodes, graph, { scratch: worker.scratch, runId: `run-${runs}`, memoryLimitMb: more.memoryLimitMb ?? 512 }), more.cancelAfterMs);
};
const counts = (outcome: GraphOutcome) => Object.fromEntries(Object.entries(outcome.nodes).map(([id, node]) => [id, [node.rowsIn, node.rowsOut]]));
const left = () => readdirSync(folder).filter((name) => name !== 'in.csv');

test('a fused chain counts every node exactly and keeps the order of the rows', async () => {
  const outcome = await go(
    { csv: ['source/file.csv', { path: 'in.csv' }], a: ['transform/filter.condition', { condition: '>50' }], map: ['transform/map', { list: 'id, value * 10 AS value' }], b: ['transform/filter.condition', { condition: 'value < 1500' }], file: ['sink/file', { path: 'out.csv' }] },
    'csv>a a>map map>b b>file',
  );
  expect(outcome.failed).toBeNull();
  expect(counts(outcome)).toEqual({ csv: [0, { out: 100 }], a: [100, { out: 74, rejected: 26 }], map: [74, { out: 74 }], b: [74, { out: 49, rejected: 25 }], file: [49, {}] });
  expect(readFileSync(join(folder, 'out.csv'), 'utf8').split('\n').slice(0, 3)).toEqual(['id,value', '26,520', '27,540']);
  expect(outcome.outputs).toMatchObject([{ node: 'file', rows: 49, path: join(folder, 'out.csv') }]);
  expect(outcome.samples['a.out']?.rows).toHaveLength(74);
  expect(outcome.samples['a.rejected']?.rows).toHaveLength(26);
  expect(outcome.samples['b.out']?.rows[0]).toEqual(['26', '520']);
  expect(left()).toEqual(['out.csv']);
});

test('filters that the optimizer would fold, reorder or turn into joins are counted all the same', async () => {
  const list = Array.from({ length: 60 }, (_, n) => n).join(', ');
  const outcome = await go(
    { source: ['source/sql', { sql: 'SELECT unnest(range(100)) AS value, 1 AS one' }], yes: ['transform/filter.condition', { condition: 'true' }], list: ['transform/filter.condition', { condition: `value IN (${list})` }], both: ['transform/filter.condition', { condition: 'value >= 10 AND one = 1' }], no: ['transform/filter.condition', { condition: '1 = 0' }], file: ['sink/file', { path: 'o.csv' }] },
    'source>yes yes>list list>both both>no no>file',
  );
  expect(outcome.failed).toBeNull();
  expect(counts(outcome)).toEqual({ source: [0, { out: 100 }], yes: [100, { out: 100, rejected: 0 }], list: [100, { out: 60, rejected: 40 }], both: [60, { out: 50, rejected: 10 }], no: [50, { out: 0, rejected: 50 }], file: [0, {}] });
});

test('both ports of a filter, several consumers, a union, a query and an aggregate', async () => {
  const outcome = await go(
    {
      csv: ['source/file.csv', { path: 'in.csv' }], keep: ['transform/filter.condition', { condition: 'id < 30' }],
      good: ['sink/file', { path: 'good.csv' }], bad: ['sink/file', { path: 'bad.csv' }],
      all: ['transform/group', { list: 'id % 2 AS odd, count(*) AS n', by: 'id % 2' }],
      q: ['transform/query', { sql: 'SELECT a.* FROM input a JOIN input2 b ON a.odd = b.id' }], tell: ['sink/console', { limit: 1, format: 'table' }],
    },
    'csv>keep keep>good keep.rejected>bad keep>all keep.rejected>all all>q keep>q.in2 q>tell',
  );
  expect(outcome.failed).toBeNull();
  expect(counts(outcome)).toMatchObject({ csv: [0, { out: 100 }], keep: [100, { out: 30, rejected: 70 }], good: [30, {}], bad: [70, {}], all: [100, { out: 2 }], q: [32, { out: 2 }], tell: [2, {}] });
  expect(outcome.nodes['all']?.report).toEqual({ groups: 2 });
  expect(outcome.console['tell']).toEqual(['odd  n', '───  ──', expect.stringMatching(/^[01]\s+50$/), '… 1 more of 2 rows']);
  expect(readFileSync(join(folder, 'bad.csv'), 'utf8').split('\n')[1]).toBe('30,60');
});

test('a node without consumers is counted and looked at', async () => {
  const outcome = await go({ csv: ['source/file.csv', { path: 'in.csv' }], keep: ['transform/filter.condition', { condition: '>100' }] }, 'csv>keep');
  expect(counts(outcome)).toEqual({ csv: [0, { out: 100 }], keep: [100, { out: 49, rejected: 51 }] });
  expect(outcome.samples['keep.out']?.rows).toHaveLength(49);
});

test('bad lines go to their own port, counted', async () => {
  writeFileSync(join(folder, 'bad.csv'), 'id,value\n1,2\n3\n4,x\n5,6\n');
  const nodes: TestNodes = { csv: ['source/file.csv', { path: 'bad.csv', onBadRow: 'collect', columns: { value: 'BIGINT' } }], bad: ['sink/file', { path: 'rejected.csv' }] };
  const only = await go(nodes, 'csv.rejected>bad');
  expect(only.failed).toBeNull();
  expect(counts(only)).toMatchObject({ csv: [0, { out: 2, rejected: 2 }], bad: [2, {}] });
  const both = await go({ ...nodes, good: ['sink/file', { path: 'good.csv' }] }, 'csv>good csv.rejected>bad');
  expect(counts(both)).toMatchObject({ csv: [0, { out: 2, rejected: 2 }], good: [2, {}], bad: [2, {}] });
  expect(both.nodes['csv']?.report).toEqual({ badRows: 2, firstBadLine: 3 });
});

test('append adds to the old file in one step', async () => {
  const nodes: TestNodes = { s: ['source/sql', { sql: 'SELECT 1 AS a' }], file: ['sink/file', { path: 'deep/down/log.csv', append: true }] };
  await go(nodes, 's>file');
  await go(nodes, 's>file');
  expect(readFileSync(join(folder, 'deep/down/log.csv'), 'utf8')).toBe('a\n1\n1\n');
  const failed = await go({ ...nodes, s: ['source/sql', { sql: "SELECT CAST(x AS INTEGER) AS a FROM (VALUES ('1'), ('x')) t(x)" }] }, 's>file');
  expect(failed.failed).toMatchObject({ node: 's', error: { code: 'node_failed' } });
  expect(readFileSync(join(folder, 'deep/down/log.csv'), 'utf8')).toBe('a\n1\n1\n');
  expect(readdirSync(join(folder, 'deep/down'))).toEqual(['log.csv']);
});

test('a failure is laid to the node that caused it and leaves nothing', async () => {
  const nodes: TestNodes = {
    s: ['source/sql', { sql: "SELECT CASE WHEN range = 90000 THEN 'abc' ELSE '1' END AS t FROM range(100000)" }], keep: ['transform/filter.condition', { condition: "t <> ''" }],
    map: ['transform/map', { list: 'CAST(t AS INTEGER) AS n' }], file: ['sink/file', { path: 'made/x.csv' }],
  };
  const outcome = await go(nodes, 's>keep keep>map map>file');
  expect(outcome.failed).toMatchObject({ node: 'map', error: { code: 'node_failed', message: '“abc” can\'t be turned into INT32.' } });
  expect(left()).toEqual([]);
  const unknown = await go({ ...nodes, keep: ['transform/filter.condition', { condition: 'tt > 1' }] }, 's>keep keep>map map>file');
  expect(unknown.failed).toMatchObject({ node: 'keep', error: { message: 'There is no column “tt”.' } });
});

test('a CSV value that does not fit is told with file, line, column and remedy', async () => {
  writeFileSync(join(folder, 'big.csv'), `n,v\n${Array.from({ length: 30_000 }, (_, n) => `${n},${n === 29_000 ? 'oops' : n}`).join('\n')}\n`);
  const outcome = await go({ csv: ['source/file.csv', { path: 'big.csv' }], keep: ['transform/filter.condition', { condition: 'v > 5' }], file: ['sink/file', { path: 'x.csv' }] }, 'csv>keep keep>file');
  expect(outcome.failed).toMatchObject({ node: 'csv', error: { place: 'big.csv, line 29002', message: '“oops” in column v is not a BIGINT.' } });
  expect(left()).toEqual(['big.csv']);
});

test('a folder in the place of the output is refused', async () => {
  mkdirSync(join(folder, 'dir'));
  const outcome = await go({ s: ['source/sql', { sql: 'SELECT 1 AS a' }], file: ['sink/file', { path: 'dir' }] }, 's>file');
  expect(outcome.failed).toMatchObject({ node: 'file', error: { code: 'io', place: join(folder, 'dir') } });
});

test('cancel stops it at once, leaves no half file, and the worker goes on', async () => {
  const nodes: TestNodes = { s: ['source/sql', { sql: 'SELECT range AS a, md5(range::VARCHAR) AS m FROM range(2000000000)', rows: 2_000_000_000 }], keep: ['transform/filter.condition', { condition: "m > '1'" }], file: ['sink/file', { path: 'huge.csv' }] };
  const outcome = await go(nodes, 's>keep keep>file', { cancelAfterMs: 900 });
  expect(outcome.failed).toMatchObject({ error: { code: 'cancelled' } });
  // Undisturbed it takes half an hour.
  expect(outcome.durationMs).toBeLessThan(60_000);
  expect(left()).toEqual([]);
  expect(outcome.progress.length).toBeGreaterThanOrEqual(2);
  expect((await go({ ...nodes, s: ['source/sql', { sql: "SELECT 1 AS a, '2' AS m" }] }, 's>keep keep>file')).failed).toBeNull();
});

test('a stream node between two segments gets and gives all rows, and its files are put in place at the end', async () => {
  const outcome = await go(
    { s: ['source/sql', { sql: 'SELECT range AS value FROM range(50000)' }], keep: ['transform/filter.condition', { condition: '>=10000' }], js: ['transform/stream', { file: 'seen.txt' }], after: ['transform/filter.condition', { condition: '<20000' }], file: ['sink/file', { path: 'x.csv' }] },
    's>keep keep>js js>after after>file',
  );
  expect(outcome.failed).toBeNull();
  expect(counts(outcome)).toMatchObject({ s: [0, { out: 50000 }], keep: [50000, { out: 40000 }], js: [40000, { out: 40000 }], after: [40000, { out: 10000 }], file: [10000, {}] });
  expect(outcome.nodes['js']?.report).toEqual({ seen: 40000 });
  expect(readFileSync(join(folder, 'seen.txt'), 'utf8')).toBe('40000');
  expect(left().toSorted()).toEqual(['seen.txt', 'x.csv']);
});

test('a stream node that fails or is cancelled leaves nothing', async () => {
  const nodes: TestNodes = { s: ['source/sql', { sql: 'SELECT range AS value FROM range(100000000)' }], js: ['transform/stream', { failAt: 30_000, file: 'seen.txt' }], file: ['sink/file', { path: 'x.csv' }] };
  expect((await go(nodes, 's>js js>file')).failed).toMatchObject({ node: 'js', error: { code: 'node_failed', message: 'The stream broke.' } });
  const slow = await go({ ...nodes, js: ['transform/stream', { waitMs: 120_000, file: 'seen.txt' }] }, 's>js js>file', { cancelAfterMs: 400 });
  expect(slow.failed).toMatchObject({ node: 'js', error: { code: 'cancelled' } });
  expect(slow.durationMs).toBeLessThan(60_000);
  expect(left()).toEqual([]);
  expect(existsSync(join(worker.scratch, 'run-x'))).toBe(false);
});

const again = () =>
  go(
    { csv: ['source/file.csv', { path: 'in.csv' }], keep: ['transform/filter.condition', { condition: 'id < 50' }], all: ['transform/group', { list: 'count(*) AS n, max(id) AS top', by: 'true' }], file: ['sink/file', { path: 'out.csv' }], tell: ['sink/console', { limit: 2, format: 'table' }] },
    'csv>keep keep>all all>file keep.rejected>tell',
  );
test('statements that are kept planned see what has changed since: rows, columns, and a file put in the place of another', async () => {
  for (const rows of [100, 100, 100, 60, 60, 60, 100]) {
    const next = join(folder, 'next.csv');
    writeFileSync(next, `id,value${rows === 60 ? ',more' : ''}\n${Array.from({ length: rows }, (_, n) => `${n},${n * 2}${rows === 60 ? ',x' : ''}`).join('\n')}\n`);
    renameSync(next, join(folder, 'in.csv'));
    const outcome = await again();
    expect(outcome.failed).toBeNull();
    expect(counts(outcome)).toMatchObject({ csv: [0, { out: rows }], keep: [rows, { out: 50, rejected: rows - 50 }], file: [1, {}], tell: [rows - 50, {}] });
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe('n,top\n50,49\n');
    expect(outcome.console['tell']).toEqual([rows === 60 ? 'id  value  more' : 'id  value', rows === 60 ? '──  ─────  ────' : '──  ─────', rows === 60 ? '50  100    x' : '50  100', rows === 60 ? '51  102    x' : '51  102', `… ${rows - 52} more of ${rows - 50} rows`]);
  }
});
