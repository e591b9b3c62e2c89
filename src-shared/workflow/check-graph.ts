import type { NodeId } from '#shared/ids';
import { nodeKey } from '#shared/node-spec';
import type { NodeSpec } from '#shared/node-spec';
import { isPinned } from '#shared/workflow/check-running';
import { cycles, ERROR_PORT, wired } from '#shared/workflow/graph';
import type { SpecTable, WiredEdge } from '#shared/workflow/graph';
import { problem } from '#shared/workflow/problems';
import type { Problem, WorkflowEdge, WorkflowNode } from '#shared/workflow/workflow';

interface Graph {
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly WorkflowEdge[];
  /** Ids of nodes that are there but could not be read: nothing is said about edges to them. */
  readonly broken: ReadonlySet<string>;
}

const groups = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const group = found.get(key(item));
    if (group === undefined) found.set(key(item), [item]);
    else group.push(item);
  }
  return found;
};

/** What is wrong with nodes and edges as a graph: ids, ends, ports, circles, what is left lying about. */
export function checkGraph(graph: Graph, table: SpecTable): readonly Problem[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const specOf = (id: NodeId): NodeSpec | undefined => {
    const node = byId.get(id);
    return node === undefined ? undefined : table.get(nodeKey(node));
  };
  const edges = wired(graph, [...table.values()]);
  return [...ids(graph), ...sources(graph, table), ...edges.flatMap((edge) => ends(edge, byId, specOf, graph.broken)), ...repeated(edges), ...circles(graph), ...inputs(graph, edges, byId, specOf), ...unused(graph, specOf)];
}

function ids(graph: Graph): readonly Problem[] {
  const nodes = [...groups(graph.nodes, (node) => node.id)].filter(([, same]) => same.length > 1);
  const edges = [...groups(graph.edges, (edge) => edge.id)].filter(([, same]) => same.length > 1);
  return [
    ...nodes.map(([id, same]) => problem('duplicate_node', { id, count: String(same.length) }, { node: id as NodeId, field: 'id' })),
    ...edges.map(([id, same]) => problem('duplicate_edge', { id, count: String(same.length) }, { edge: id })),
  ];
}

function sources(graph: Graph, table: SpecTable): readonly Problem[] {
  if (graph.broken.size > 0) return [];
  if (graph.nodes.length === 0) return [problem('no_nodes', {})];
  // A node that can do without input, a file transfer for one, starts a workflow as well as a source, and so do pinned rows.
  const candidates = graph.nodes.filter((node) => node.type === 'source' || isPinned(node, table.get(nodeKey(node))) || table.get(nodeKey(node))?.inputs.every((port) => port.optional === true) === true);
  if (candidates.length === 0) return [problem('no_source', {})];
  return candidates.every((node) => node.disabled === true) ? [problem('all_disabled', {})] : [];
}

function ends(edge: WiredEdge, byId: ReadonlyMap<NodeId, WorkflowNode>, specOf: (id: NodeId) => NodeSpec | undefined, broken: ReadonlySet<string>): readonly Problem[] {
  const problems: Problem[] = [];
  for (const side of ['output', 'input'] as const) {
    const id = side === 'output' ? edge.source : edge.target;
    const node = byId.get(id);
    const port = side === 'output' ? edge.sourcePort : edge.targetPort;
    const spec = specOf(id);
    if (node === undefined) {
      if (!broken.has(id)) problems.push(problem('edge_unknown_node', { edge: edge.id, end: side === 'output' ? 'starts at' : 'ends at', id }, { edge: edge.id }));
      continue;
    }
    if (spec === undefined) continue;
    const ports = (side === 'output' ? spec.outputs : spec.inputs).map((one) => one.name);
    if (side === 'output' && node.onError === 'errorPort') ports.push(ERROR_PORT);
    const params = { edge: edge.id, id, nodeType: spec.nodeType };
    if (ports.length === 0) problems.push(problem(side === 'output' ? 'sink_output' : 'source_input', params, { edge: edge.id, node: id }));
    else if (!ports.includes(port)) problems.push(problem('edge_unknown_port', { ...params, side, port, ports: ports.join(', ') }, { edge: edge.id, node: id }));
  }
  return problems;
}

function repeated(edges: readonly WiredEdge[]): readonly Problem[] {
  return [...groups(edges, (edge) => JSON.stringify([edge.source, edge.sourcePort, edge.target, edge.targetPort])).values()].flatMap(([first, ...more]) =>
    more.map((edge) => problem('repeated_edge', { edge: edge.id, other: first?.id ?? '' }, { edge: edge.id })),
  );
}

const circles = (graph: Graph): readonly Problem[] =>
  cycles(graph).map((round) => problem('cycle', { nodes: [...round, ...round.slice(0, 1)].join(' → ') }, round[0] === undefined ? {} : { node: round[0] }));

function inputs(graph: Graph, edges: readonly WiredEdge[], byId: ReadonlyMap<NodeId, WorkflowNode>, specOf: (id: NodeId) => NodeSpec | undefined): readonly Problem[] {
  const into = groups(edges, (edge) => edge.target);
  return graph.nodes.flatMap((node) =>
    (specOf(node.id)?.inputs ?? []).flatMap((port) => {
      const all = into.get(node.id) ?? [];
      // An edge to a port that isn't there has its own problem; it was meant for this node all the same.
      const here = all.filter((edge) => edge.targetPort === port.name);
      const at = { node: node.id, ...(node.disabled === true ? { severity: 'warning' as const } : {}) };
      // Nothing flows into pinned rows.
      if (here.length < 2 && isPinned(node, specOf(node.id))) return [];
      if (here.length === 0) return port.optional === true || all.some((edge) => !specOf(node.id)?.inputs.some((one) => one.name === edge.targetPort)) ? [] : [problem('unreachable', { id: node.id, port: port.name }, at)];
      if (here.length > 1 && port.many !== true) return [problem('too_many_edges', { port: port.name, count: String(here.length) }, at)];
      const givers = here.map((edge) => byId.get(edge.source));
      const off = givers.every((giver) => giver?.disabled === true && giver.type === 'source') ? givers[0] : undefined;
      return off === undefined || node.disabled === true ? [] : [problem('starved', { id: node.id, from: off.id }, at)];
    }),
  );
}

function unused(graph: Graph, specOf: (id: NodeId) => NodeSpec | undefined): readonly Problem[] {
  const taken = new Set(graph.edges.map((edge) => edge.source));
  return graph.nodes
    .filter((node) => node.disabled !== true && !taken.has(node.id) && (specOf(node.id)?.outputs.length ?? 0) > 0)
    .map((node) => problem('unused', { id: node.id }, { node: node.id }));
}
