import { describe, expect, it } from 'vitest';
import { Workflow } from '#shared/workflow/workflow';
import { workflowChanges } from './workflow-changes.ts';

const node = (id: string, config: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({ id, type: 'transform', nodeType: 'filter.condition', config, ...more });
const flow = (nodes: readonly object[], more: Record<string, unknown> = {}): Workflow => Workflow.parse({ formatVersion: 1, id: 'w', name: 'W', nodes, edges: [], ...more });
const edge = (id: string, target: string) => ({ id, source: 'a', target });
const kinds = (left: Workflow, right: Workflow) => workflowChanges(left, right).map((change) => ('node' in change ? `${change.kind} ${change.node.id}` : change.kind));

describe('what changed between two workflows', () => {
  it('is nothing where only places, names and the order of keys differ', () => {
    const left = flow([node('a', { x: 1, y: [1, { p: 1, q: 2 }] }, { label: 'One', position: { x: 0, y: 0 } })]);
    const right = flow([node('a', { y: [1, { q: 2, p: 1 }], x: 1 }, { label: 'Two', position: { x: 9, y: 9 }, disabled: false })]);
    expect(workflowChanges(left, right)).toEqual([]);
  });
  it('tells nodes that came, went and became something else', () =>
    expect(kinds(flow([node('a'), node('b'), node('c')]), flow([node('a'), { ...node('c'), nodeType: 'map.transform' }, node('d')]))).toEqual(['retyped c', 'added d', 'removed b']));
  it('tells each value with what it was', () =>
    expect(workflowChanges(flow([node('a', { x: 1, gone: true })]), flow([node('a', { x: 2 }, { checkpoint: true })]))).toMatchObject([
      { kind: 'changed', fields: [{ field: 'x', before: 1, after: 2 }, { field: 'gone', before: true, after: undefined }, { field: 'checkpoint', before: undefined, after: true }] },
    ]));
  it('counts connections by their ends, not their ids', () => {
    const nodes = [node('a'), node('b'), node('c')];
    expect(workflowChanges(flow(nodes, { edges: [edge('1', 'b')] }), flow(nodes, { edges: [edge('2', 'b')] }))).toEqual([]);
    expect(workflowChanges(flow(nodes, { edges: [edge('1', 'b')] }), flow(nodes, { edges: [edge('1', 'c')] }))).toEqual([{ kind: 'connections', added: 1, removed: 1 }]);
  });
  it('tells settings of the workflow', () => expect(workflowChanges(flow([]), flow([], { settings: { recovery: 'ask' } }))).toEqual([{ kind: 'settings', fields: [{ field: 'recovery', before: undefined, after: 'ask' }] }]));
  it('turned round, tells the same the other way', () => {
    const [one, two] = [flow([node('a', { x: 1 }), node('b')]), flow([node('a', { x: 2 }), node('c')])];
    expect(kinds(one, two)).toEqual(['changed a', 'added c', 'removed b']);
    expect(kinds(two, one)).toEqual(['changed a', 'added b', 'removed c']);
  });
});
