import type { NodeKind, NodeSpec, Text } from '#shared/node-spec';
import { nodeKey } from '#shared/node-spec';
import type { NodeKey } from '#shared/node-spec';
import type { JsonObject } from '#shared/json';
import type { Run } from '#shared/run/run';
import { Workflow } from '#shared/workflow/workflow';

const parsed = new WeakMap<JsonObject, Workflow | null>();

/** The workflow as it ran; null where the record is of a shape that this version does not know. */
export function workflowOf(run: Run): Workflow | null {
  const known = parsed.get(run.workflow);
  if (known !== undefined) return known;
  const result = Workflow.safeParse(run.workflow);
  const workflow = result.success ? result.data : null;
  parsed.set(run.workflow, workflow);
  return workflow;
}

/** What a run's node is called, and of which kind it is. */
export interface NodeName {
  readonly label: string;
  readonly kind: NodeKind;
  readonly icon: string | null;
}

/** Names for every node of a run: its own label, or its type's. */
export function nodeNames(run: Run, specs: ReadonlyMap<NodeKey, NodeSpec> | undefined, pick: (text: Text) => string): ReadonlyMap<string, NodeName> {
  const names = new Map<string, NodeName>();
  for (const node of workflowOf(run)?.nodes ?? []) {
    const spec = specs?.get(nodeKey(node));
    const label = node.label !== undefined && node.label !== '' ? node.label : spec === undefined ? node.nodeType : pick(spec.label);
    names.set(node.id, { label, kind: node.type, icon: spec?.icon ?? null });
  }
  for (const id of Object.keys(run.nodes)) if (!names.has(id)) names.set(id, { label: id, kind: 'transform', icon: null });
  return names;
}
