import type { RunScope } from '#shared/events';
import type { NodeId } from '#shared/ids';
import { order } from '#shared/workflow/graph';
import { inPlay } from './in-play.ts';
import type { Fusing, PlanEdge, PlanGraph } from './in-play.ts';

export type { Fusing } from './in-play.ts';

/** What becomes of a segment's rows. */
export type SegmentEnd =
  /** Kept as a table of the run: several consumers, a reshaped output, or input of a person's query. `ports` are those consumed. */
  | { readonly kind: 'table'; readonly node: NodeId; readonly ports: readonly string[] }
  /** A describing sink writes them. */
  | { readonly kind: 'sink'; readonly node: NodeId }
  /** A JavaScript node takes them batch by batch; `ports` it fills are kept as tables. */
  | { readonly kind: 'stream'; readonly node: NodeId; readonly ports: readonly string[] }
  /** Nobody takes them: they are counted and looked at. */
  | { readonly kind: 'discard'; readonly node: NodeId };

/** One query (or one JavaScript node with the query that feeds it). Every node of the workflow is in exactly one segment. */
export interface Segment {
  /** The id of the end's node: the same from run to run while the graph stays the same. */
  readonly id: string;
  /** In topological order; the last one is the end's node. */
  readonly nodes: readonly NodeId[];
  /** Segments whose tables it reads. */
  readonly needs: readonly string[];
  readonly end: SegmentEnd;
}

export interface Plan {
  /** Each after all it needs. */
  readonly segments: readonly Segment[];
  /** Nodes left out of this run, with the reason. */
  readonly skipped: readonly { readonly node: NodeId; readonly reason: 'disabled' | 'outOfScope' }[];
}

const CHAINED: ReadonlySet<Fusing> = new Set(['source', 'rows', 'filter']);

/** Nodes in one statement at most: each stands in brackets inside the next, and the engine reads them all again for every node. */
const LONGEST = 40;

/**
 * Joins nodes into segments. A chain runs through `source`, `rows` and `filter` nodes for as long as a node's rows have one consumer
 * and that consumer has no other input; it may end in one `reshape`, `sink` or `stream` node. Everywhere else rows rest in a table.
 * Throws StudioError('invalid_workflow') on a cycle.
 */
export function plan(graph: PlanGraph, fusingOf: (node: NodeId) => Fusing, scope: RunScope): Plan {
  const { nodes, edges, skipped } = inPlay(graph, fusingOf, scope);
  const into = groupBy(edges, (edge) => edge.target);
  const outOf = groupBy(edges, (edge) => edge.source);
  /** Does `node` go on in the segment of the one node that feeds it? */
  const joins = (node: NodeId): NodeId | null => {
    const [only, ...more] = into.get(node) ?? [];
    if (only === undefined || more.length > 0 || fusingOf(node) === 'query') return null;
    return CHAINED.has(fusingOf(only.source)) && outOf.get(only.source)?.length === 1 ? only.source : null;
  };
  const chains = new Map<NodeId, NodeId[]>();
  for (const node of order({ nodes, edges })) {
    const before = joins(node);
    const joined = before === null ? undefined : chains.get(before);
    const chain = joined === undefined || (joined.length >= LONGEST && CHAINED.has(fusingOf(node))) ? [] : joined;
    if (before !== null && chain === joined) chains.delete(before);
    chain.push(node);
    // Re-inserted under its last node, so that chains stand in the order of their ends: each after all it reads.
    chains.set(node, chain);
  }
  const segmentOf = new Map([...chains].flatMap(([id, chain]) => chain.map((node) => [node, id] as const)));
  const segments = [...chains].map(([last, chain]): Segment => {
    const head = chain[0] ?? last;
    const needs = new Set((into.get(head) ?? []).map((edge) => segmentOf.get(edge.source) ?? edge.source));
    return { id: last, nodes: chain, needs: [...needs], end: endOf(last, fusingOf(last), outOf.get(last) ?? []) };
  });
  return { segments, skipped };
}

function endOf(node: NodeId, fusing: Fusing, consumers: readonly PlanEdge[]): SegmentEnd {
  const ports = [...new Set(consumers.map((edge) => edge.sourcePort))];
  if (fusing === 'sink') return { kind: 'sink', node };
  if (fusing === 'stream') return { kind: 'stream', node, ports };
  return ports.length === 0 ? { kind: 'discard', node } : { kind: 'table', node, ports };
}

function groupBy<T>(items: readonly T[], key: (item: T) => NodeId): Map<NodeId, T[]> {
  const groups = new Map<NodeId, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
