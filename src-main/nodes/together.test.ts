import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { testGraph, testJob, testWorker } from '../dataplane/graphs.testing.ts';
import type { GraphOutcome, TestNodes } from '../dataplane/graphs.testing.ts';
import { testFolder } from '../dataplane/node.testing.ts';
import { builtInNodes } from './registry.ts';

const worker = testWorker(builtInNodes);
let folder = '';
let runs = 0;
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => worker.close());

const go = (nodes: TestNodes, edges: string): Promise<GraphOutcome> => {
  runs += 1;
  return worker.run(testJob(builtInNodes, testGraph(builtInNodes, folder, nodes, edges), { scratch: worker.scratch, runId: `run-${runs}` }));
};
const counts = (outcome: GraphOutcome) => Object.fromEntries(Object.entries(outcome.nodes).map(([id, node]) => [id, [node.rowsIn, node.rowsOut['out'] ?? null]]));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('numbers through filter, map and sum to a file: every count is exact', async () => {
  const outcome = await go(
    {
      numbers: ['source/sequence.numbers', { start: 1, end: 1000 }],
      even: ['transform/filter.condition', { condition: 'value % 2 = 0' }],
      double: ['transform/map.transform', { operation: 'multiply:2' }],
      total: ['transform/aggregate.sum', { also: ['count'] }],
      file: ['sink/file.text', { path: 'total.csv' }],
    },
    'numbers>even even>double double>total total>file',
  );
  expect(outcome.failed).toBeNull();
  expect(read('total.csv')).toBe('sum,count\n501000,500\n');
  expect(counts(outcome)).toEqual({ numbers: [0, 1000], even: [1000, 500], double: [500, 500], total: [500, 1], file: [1, null] });
});

test('random numbers and typed rows are counted at their source', async () => {
  const outcome = await go(
    {
      random: ['source/random.numbers', { count: 5000, min: 1, max: 6, seed: 3 }],
      typed: ['source/memory.collection', { data: [{ value: 7 }, { value: 8 }] }],
      all: ['transform/aggregate.count', { groupBy: ['value'] }],
      show: ['sink/aggregate.count', {}],
      log: ['sink/console.log', { limit: 3 }],
      file: ['sink/file.text', { path: 'typed.txt' }],
    },
    'random>all typed>all all>show random>log typed>file',
  );
  expect(outcome.failed).toBeNull();
  expect(counts(outcome)).toMatchObject({ random: [0, 5000], typed: [0, 2], all: [5002, 8], show: [8, null], log: [5000, null], file: [2, null] });
  expect(outcome.console['show']?.join('\n')).toMatch(/8/);
  expect(outcome.console['log']?.join('\n')).toContain('4997 more');
  expect(read('typed.txt')).toBe('7\n8\n');
});

test('a source without a consumer in front of it is counted, too', async () => {
  const outcome = await go({ typed: ['source/memory.collection', { data: ['a', 'b', 'c'] }], upper: ['transform/map.transform', { operation: 'toUpperCase' }], file: ['sink/file.text', { path: 'o.txt' }] }, 'typed>upper upper>file');
  expect(outcome.failed).toBeNull();
  expect(counts(outcome)).toEqual({ typed: [0, 3], upper: [3, 3], file: [3, null] });
  expect(read('o.txt')).toBe('A\nB\nC\n');
});

test('lines of a text file, cleaned and transformed, to five formats at once', async () => {
  writeFileSync(join(folder, 'in.log'), ' 2026-01-02 warn disk\n2026-01-03 info boot\r\n\n2026-01-03 info boot\n');
  const outcome = await go(
    {
      lines: ['source/file.text', { path: 'in.log' }],
      tidy: ['transform/data.clean', { trim: true, emptyAsNull: true, removeNull: true, columns: ['value'], deduplicate: true }],
      parts: ['transform/data.transform', { rules: [{ type: 'split', column: 'value', separator: ' ', into: ['day', 'level', 'text'] }, { type: 'cast', column: 'day', to: 'DATE' }, { type: 'drop', columns: ['line'] }, { type: 'sort', by: ['day'] }] }],
      query: ['transform/sql.transform', { query: 'SELECT level, count(*) AS n FROM input WHERE day >= :since GROUP BY level ORDER BY level', params: { since: '2026-01-01' } }],
      csv: ['sink/file.text', { path: 'o.csv' }], json: ['sink/file.text', { path: 'o.json' }], arrow: ['sink/file.text', { path: 'o.arrow' }], xlsx: ['sink/file.text', { path: 'o.xlsx' }], parquet: ['sink/file.text', { path: 'o.parquet' }],
      levels: ['sink/file.text', { path: 'levels.ndjson' }],
    },
    'lines>tidy tidy>parts parts>csv parts>json parts>arrow parts>xlsx parts>parquet parts>query query>levels',
  );
  expect(outcome.failed).toBeNull();
  expect(read('o.csv')).toBe('day,level,text\n2026-01-02,warn,disk\n2026-01-03,info,boot\n');
  expect(JSON.parse(read('o.json'))).toHaveLength(2);
  expect(tableFromIPC(readFileSync(join(folder, 'o.arrow'))).numRows).toBe(2);
  expect(read('levels.ndjson')).toBe('{"level":"info","n":1}\n{"level":"warn","n":1}\n');
  expect(counts(outcome)).toMatchObject({ lines: [0, 4], tidy: [4, 2], parts: [2, 2], arrow: [2, null], xlsx: [2, null], csv: [2, null] });
  expect(outcome.nodes['tidy']?.report).toEqual({ trimmed: 1, emptied: 1, 'rows with NULL': 1, duplicates: 1 });
  expect(readdirSync(folder).filter((name) => /part|new/.test(name))).toEqual([]);
  expect(outcome.outputs.map((output) => output.rows)).toEqual([2, 2, 2, 2, 2, 2]);
});

