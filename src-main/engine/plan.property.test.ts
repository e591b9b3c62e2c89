import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NodeId } from '#shared/ids';
import { inPlay } from './in-play.ts';
import type { PlanEdge, PlanGraph } from './in-play.ts';
import { plan } from './plan.ts';
import type { Fusing, Plan } from './plan.ts';

const id = (n: number): NodeId => NodeId.parse(`n${n}`);
const FUSINGS: readonly Fusing[] = ['source', 'rows', 'filter', 'reshape', 'query', 'sink', 'stream'];

interface Case {
  readonly graph: PlanGraph;
  readonly fusings: ReadonlyMap<NodeId, Fusing>;
}

/** Any DAG: edges go from a lower to a higher number; sinks have no output and sources no input, as the checks see to. */
const cases = fc
  .array(fc.record({ fusing: fc.constantFrom(...FUSINGS), disabled: fc.boolean(), links: fc.array(fc.record({ back: fc.nat(6), port: fc.constantFrom('out', 'rejected'), at: fc.constantFrom('in', 'in2') }), { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 14,
  })
  .map((drawn): Case => {
    const fusings = new Map(drawn.map((node, n) => [id(n), node.fusing] as const));
    const edges = drawn.flatMap((node, n) =>
      node.fusing === 'source'
        ? []
        : node.links
            .map((link): PlanEdge => ({ source: id(n - 1 - link.back), sourcePort: link.port, target: id(n), targetPort: link.at }))
            .filter((edge) => fusings.has(edge.source) && fusings.get(edge.source) !== 'sink')
            .map((edge) => (fusings.get(edge.source) === 'filter' ? edge : { ...edge, sourcePort: 'out' })),
    );
    return { graph: { nodes: drawn.map((node, n) => ({ id: id(n), disabled: node.disabled })), edges }, fusings };
  });

const enabled = ({ graph, fusings }: Case): Case => ({ graph: { ...graph, nodes: graph.nodes.map((node) => ({ id: node.id })) }, fusings });
const planned = ({ graph, fusings }: Case, scope: Parameters<typeof plan>[2] = { kind: 'all' }): Plan => plan(graph, (node) => fusings.get(node) ?? 'rows', scope);
const holding = (made: Plan, node: NodeId) => made.segments.filter((segment) => segment.nodes.includes(node));

test('every node is in exactly one segment, or left out with a reason', () => {
  fc.assert(
    fc.property(cases, (drawn) => {
      const made = planned(drawn);
      for (const node of drawn.graph.nodes) expect(holding(made, node.id).length + made.skipped.filter((one) => one.node === node.id).length).toBe(1);
    }),
  );
});

test('a segment comes after all it needs, and needs are exactly the segments whose rows its nodes read', () => {
  fc.assert(
    fc.property(cases, (drawn) => {
      const made = planned(enabled(drawn));
      const seen = new Set<string>();
      for (const segment of made.segments) {
        for (const need of segment.needs) expect(seen).toContain(need);
        seen.add(segment.id);
        const read = drawn.graph.edges.filter((edge) => segment.nodes.includes(edge.target) && !segment.nodes.includes(edge.source));
        expect(new Set(segment.needs)).toEqual(new Set(read.map((edge) => holding(made, edge.source)[0]?.id)));
      }
    }),
  );
});

test('inside a segment rows go along one chain, and only its end is read from outside', () => {
  fc.assert(
    fc.property(cases, (drawn) => {
      const made = planned(enabled(drawn));
      for (const segment of made.segments) {
        expect(segment.id).toBe(segment.nodes.at(-1));
        segment.nodes.slice(1).forEach((node, n) => {
          expect(drawn.graph.edges.filter((edge) => edge.target === node).map((edge) => edge.source)).toEqual([segment.nodes[n]]);
          expect(['source', 'rows', 'filter']).toContain(drawn.fusings.get(segment.nodes[n] ?? node));
        });
        for (const node of segment.nodes.slice(0, -1)) expect(drawn.graph.edges.filter((edge) => edge.source === node)).toHaveLength(1);
      }
    }),
  );
});

test('a table names every port that is consumed, so that a node with several consumers is computed once', () => {
  fc.assert(
    fc.property(cases, (drawn) => {
      for (const { end } of planned(enabled(drawn)).segments) {
        const consumed = new Set(drawn.graph.edges.filter((edge) => edge.source === end.node).map((edge) => edge.sourcePort));
        if (end.kind === 'table' || end.kind === 'stream') expect(new Set(end.ports)).toEqual(consumed);
        else expect(consumed.size).toBe(0);
        expect(end.kind === 'sink').toBe(drawn.fusings.get(end.node) === 'sink');
      }
    }),
  );
});

test('scopes: `to` keeps the node and its upstream, `from` keeps the node, what follows and what feeds that', () => {
  fc.assert(
    fc.property(cases, fc.nat(13), fc.constantFrom('to', 'from'), (drawn, pick, kind) => {
      const node = id(pick % drawn.graph.nodes.length);
      const made = planned(enabled(drawn), { kind, node });
      const kept = new Set(made.segments.flatMap((segment) => segment.nodes));
      expect(kept).toContain(node);
      for (const edge of drawn.graph.edges) {
        if (kept.has(edge.target)) expect(kept).toContain(edge.source);
        if (kind === 'from' && edge.source === node) expect(kept).toContain(edge.target);
      }
      if (kind === 'to') expect(drawn.graph.edges.filter((edge) => edge.source === node && kept.has(edge.target))).toEqual([]);
    }),
  );
});

test('what stays in play has all the inputs it had, and no edge leads to or from what is left out', () => {
  fc.assert(
    fc.property(cases, ({ graph, fusings }) => {
      const left = inPlay(graph, (node) => fusings.get(node) ?? 'rows', { kind: 'all' });
      const kept = new Set(left.nodes.map((node) => node.id));
      for (const edge of left.edges) expect([...kept]).toEqual(expect.arrayContaining([edge.source, edge.target]));
      for (const edge of graph.edges) {
        if (kept.has(edge.target)) expect(left.edges.some((one) => one.target === edge.target && one.targetPort === edge.targetPort)).toBe(true);
      }
      for (const node of graph.nodes) if (node.disabled === true) expect(kept).not.toContain(node.id);
    }),
  );
});

/** The same graphs with marks on their nodes; edges out of a node that diverts may leave by its port `error`. */
const marked = fc.tuple(cases, fc.array(fc.record({ checkpoint: fc.boolean(), pinned: fc.nat(3), diverts: fc.boolean(), errors: fc.boolean() }), { minLength: 14, maxLength: 14 })).map(([{ graph, fusings }, marks]): Case => {
  const nodes = graph.nodes.map((node, n) => ({ ...node, checkpoint: marks[n]?.checkpoint, pin: marks[n]?.pinned === 0 ? {} : undefined, onError: marks[n]?.diverts === true ? ('errorPort' as const) : undefined }));
  const diverting = new Set(nodes.filter((node) => node.onError === 'errorPort').map((node) => node.id));
  return { graph: { nodes, edges: graph.edges.map((edge, n) => (diverting.has(edge.source) && marks[n % 14]?.errors === true ? { ...edge, sourcePort: 'error' } : edge)) }, fusings };
});

test('checkpoints, error ports and pins: every node has one place, rests where it must, and reads only what runs before', () => {
  fc.assert(
    fc.property(marked, fc.nat(13), fc.constantFrom('all', 'to', 'from'), (drawn, pick, kind) => {
      const node = id(pick % drawn.graph.nodes.length);
      const scope = kind === 'all' ? ({ kind } as const) : ({ kind, node } as const);
      const made = planned(drawn, scope);
      const { edges, nodes } = inPlay(drawn.graph, (one) => drawn.fusings.get(one) ?? 'rows', scope);
      const seen = new Set<string>();
      for (const one of drawn.graph.nodes) {
        const isPinned = one.pin !== undefined && one.disabled !== true && drawn.fusings.get(one.id) !== 'sink';
        expect(holding(made, one.id).length + made.skipped.filter((left) => left.node === one.id).length).toBe(1);
        const [segment] = holding(made, one.id);
        if (segment === undefined) continue;
        if (one.onError === 'errorPort' && !isPinned) expect(segment).toMatchObject({ nodes: [one.id], diverts: true });
        if (one.checkpoint === true && drawn.fusings.get(one.id) !== 'sink') expect([segment.id, segment.keeps.length > 0]).toEqual([one.id, true]);
        if (isPinned) expect([segment.nodes[0], segment.needs]).toEqual([one.id, []]);
      }
      for (const segment of made.segments) {
        expect([...seen]).toEqual(expect.arrayContaining([...segment.needs]));
        expect(segment.needs).toEqual(expect.arrayContaining([...segment.afterFailure]));
        const tables = 'ports' in segment.end ? segment.end.ports : [];
        expect(tables).toEqual(expect.arrayContaining([...segment.keeps]));
        for (const edge of edges) if (edge.source === segment.id) expect(tables).toContain(edge.sourcePort);
        seen.add(segment.id);
      }
      expect(new Set(made.segments.flatMap((segment) => segment.nodes))).toEqual(new Set(nodes.map((one) => one.id)));
      for (const left of made.skipped) if (left.reason === 'notNeeded') expect(drawn.graph.edges.some((edge) => edge.source === left.node)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
