import type { RunScope } from '#shared/events';
import type { NodeId } from '#shared/ids';
import { ERROR_PORT, order, reachable } from '#shared/workflow/graph';

/**
 * How a node stands to the rows of its one input. The planner joins neighbours by it.
 * - `source`: makes rows; no input.
 * - `rows`: one row out for each row in, same order of rows not promised (a projection).
 * - `filter`: each row in comes out unchanged or not at all; its ports split the input.
 * - `reshape`: any other single SELECT (aggregate, sort, limit, union, distinct); its output is kept in a table.
 * - `query`: a person's own SELECT; its inputs are tables and its output is one, so that the optimizer is free inside it.
 * - `sink`: writes its input and has no output.
 * - `stream`: runs in JavaScript, batch by batch.
 */
export type Fusing = 'source' | 'rows' | 'filter' | 'reshape' | 'query' | 'sink' | 'stream';

export interface PlanEdge {
  readonly source: NodeId;
  readonly sourcePort: string;
  readonly target: NodeId;
  readonly targetPort: string;
}

export interface PlanNode {
  readonly id: NodeId;
  readonly disabled?: boolean | undefined;
  readonly checkpoint?: boolean | undefined;
  /** There: the node gives these rows instead of running. */
  readonly pin?: object | undefined;
  readonly onError?: 'stop' | 'continue' | 'errorPort' | undefined;
}

/** As much of a workflow as planning needs. Edges have their ports filled in. */
export interface PlanGraph<E extends PlanEdge = PlanEdge> {
  readonly nodes: readonly PlanNode[];
  readonly edges: readonly E[];
}

export interface LeftOut {
  readonly node: NodeId;
  readonly reason: 'disabled' | 'outOfScope' | 'notNeeded';
}

export interface InPlay<E extends PlanEdge = PlanEdge> {
  readonly nodes: readonly PlanNode[];
  /** Around nodes that let their rows through, source is joined to target; into pinned nodes there are none. These are the edges that a worker gets. */
  readonly edges: readonly E[];
  readonly skipped: readonly LeftOut[];
}

const LETS_THROUGH: ReadonlySet<Fusing> = new Set(['rows', 'filter', 'reshape']);

/** Does the node give its pinned rows instead of running? What gives no rows, and what is disabled, has nothing pinned. */
export const isPinned = (node: PlanNode, fusing: Fusing): boolean => node.pin !== undefined && node.disabled !== true && fusing !== 'sink';

/**
 * What of a graph takes part in a run.
 * - Scope `to` is the node and what feeds it. Scope `from` is the node, what follows, and what feeds any of these: rows have to come
 *   from somewhere, but no other sink writes.
 * - Nothing flows into a pinned node, so that nodes whose rows would only go to pinned ones are not needed.
 * - A disabled `rows`, `filter` or `reshape` node with one incoming edge lets its rows through to what follows it; a filter refuses
 *   none then, and nothing fails, so that its ports `rejected` and `error` are cut.
 * - Any other disabled node is gone, and so is each node that loses all edges of one of its inputs by that.
 */
export function inPlay<E extends PlanEdge>(graph: PlanGraph<E>, fusingOf: (node: NodeId) => Fusing, scope: RunScope): InPlay<E> {
  const wanted = inScope(graph, scope);
  const outOfScope = graph.nodes.filter((node) => !wanted.has(node.id)).map((node): LeftOut => ({ node: node.id, reason: 'outOfScope' }));
  const scoped = { nodes: graph.nodes.filter((node) => wanted.has(node.id)), edges: graph.edges.filter((edge) => wanted.has(edge.source) && wanted.has(edge.target)) };
  const left = withoutDisabled(withoutUnneeded(scoped, fusingOf), fusingOf);
  return { ...left, skipped: [...outOfScope, ...left.skipped] };
}

function withoutUnneeded<E extends PlanEdge>({ nodes, edges }: PlanGraph<E>, fusingOf: (node: NodeId) => Fusing): InPlay<E> {
  const pinned = new Set(nodes.filter((node) => isPinned(node, fusingOf(node.id))).map((node) => node.id));
  if (pinned.size === 0) return { nodes, edges, skipped: [] };
  const needed = new Set<NodeId>();
  const consumers = Map.groupBy(edges, (edge) => edge.source);
  for (const id of order({ nodes, edges }).toReversed()) {
    const to = consumers.get(id) ?? [];
    if (to.length === 0 || to.some((edge) => !pinned.has(edge.target) && needed.has(edge.target))) needed.add(id);
  }
  return {
    nodes: nodes.filter((node) => needed.has(node.id)),
    edges: edges.filter((edge) => needed.has(edge.source) && needed.has(edge.target) && !pinned.has(edge.target)),
    skipped: nodes.filter((node) => !needed.has(node.id)).map((node) => ({ node: node.id, reason: node.disabled === true ? 'disabled' : 'notNeeded' })),
  };
}

function withoutDisabled<E extends PlanEdge>(from: InPlay<E>, fusingOf: (node: NodeId) => Fusing): InPlay<E> {
  const { nodes, edges } = from;
  if (!nodes.some((node) => node.disabled === true)) return from;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  /** What has become of each edge; null where it is cut. Edges are known by their place, because their source may change. */
  const now: (E | null)[] = [...edges];
  const places = [...edges.keys()];
  const into = Map.groupBy(places, (place) => edges[place]?.target);
  const outOf = Map.groupBy(places, (place) => edges[place]?.source);
  const gone = new Set<NodeId>();
  for (const id of order({ nodes, edges })) {
    const own = into.get(id) ?? [];
    const [only, ...more] = own.flatMap((place) => now[place] ?? []);
    const fed = new Set([only, ...more].map((edge) => edge?.targetPort));
    const starved = own.some((place) => !fed.has(edges[place]?.targetPort));
    if (byId.get(id)?.disabled !== true && !starved) continue;
    gone.add(id);
    for (const place of own) now[place] = null;
    const through = !starved && only !== undefined && more.length === 0 && LETS_THROUGH.has(fusingOf(id)) ? only : null;
    for (const place of outOf.get(id) ?? []) {
      const edge = now[place];
      if (edge == null) continue;
      now[place] = through === null || edge.sourcePort === REJECTED || edge.sourcePort === ERROR_PORT ? null : { ...edge, source: through.source, sourcePort: through.sourcePort };
      if (through !== null) outOf.get(through.source)?.push(place);
    }
  }
  const disabled = nodes.filter((node) => gone.has(node.id)).map((node): LeftOut => ({ node: node.id, reason: 'disabled' }));
  return { nodes: nodes.filter((node) => !gone.has(node.id)), edges: now.filter((edge) => edge !== null), skipped: [...from.skipped, ...disabled] };
}

/** The port of a filter that gets what did not pass; a disabled filter refuses nothing. */
const REJECTED = 'rejected';

function inScope(graph: PlanGraph, scope: RunScope): ReadonlySet<NodeId> {
  if (scope.kind === 'all') return new Set(graph.nodes.map((node) => node.id));
  const backwards = { nodes: graph.nodes, edges: graph.edges.map((edge) => ({ source: edge.target, target: edge.source })) };
  return reachable(backwards, scope.kind === 'from' ? [...reachable(graph, [scope.node])] : [scope.node]);
}
