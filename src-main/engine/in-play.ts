import type { RunScope } from '#shared/events';
import type { NodeId } from '#shared/ids';
import { order, reachable } from '#shared/workflow/graph';

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

/** As much of a workflow as planning needs. Edges have their ports filled in. */
export interface PlanGraph<E extends PlanEdge = PlanEdge> {
  readonly nodes: readonly { readonly id: NodeId; readonly disabled?: boolean | undefined }[];
  readonly edges: readonly E[];
}

export interface InPlay<E extends PlanEdge = PlanEdge> {
  readonly nodes: readonly { readonly id: NodeId }[];
  /** Around nodes that let their rows through, source is joined to target: these are the edges that a worker gets. */
  readonly edges: readonly E[];
  readonly skipped: readonly { readonly node: NodeId; readonly reason: 'disabled' | 'outOfScope' }[];
}

const LETS_THROUGH: ReadonlySet<Fusing> = new Set(['rows', 'filter', 'reshape']);

/**
 * What of a graph takes part in a run.
 * - Scope `to` is the node and what feeds it. Scope `from` is the node, what follows, and what feeds any of these: rows have to come
 *   from somewhere, but no other sink writes.
 * - A disabled `rows`, `filter` or `reshape` node with one incoming edge lets its rows through to what follows it; a filter refuses
 *   none then, so that its port `rejected` is cut.
 * - Any other disabled node is gone, and so is each node that loses all edges of one of its inputs by that.
 */
export function inPlay<E extends PlanEdge>(graph: PlanGraph<E>, fusingOf: (node: NodeId) => Fusing, scope: RunScope): InPlay<E> {
  const wanted = inScope(graph, scope);
  const skipped: { node: NodeId; reason: 'disabled' | 'outOfScope' }[] = graph.nodes.filter((node) => !wanted.has(node.id)).map((node) => ({ node: node.id, reason: 'outOfScope' }));
  let edges = graph.edges.filter((edge) => wanted.has(edge.source) && wanted.has(edge.target));
  const nodes = graph.nodes.filter((node) => wanted.has(node.id));
  if (!nodes.some((node) => node.disabled === true)) return { nodes, edges, skipped };

  const byId = new Map(nodes.map((node) => [node.id, node]));
  const gone = new Set<NodeId>();
  for (const id of order({ nodes, edges })) {
    const before = graph.edges.filter((edge) => edge.target === id && wanted.has(edge.source));
    const now = edges.filter((edge) => edge.target === id);
    const starved = before.some((edge) => !now.some((one) => one.targetPort === edge.targetPort));
    if (byId.get(id)?.disabled !== true && !starved) continue;
    gone.add(id);
    const [only, ...more] = now;
    const through = !starved && only !== undefined && more.length === 0 && LETS_THROUGH.has(fusingOf(id)) ? only : null;
    edges = edges.flatMap((edge) => {
      if (edge.target === id) return [];
      if (edge.source !== id) return [edge];
      return through === null || edge.sourcePort === REJECTED ? [] : [{ ...edge, source: through.source, sourcePort: through.sourcePort }];
    });
  }
  for (const node of nodes) if (gone.has(node.id)) skipped.push({ node: node.id, reason: 'disabled' });
  return { nodes: nodes.filter((node) => !gone.has(node.id)), edges, skipped };
}

/** The port of a filter that gets what did not pass; a disabled filter refuses nothing. */
const REJECTED = 'rejected';

function inScope(graph: PlanGraph, scope: RunScope): ReadonlySet<NodeId> {
  if (scope.kind === 'all') return new Set(graph.nodes.map((node) => node.id));
  const backwards = { nodes: graph.nodes, edges: graph.edges.map((edge) => ({ source: edge.target, target: edge.source })) };
  return reachable(backwards, scope.kind === 'from' ? [...reachable(graph, [scope.node])] : [scope.node]);
}
