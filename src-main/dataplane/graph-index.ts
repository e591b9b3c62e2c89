import { StudioError } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import { nodeKey } from '#shared/node-spec';
import type { WorkflowNode } from '#shared/workflow/workflow';
import type { AnyNode } from '../nodes/define.ts';
import type { Registry } from '../nodes/registry.ts';
import { pinnedNode } from './pin.ts';
import type { Graph } from './protocol.ts';

export type GraphEdge = Graph['edges'][number];

/** A graph by its ids, so that one with ten thousand nodes is not searched through for each of them. */
export interface GraphIndex {
  readonly graph: Graph;
  readonly nodes: ReadonlyMap<NodeId, WorkflowNode>;
  /** Edges by the node they end at, in the graph's order. A pinned node has none: nothing that it would read is needed. */
  readonly into: ReadonlyMap<NodeId, readonly GraphEdge[]>;
  readonly outOf: ReadonlyMap<NodeId, readonly GraphEdge[]>;
}

function by(edges: readonly GraphEdge[], end: 'source' | 'target'): ReadonlyMap<NodeId, readonly GraphEdge[]> {
  const found = new Map<NodeId, GraphEdge[]>();
  for (const edge of edges) {
    const same = found.get(edge[end]);
    if (same === undefined) found.set(edge[end], [edge]);
    else same.push(edge);
  }
  return found;
}

export function indexGraph(graph: Graph): GraphIndex {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = graph.edges.filter((edge) => nodes.get(edge.target)?.pin === undefined);
  return { graph, nodes, into: by(edges, 'target'), outOf: by(edges, 'source') };
}

const NONE: readonly GraphEdge[] = [];
export const edgesInto = (index: GraphIndex, id: NodeId): readonly GraphEdge[] => index.into.get(id) ?? NONE;
export const edgesOutOf = (index: GraphIndex, id: NodeId): readonly GraphEdge[] => index.outOf.get(id) ?? NONE;

/** The graph's node of that id. Throws not_found. */
export function nodeOf(index: GraphIndex, id: NodeId): WorkflowNode {
  const node = index.nodes.get(id);
  if (node === undefined) throw new StudioError('not_found', `The workflow has no node “${id}”.`);
  return node;
}

/** What a node does: its type's work, or nothing but giving its pinned rows. Throws invalid_workflow for a type that nobody knows. */
export function implementationOf(registry: Registry, node: WorkflowNode): AnyNode {
  const found = registry.get(nodeKey(node));
  if (found === undefined) throw new StudioError('invalid_workflow', `There is no node type ${nodeKey(node)}.`, { place: node.id });
  return node.pin === undefined || found.spec.outputs.length === 0 ? found : pinnedNode(found.spec, node.pin, node.onError === 'errorPort');
}
