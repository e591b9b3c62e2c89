import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { NodeId } from '#shared/ids';
import { testGraph, testWorker } from './graphs.testing.ts';
import type { TestNodes } from './graphs.testing.ts';
import { testFolder } from './node.testing.ts';
import { testNodes } from './nodes.testing.ts';
import type { Answers, Question } from './protocol.ts';

const worker = testWorker(testNodes);
let folder = '';
beforeEach(() => {
  folder = testFolder();
  writeFileSync(join(folder, 'in.csv'), 'id,value,when\n1,10,2024-01-01\n2,60,\n3,60,2024-03-01\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => worker.close());

const NODES: TestNodes = {
  csv: ['source/file.csv', { path: 'in.csv' }], keep: ['transform/filter.condition', { condition: '>50' }], map: ['transform/map', { list: 'id, value / 4 AS q' }],
  js: ['transform/stream'], file: ['sink/file', { path: 'never.csv' }], lost: ['source/file.csv', { path: 'missing.csv' }], after: ['transform/map', { list: '*' }],
};
const EDGES = 'csv>keep keep>map map>js map>file lost>after';
const graph = (nodes = NODES, edges = EDGES) => testGraph(testNodes, folder, nodes, edges);
const node = (id: string) => NodeId.parse(id);
async function ask<Q extends Question>(question: Q): Promise<Answers[Q['kind']]> {
  const answer = await worker.ask(question);
  if (!answer.ok) throw Object.assign(new Error(answer.error.message), answer.error);
  return answer.value as Answers[Q['kind']];
}

test('columns are told as far as they can be known', async () => {
  const found = await ask({ kind: 'columns', graph: graph() });
  expect(found['keep']?.['rejected']).toEqual([{ name: 'id', type: 'BIGINT' }, { name: 'value', type: 'BIGINT' }, { name: 'when', type: 'DATE' }]);
  expect(found['map']).toEqual({ out: [{ name: 'id', type: 'BIGINT' }, { name: 'q', type: 'DOUBLE' }] });
  expect(found['lost']).toBeUndefined();
  expect(found['after']).toBeUndefined();
});

test('a preview shows rows as text and what the columns look like', async () => {
  const { sample, profile } = await ask({ kind: 'preview', graph: graph(), node: node('csv'), port: 'out', limit: 2 });
  expect(sample).toMatchObject({ rows: [['1', '10', '2024-01-01'], ['2', '60', null]], partial: true });
  expect(profile).toMatchObject([{ name: 'id', nulls: 0, distinct: 2 }, { name: 'value', min: '10', max: '60' }, { name: 'when', nulls: 1, distinct: 1, min: '2024-01-01' }]);
  expect((await ask({ kind: 'preview', graph: graph(), node: node('keep'), port: 'rejected', limit: 10 })).sample).toMatchObject({ rows: [['1', '10', '2024-01-01']], partial: false });
  expect((await ask({ kind: 'preview', graph: graph(), node: node('file'), port: 'in', limit: 10 })).sample.rows).toEqual([['2', '15.0'], ['3', '15.0']]);
});

test('a change of the file is seen', async () => {
  await ask({ kind: 'columns', graph: graph() });
  writeFileSync(join(folder, 'in.csv'), 'id,value,more\n1,99,x\n');
  expect((await ask({ kind: 'preview', graph: graph(), node: node('keep'), port: 'out', limit: 5 })).sample).toMatchObject({ columns: [{ name: 'id' }, { name: 'value' }, { name: 'more' }], rows: [['1', '99', 'x']] });
});

test('an expression is tried on the first rows of the input', async () => {
  expect(await ask({ kind: 'expression', graph: graph(), node: node('keep'), text: 'value * 2.5', scope: 'scalar', limit: 2 })).toEqual({ type: 'DECIMAL(21,1)', values: ['25.0', '150.0'] });
  expect((await ask({ kind: 'expression', graph: graph(), node: node('keep'), text: 'SELECT count(*) AS n FROM input', scope: 'query', limit: 2 })).values).toEqual(['3']);
  await expect(ask({ kind: 'expression', graph: graph(), node: node('keep'), text: 'vlaue + 1', scope: 'scalar', limit: 2 })).rejects.toMatchObject({ code: 'node_failed', message: 'There is no column “vlaue”.' });
  await expect(ask({ kind: 'expression', graph: graph(), node: node('keep'), text: "(SELECT content FROM read_text('x'))", scope: 'condition', limit: 2 })).rejects.toMatchObject({ code: 'node_failed' });
});

test('what cannot be shown is said', async () => {
  await expect(ask({ kind: 'preview', graph: graph(), node: node('after'), port: 'out', limit: 5 })).rejects.toMatchObject({ code: 'io' });
  await expect(ask({ kind: 'preview', graph: graph({ ...NODES, keep: ['transform/filter.condition', { condition: 'nope > 1' }] }), node: node('map'), port: 'out', limit: 5 })).rejects.toMatchObject({ message: 'There is no column “nope”.' });
});
