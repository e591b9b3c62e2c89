import type { NodeSpec, Text } from '#shared/node-spec';
import { nodeKey } from '#shared/node-spec';
import type { NodeKey } from '#shared/node-spec';
import type { Workflow } from '#shared/workflow/workflow';

/** A place where rows of a node can be looked at: one of its outputs, or what an edge brings in from another node's output. */
export interface Outlet {
  readonly direction: 'in' | 'out';
  /** The node whose output it is. */
  readonly node: string;
  readonly port: string;
  /** What the port is called; null where its type is not known. */
  readonly label: Text | null;
}

/** Where the rows of a node can be seen: its outputs first, then its inputs. */
export function outletsOf(workflow: Workflow, node: string, specs: ReadonlyMap<NodeKey, NodeSpec> | undefined): Outlet[] {
  const specOf = (id: string): NodeSpec | undefined => {
    const found = workflow.nodes.find((one) => one.id === id);
    return found === undefined ? undefined : specs?.get(nodeKey(found));
  };
  const firstOf = (id: string): string => specOf(id)?.outputs[0]?.name ?? 'out';
  const kind = workflow.nodes.find((one) => one.id === node)?.type;
  const spec = specOf(node);
  const outputs = spec === undefined ? (kind === 'sink' ? [] : [{ name: 'out', label: null }]) : spec.outputs;
  const inputs = workflow.edges.filter((edge) => edge.target === node).map((edge): Outlet => ({ direction: 'in', node: edge.source, port: edge.sourcePort ?? firstOf(edge.source), label: null }));
  return [...outputs.map(({ name, label }): Outlet => ({ direction: 'out', node, port: name, label })), ...inputs];
}
