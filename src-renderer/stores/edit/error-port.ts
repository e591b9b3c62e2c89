import type { Workflow, WorkflowNode } from '#shared/workflow/workflow';
import { patchNode } from './change.ts';
import { ERROR_PORT, nodeById, outputsOf } from './ports.ts';
import type { Specs } from './ports.ts';

/** Says what a failure of a node means. Taking its error port away takes the edges on it along; `removed` is how many. */
export function setOnError(workflow: Workflow, specs: Specs, id: string, onError: NonNullable<WorkflowNode['onError']>): { readonly workflow: Workflow; readonly removed: number } {
  const patched = patchNode(workflow, id, { onError: onError === 'stop' ? undefined : onError });
  const node = nodeById(patched, id);
  if (node === null || outputsOf(specs, node).some((port) => port.name === ERROR_PORT)) return { workflow: patched, removed: 0 };
  const edges = patched.edges.filter((edge) => edge.source !== id || edge.sourcePort !== ERROR_PORT);
  const removed = patched.edges.length - edges.length;
  return { workflow: removed === 0 ? patched : { ...patched, edges }, removed };
}
