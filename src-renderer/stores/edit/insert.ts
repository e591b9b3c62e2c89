import type { NodeSpec } from '#shared/node-spec';
import type { Position, Workflow } from '#shared/workflow/workflow';
import { addNode, connect } from './change.ts';
import type { Made } from './change.ts';
import { nodeById, outputsOf, inputsOf, sourcePortOf, specOf, targetPortOf } from './ports.ts';
import type { Specs } from './ports.ts';
import { whyNot } from './why-not.ts';

/** A port that is being dragged from, looking for company. */
export interface OpenEnd {
  readonly node: string;
  readonly port: string;
  readonly side: 'source' | 'target';
}

/** Node types that could be hung on the end being dragged: with an input for an output, with an output for an input. */
export const fitting = (specs: readonly NodeSpec[], end: OpenEnd): readonly NodeSpec[] =>
  specs.filter((spec) => (end.side === 'source' ? spec.inputs.length > 0 : spec.outputs.length > 0));

/** Node types that can stand between two nodes. */
export const between = (specs: readonly NodeSpec[]): readonly NodeSpec[] => specs.filter((spec) => spec.inputs.length > 0 && spec.outputs.length > 0);

/** Adds a node and connects it to the end that was dragged out, where that can be done; the node is added in any case. */
export function addAt(workflow: Workflow, specs: Specs, spec: NodeSpec, position: Position, end: OpenEnd): Made {
  const made = addNode(workflow, spec, position);
  const input = spec.inputs[0]?.name;
  const output = spec.outputs[0]?.name;
  const connection =
    end.side === 'source'
      ? input !== undefined && { source: end.node, sourcePort: end.port, target: made.id, targetPort: input }
      : output !== undefined && { source: made.id, sourcePort: output, target: end.node, targetPort: end.port };
  if (connection === false || whyNot(made.workflow, specs, connection) !== null) return made;
  return { workflow: connect(made.workflow, connection), ids: made.ids };
}

/** Puts an existing node into an edge: source → node → target. Null where the node has no free way through. */
export function spliceNode(workflow: Workflow, specs: Specs, node: string, edge: string): Workflow | null {
  const cut = workflow.edges.find((one) => one.id === edge);
  const through = nodeById(workflow, node);
  if (cut === undefined || through === null || cut.source === through.id || cut.target === through.id) return null;
  const source = nodeById(workflow, cut.source);
  const target = nodeById(workflow, cut.target);
  const [input, output] = [inputsOf(specs, through)[0], outputsOf(specs, through)[0]];
  if (source === null || target === null || input === undefined || output === undefined) return null;
  if (workflow.edges.some((one) => one.target === through.id || one.source === through.id)) return null;
  const without = { ...workflow, edges: workflow.edges.filter((one) => one.id !== edge) };
  const first = { source: source.id, sourcePort: sourcePortOf(cut, specOf(specs, source)), target: through.id, targetPort: input.name };
  const second = { source: through.id, sourcePort: output.name, target: target.id, targetPort: targetPortOf(cut, specOf(specs, target)) };
  if (whyNot(without, specs, first) !== null || whyNot(without, specs, second) !== null) return null;
  return connect(connect(without, first), second);
}

/** A new node in the middle of an edge; null where its type has no way through. */
export function insertOnEdge(workflow: Workflow, specs: Specs, spec: NodeSpec, edge: string, position: Position): Made | null {
  const made = addNode(workflow, spec, position);
  const spliced = spliceNode(made.workflow, specs, made.id, edge);
  return spliced === null ? null : { workflow: spliced, ids: made.ids };
}
