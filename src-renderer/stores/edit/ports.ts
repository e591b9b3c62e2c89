import { nodeKey } from '#shared/node-spec';
import type { NodeSpec, Port } from '#shared/node-spec';
import { ERROR_PORT, UNKNOWN_INPUT, UNKNOWN_OUTPUT } from '#shared/workflow/graph';
import type { SpecTable } from '#shared/workflow/graph';
import type { Workflow, WorkflowEdge, WorkflowNode } from '#shared/workflow/workflow';

/** The node types a window knows, by key. */
export type Specs = SpecTable;

export { ERROR_PORT } from '#shared/workflow/graph';
const errorPort: Port = { name: ERROR_PORT, label: { en: 'Errors', zh: '错误' } };

/** The spec of a node, or null where nobody knows its type. */
export const specOf = (specs: Specs, node: Pick<WorkflowNode, 'type' | 'nodeType'>): NodeSpec | null => specs.get(nodeKey(node)) ?? null;

const withErrors = new WeakMap<NodeSpec, readonly Port[]>();

/** The ports edges may leave from: the spec's, and the error port where the node asks for one. The same array for the same answer. */
export function outputsOf(specs: Specs, node: WorkflowNode): readonly Port[] {
  const spec = specOf(specs, node);
  if (spec === null) return [];
  if (node.onError !== 'errorPort' || spec.outputs.some((port) => port.name === ERROR_PORT)) return spec.outputs;
  const known = withErrors.get(spec);
  if (known !== undefined) return known;
  const ports = [...spec.outputs, errorPort];
  withErrors.set(spec, ports);
  return ports;
}

/** The ports edges may end at. */
export const inputsOf = (specs: Specs, node: WorkflowNode): readonly Port[] => specOf(specs, node)?.inputs ?? [];

/** The port an edge leaves from, by name; a port left out is the first one. */
export const sourcePortOf = (edge: Pick<WorkflowEdge, 'sourcePort'>, spec: NodeSpec | null): string => edge.sourcePort ?? spec?.outputs[0]?.name ?? UNKNOWN_OUTPUT;

/** The port an edge ends at, by name; a port left out is the first one. */
export const targetPortOf = (edge: Pick<WorkflowEdge, 'targetPort'>, spec: NodeSpec | null): string => edge.targetPort ?? spec?.inputs[0]?.name ?? UNKNOWN_INPUT;

/** A node by id. */
export const nodeById = (workflow: Workflow, id: string): WorkflowNode | null => workflow.nodes.find((node) => node.id === id) ?? null;
