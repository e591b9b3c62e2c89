import type { Workflow, WorkflowNode } from '#shared/workflow/workflow';
import { patchNode } from './change.ts';
import { ERROR_PORT, nodeById, outputsOf } from './ports.ts';
import type { Specs } from './ports.ts';

/** A pin without the rows of one port; undefined where there is none, or none is left. */
function withoutPort(pin: WorkflowNode['pin'], port: string): WorkflowNode['pin'] {
  if (pin === undefined || !Object.hasOwn(pin, port)) return pin;
  const { [port]: _gone, ...rest } = pin;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** Says what a failure of a node means. Taking its error port away takes the edges on it along, and rows pinned to it; `removed` is how many edges. */
export function setOnError(workflow: Workflow, specs: Specs, id: string, onError: NonNullable<WorkflowNode['onError']>): { readonly workflow: Workflow; readonly removed: number } {
  const patched = patchNode(workflow, id, { onError: onError === 'stop' ? undefined : onError });
  const node = nodeById(patched, id);
  if (node === null || outputsOf(specs, node).some((port) => port.name === ERROR_PORT)) return { workflow: patched, removed: 0 };
  const edges = patched.edges.filter((edge) => edge.source !== id || edge.sourcePort !== ERROR_PORT);
  const removed = patched.edges.length - edges.length;
  const unpinned = patchNode(patched, id, { pin: withoutPort(node.pin, ERROR_PORT) });
  return { workflow: removed === 0 ? unpinned : { ...unpinned, edges }, removed };
}
