import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cycles, downstream, findCycle, order, reachable, upstream, wired, wouldCycle } from '#shared/workflow/graph';
import type { Shape } from '#shared/workflow/graph';
import { NodeId } from '#shared/ids';
import { rightWorkflow, SPECS } from './workflow.testing.ts';

/** `a-b b-c` is two edges; a word without a dash is a node alone. */
function shape(text: string): Shape<string> {
  const edges = text.split(' ').filter((word) => word.includes('-')).map((word) => ({ source: word.split('-')[0] ?? '', target: word.split('-')[1] ?? '' }));
  const ids = new Set(text.split(/[ -]/u));
  return { nodes: [...ids].map((id) => ({ id })), edges };
}

describe('order', () => {
  test('each node comes after what feeds it, otherwise in the order of the file', () => {
    expect(order(shape('d a-c b-c c-e a-e'))).toEqual(['d', 'a', 'b', 'c', 'e']);
  });

  test('refuses a circle with its nodes', () => {
    expect(() => order(shape('x-a a-b b-c c-a c-y'))).toThrow('circle: a → b → c → a');
  });

  test('holds for any graph without circles', () => {
    const anyDag = fc.integer({ min: 2, max: 20 }).chain((size) => {
      const pair = fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 0, max: size - 1 })).filter(([a, b]) => a < b);
      return fc.tuple(fc.shuffledSubarray([...Array(size).keys()].map(String), { minLength: size }), fc.array(pair, { maxLength: 60 }));
    });
    fc.assert(
      fc.property(anyDag, ([ids, pairs]) => {
        const graph = { nodes: ids.map((id) => ({ id })), edges: pairs.map(([a, b]) => ({ source: String(a), target: String(b) })) };
        const place = new Map(order(graph).map((id, index) => [id, index]));
        expect(place.size).toBe(ids.length);
        expect(cycles(graph)).toEqual([]);
        for (const edge of graph.edges) expect(place.get(edge.source)).toBeLessThan(place.get(edge.target) ?? -1);
      }),
    );
  });

  test('a chain of 100,000 nodes neither overflows nor dawdles', () => {
    const ids = [...Array(100_000).keys()].map(String);
    const chain = { nodes: ids.map((id) => ({ id })), edges: ids.slice(1).map((id, index) => ({ source: String(index), target: id })) };
    expect(order(chain)).toHaveLength(100_000);
    expect(cycles(chain)).toEqual([]);
    expect(findCycle({ ...chain, edges: [...chain.edges, { source: '99999', target: '0' }] })).toHaveLength(100_000);
  });
});

describe('cycles', () => {
  test('one for each tied group, the shortest, starting at the first in the file', () => {
    expect(cycles(shape('s-a a-b b-c c-d d-a b-a x-y y-x z-z'))).toEqual([['a', 'b'], ['x', 'y'], ['z']]);
    expect(findCycle(shape('a-b b-c'))).toBeNull();
  });
});

describe('neighbourhood', () => {
  const graph = shape('a-b b-c x-c c-d lone');
  test('upstream and downstream leave the node itself out', () => {
    expect([...upstream(graph, 'c')].toSorted()).toEqual(['a', 'b', 'x']);
    expect([...downstream(graph, 'b')].toSorted()).toEqual(['c', 'd']);
    expect([...reachable(graph, ['x', 'lone'])].toSorted()).toEqual(['c', 'd', 'lone', 'x']);
  });

  test('a connection that would close a circle is known beforehand', () => {
    expect(wouldCycle(graph, 'd', 'a')).toBe(true);
    expect(wouldCycle(graph, 'a', 'a')).toBe(true);
    expect(wouldCycle(graph, 'a', 'd')).toBe(false);
  });

  test('edges to nodes that are not there are ignored', () => {
    expect(order({ nodes: [{ id: 'a' }], edges: [{ source: 'a', target: 'gone' }] })).toEqual(['a']);
  });
});

describe('wired', () => {
  test('fills in the first ports and keeps those that are given', () => {
    const base = rightWorkflow();
    const edges = wired({ ...base, edges: [...base.edges, { id: 'e3', source: NodeId.parse('keep'), sourcePort: 'rejected', target: NodeId.parse('show') }] }, SPECS);
    expect(edges.map((edge) => `${edge.sourcePort}→${edge.targetPort}`)).toEqual(['out→in', 'out→in', 'rejected→in']);
  });

  test('a node of unknown type still gets port names', () => {
    const base = rightWorkflow();
    expect(wired(base, []).map((edge) => `${edge.sourcePort}→${edge.targetPort}`)).toEqual(['out→in', 'out→in']);
  });
});
