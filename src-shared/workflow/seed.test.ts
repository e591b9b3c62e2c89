import { describe, expect, test } from 'vitest';
import { canonicalText } from '#shared/workflow/canonical';
import { check } from '#shared/workflow/check';
import { parseWorkflow } from '#shared/workflow/parse';
import { SPECS } from './workflow.testing.ts';

const seed = {
  id: 'wf-1',
  name: 'Numbers',
  description: 'Over fifty',
  version: '1.0',
  author: 'ops',
  tags: ['demo'],
  nodes: [
    { id: 'source-1', type: 'Source', nodeType: 'memory.collection', name: 'Numbers', position: { x: 100, y: 100 }, config: { data: [1, 60] }, selected: false },
    { id: 'filter-1', type: 'transform', nodeType: 'filter.condition', label: 'Over 50', position: { x: 300, y: 100 }, config: { condition: '>50' } },
    { id: 'sink-1', type: 'sink', nodeType: 'console.log', position: { x: 500, y: 100 }, config: { limit: '10' } },
  ],
  edges: [
    { from: 'source-1', to: 'filter-1' },
    { id: 'e1', source: 'filter-1', target: 'sink-1', sourceHandle: null, targetHandle: 'left', animated: true },
  ],
  metadata: { createdAt: '2025-01-01T00:00:00Z', schedule: { enabled: true, scheduleType: 'fixed_rate', interval: '1h' } },
  viewport: { x: 0, y: 0, zoom: 1 },
};
const read = (value: unknown, name = 'file') => parseWorkflow(JSON.stringify(value), { specs: SPECS, name });

describe("the seed's exports", () => {
  test('come in without edits', () => {
    const { workflow, problems } = read(seed);
    expect(workflow).toMatchObject({
      formatVersion: 1,
      id: 'wf-1',
      version: '1.0',
      nodes: [
        { id: 'source-1', type: 'source', label: 'Numbers', selected: false, config: { data: [1, 60] } },
        { label: 'Over 50', config: { condition: '>50' } },
        { config: { limit: 10 } },
      ],
      edges: [
        { id: 'e2', source: 'source-1', target: 'filter-1' },
        { id: 'e1', source: 'filter-1', target: 'sink-1', animated: true },
      ],
      metadata: seed.metadata,
      viewport: seed.viewport,
    });
    expect(problems).toMatchObject([{ code: 'converted', severity: 'warning', node: 'sink-1', field: 'limit', message: '`limit` was the text “10” and is read as 10.' }]);
    expect(check(workflow, SPECS).problems).toEqual([]);
  });

  test('unknown keys are there when it is written again', () => {
    const { workflow } = read(seed);
    const text = workflow === null ? '' : canonicalText(workflow);
    for (const word of ['"viewport"', '"schedule"', '"scheduleType": "fixed_rate"', '"selected": false', '"animated": true', '">50"']) expect(text).toContain(word);
    expect(text).not.toContain('"from"');
  });

  test('may be wrapped, may be a list of one', () => {
    expect(read({ workflow: seed }).workflow?.id).toBe('wf-1');
    expect(read([seed]).workflow?.id).toBe('wf-1');
    expect(read([seed, seed]).problems).toMatchObject([{ code: 'not_a_workflow' }]);
  });

  test('React Flow: everything in `data`, handles, no positions', () => {
    const { workflow } = read({
      name: 'Flow 1',
      tags: 'a, b',
      nodes: [
        { id: 1, type: 'custom', data: { label: 'In', type: 'SOURCE', nodeType: 'File.CSV', config: { path: 'a.csv', header: 'true', nullValues: 'NA,-' } } },
        { id: 2, type: 'filter.condition', config: { condition: 5 } },
        { id: 3, type: 'sink', nodeType: 'console.log', config: null },
      ],
      edges: [{ source: 1, target: 2 }, { source: 2, sourceHandle: 'rejected', target: 3 }],
    });
    expect(workflow).toMatchObject({
      id: 'flow-1',
      tags: ['a', 'b'],
      nodes: [
        { id: '1', type: 'source', nodeType: 'file.csv', label: 'In', config: { path: 'a.csv', header: true, nullValues: ['NA', '-'] } },
        { id: '2', type: 'transform', nodeType: 'filter.condition', config: { condition: '5' } },
        { id: '3', config: {} },
      ],
      edges: [{ id: 'e1' }, { id: 'e2', sourcePort: 'rejected' }],
    });
    const xs = workflow?.nodes.map((node) => node.position.x) ?? [];
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(new Set(xs).size).toBe(3);
  });

  test('a handle of several ports that means nothing is told', () => {
    const { problems } = read({ ...seed, edges: [{ id: 'a', from: { node: 'filter-1', port: 'yes' }, to: 'sink-1' }] });
    expect(problems).toContainEqual(expect.objectContaining({ code: 'handle_dropped', edge: 'a', message: expect.stringContaining('“yes”') }));
  });

  test('what is beyond repair is named by the shape', () => {
    expect(read({ nodes: 'none', edges: [] }).problems).toMatchObject([{ field: 'nodes', message: '`nodes` must be a list, but it is the text “none”.' }]);
    expect(read({ name: 'x' }).problems).toMatchObject([{ code: 'shape_missing', field: 'nodes' }]);
    expect(read({ name: 'x', nodes: [{ id: 'a', type: 'wizard', nodeType: 'x' }] }).problems[0]?.message).toContain('source, transform, sink, flow');
  });
});
