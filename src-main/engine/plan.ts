import type { RunScope } from '#shared/events';
import type { NodeId } from '#shared/ids';
import { ERROR_PORT, order, UNKNOWN_OUTPUT } from '#shared/workflow/graph';
import { inPlay, isPinned } from './in-play.ts';
import type { Fusing, LeftOut, PlanGraph } from './in-play.ts';

export type { Fusing } from './in-play.ts';

/** What becomes of a segment's rows. */
export type SegmentEnd =
  /** Kept as a table of the run: several consumers, a reshaped output, input of a person's query, or a checkpoint. `ports` are those that become tables. */
  | { readonly kind: 'table'; readonly node: NodeId; readonly ports: readonly string[] }
  /** A describing sink writes them. `ports`: of a sink that diverts, `error` where somebody reads it. */
  | { readonly kind: 'sink'; readonly node: NodeId; readonly ports: readonly string[] }
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
  /** Those of `needs` of which it reads the port `error` alone: it runs too when they have failed. */
  readonly afterFailure: readonly string[];
  readonly end: SegmentEnd;
  /** Ports among the end's that are committed as files besides: a checkpoint. */
  readonly keeps: readonly string[];
  /** It is one node alone, and what fails in it goes to its port `error`. */
  readonly diverts: boolean;
}

export interface Plan {
  /** Each after all it needs. */
  readonly segments: readonly Segment[];
  /** Nodes left out of this run, with the reason. */
  readonly skipped: readonly LeftOut[];
}

const CHAINED: ReadonlySet<Fusing> = new Set(['source', 'rows', 'filter']);

/** Nodes in one statement at most: each stands in brackets inside the next, and the engine reads them all again for every node. */
const LONGEST = 40;

/**
 * Joins nodes into segments. A chain runs through `source`, `rows` and `filter` nodes for as long as a node's rows have one consumer
 * and that consumer has no other input; it may end in one `reshape`, `sink` or `stream` node. Everywhere else rows rest in a table.
 * A chain ends at a checkpoint too, and a node that diverts its failures is one by itself. A pinned node is a source. `firstPort` is
 * the port of a node's main output: what a checkpoint keeps that nobody reads. Throws StudioError('invalid_workflow') on a cycle.
 */
export function plan(graph: PlanGraph, typeOf: (node: NodeId) => Fusing, scope: RunScope, firstPort: (node: NodeId) => string = () => UNKNOWN_OUTPUT): Plan {
  const { nodes, edges, skipped } = inPlay(graph, typeOf, scope);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const pinned = new Set(nodes.filter((node) => isPinned(node, typeOf(node.id))).map((node) => node.id));
  const fusingOf = (node: NodeId): Fusing => (pinned.has(node) ? 'source' : typeOf(node));
  const diverts = (node: NodeId): boolean => byId.get(node)?.onError === 'errorPort' && !pinned.has(node);
  const rests = (node: NodeId): boolean => diverts(node) || isCheckpoint(node);
  const isCheckpoint = (node: NodeId): boolean => byId.get(node)?.checkpoint === true && fusingOf(node) !== 'sink';
  const into = Map.groupBy(edges, (edge) => edge.target);
  const outOf = Map.groupBy(edges, (edge) => edge.source);
  /** Does `node` go on in the segment of the one node that feeds it? */
  const joins = (node: NodeId): NodeId | null => {
    const [only, ...more] = into.get(node) ?? [];
    if (only === undefined || more.length > 0 || fusingOf(node) === 'query' || diverts(node) || rests(only.source)) return null;
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
    const read = Map.groupBy(into.get(chain[0] ?? last) ?? [], (edge) => segmentOf.get(edge.source) ?? edge.source);
    const consumed = new Set((outOf.get(last) ?? []).map((edge) => edge.sourcePort));
    const kept = !isCheckpoint(last) ? [] : consumed.size === 0 ? [firstPort(last)] : [...consumed];
    return {
      id: last,
      nodes: chain,
      needs: [...read.keys()],
      afterFailure: [...read].filter(([id, through]) => diverts(id) && through.every((edge) => edge.sourcePort === ERROR_PORT)).map(([id]) => id),
      end: endOf(last, fusingOf(last), [...new Set([...consumed, ...kept])]),
      keeps: kept,
      diverts: diverts(last),
    };
  });
  return { segments, skipped };
}

function endOf(node: NodeId, fusing: Fusing, ports: readonly string[]): SegmentEnd {
  if (fusing === 'sink') return { kind: 'sink', node, ports };
  if (fusing === 'stream') return { kind: 'stream', node, ports };
  return ports.length === 0 ? { kind: 'discard', node } : { kind: 'table', node, ports };
}