test('no rows make a valid file of every format', async () => {
  const outcome = await go(
    {
      none: ['source/memory.collection', { data: [{ a: 1 }] }], no: ['transform/filter.condition', { condition: 'a > 1' }],
      csv: ['sink/file.text', { path: 'o.csv' }], json: ['sink/file.text', { path: 'o.json' }], arrow: ['sink/file.text', { path: 'o.arrow' }], xlsx: ['sink/file.text', { path: 'o.xlsx' }],
    },
    'none>no no>csv no>json no>arrow no>xlsx',
  );
  expect(outcome.failed).toBeNull();
  expect([read('o.csv'), JSON.parse(read('o.json'))]).toEqual(['a\n', []]);
  const table = tableFromIPC(readFileSync(join(folder, 'o.arrow')));
  expect([table.numRows, table.schema.names]).toEqual([0, ['a']]);
  expect(existsSync(join(folder, 'o.xlsx'))).toBe(true);
});

test('a transfer runs alone, and after rows that name files', async () => {
  writeFileSync(join(folder, 'a.txt'), 'a');
  expect((await go({ copy: ['sink/file.transfer', { source: 'a.txt', target: 'alone/' }] }, '')).failed).toBeNull();
  const outcome = await go({ list: ['source/memory.collection', { data: ['a.txt'] }], copy: ['sink/file.transfer', { target: 'rows' }] }, 'list>copy');
  expect(outcome.failed).toBeNull();
  expect([read('alone/a.txt'), read('rows/a.txt')]).toEqual(['a', 'a']);
  expect(outcome.nodes['copy']).toMatchObject({ rowsIn: 1, report: { copied: 1, bytes: 1 } });
});

test('appending adds to a file, and its header stays one', async () => {
  for (const data of [['a'], ['b']]) await go({ rows: ['source/memory.collection', { data }], csv: ['sink/file.text', { path: 'o.csv', append: true }], text: ['sink/file.text', { path: 'o.txt', append: true }] }, 'rows>csv rows>text');
  expect([read('o.csv'), read('o.txt')]).toEqual(['value\na\nb\n', 'a\nb\n']);
});

test('the failing node is named, and no file is left', async () => {
  const outcome = await go({ rows: ['source/memory.collection', { data: ['1', 'x'] }], cast: ['transform/data.transform', { rules: [{ type: 'cast', column: 'value', to: 'BIGINT' }] }], csv: ['sink/file.text', { path: 'o.csv' }] }, 'rows>cast cast>csv');
  expect(outcome.failed).toMatchObject({ node: 'cast', error: { code: 'node_failed', message: expect.stringContaining('“x”') } });
  expect(readdirSync(folder)).toEqual([]);
});

test('a CSV of a header alone flows through numbers and texts alike, in one query and over a table', async () => {
  writeFileSync(join(folder, 'in.csv'), 'name,amount\r\n');
  const outcome = await go(
    {
      read: ['source/file.csv', { path: 'in.csv' }],
      big: ['transform/filter.condition', { condition: 'amount > 50' }],
      sum: ['transform/aggregate.sum', { field: 'amount', also: ['count'] }],
      total: ['sink/file.text', { path: 'total.csv' }],
      shout: ['transform/map.transform', { columns: [{ name: 'loud', expression: 'upper(name)' }, { name: 'twice', expression: 'amount * 2' }] }],
      rows: ['sink/file.text', { path: 'rows.csv' }],
    },
    'read>big big>sum sum>total read>shout shout>rows',
  );
  expect(outcome.failed).toBeNull();
  expect(read('total.csv')).toBe('sum,count\n,0\n');
  expect(read('rows.csv')).toBe('name,amount,loud,twice\n');
});

test('a file without rows beside others does not make their numbers text', async () => {
  writeFileSync(join(folder, 'a.csv'), 'name,amount\nx,1\n');
  writeFileSync(join(folder, 'b.csv'), 'name,amount\n');
  const outcome = await go({ read: ['source/file.csv', { path: '*.csv' }], sum: ['transform/aggregate.sum', { field: 'amount' }], total: ['sink/file.text', { path: 'total.txt' }] }, 'read>sum sum>total');
  expect(outcome.failed).toBeNull();
  expect(read('total.txt')).toBe('1\n');
});
