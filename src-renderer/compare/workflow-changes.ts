import type { Json } from '#shared/json';
import type { Workflow, WorkflowNode } from '#shared/workflow/workflow';

/** A value that is not the same; undefined where it was not set. */
export interface FieldChange {
  readonly field: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** One thing that decides what a run does and is not the same in two workflows. */
export type WorkflowChange =
  | { readonly kind: 'added' | 'removed' | 'retyped'; readonly node: WorkflowNode }
  | { readonly kind: 'changed'; readonly node: WorkflowNode; readonly fields: readonly FieldChange[] }
  | { readonly kind: 'connections'; readonly added: number; readonly removed: number }
  | { readonly kind: 'settings'; readonly fields: readonly FieldChange[] };

/** The same content whatever the order of keys. */
function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return `{${entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => `${JSON.stringify(key)}:${text(inner)}`).join()}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

function fieldChanges(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): FieldChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => text(before[field]) !== text(after[field]))
    .map((field) => ({ field, before: before[field] as Json | undefined, after: after[field] as Json | undefined }));
}

/** What of a node, besides its config, decides what it does. */
const policies = ({ onError, retry, timeoutMs, disabled, checkpoint, pin }: WorkflowNode) => ({ onError, retry, timeoutMs, disabled: disabled === true ? true : undefined, checkpoint: checkpoint === true ? true : undefined, pin });

const wire = (edge: Workflow['edges'][number]): string => text([edge.source, edge.sourcePort ?? null, edge.target, edge.targetPort ?? null]);

/** What has changed from one workflow to another, as far as it decides what a run does: not places, names and notes. */
export function workflowChanges(left: Workflow, right: Workflow): readonly WorkflowChange[] {
  const before = new Map(left.nodes.map((node) => [node.id as string, node]));
  const after = new Map(right.nodes.map((node) => [node.id as string, node]));
  const changes: WorkflowChange[] = [];
  for (const node of right.nodes) {
    const old = before.get(node.id);
    if (old === undefined) changes.push({ kind: 'added', node });
    else if (old.type !== node.type || old.nodeType !== node.nodeType) changes.push({ kind: 'retyped', node });
    else {
      const fields = [...fieldChanges(old.config, node.config), ...fieldChanges(policies(old), policies(node))];
      if (fields.length > 0) changes.push({ kind: 'changed', node, fields });
    }
  }
  for (const node of left.nodes) if (!after.has(node.id)) changes.push({ kind: 'removed', node });
  const [wiresBefore, wiresAfter] = [new Set(left.edges.map(wire)), new Set(right.edges.map(wire))];
  const added = [...wiresAfter].filter((one) => !wiresBefore.has(one)).length;
  const removed = [...wiresBefore].filter((one) => !wiresAfter.has(one)).length;
  if (added + removed > 0) changes.push({ kind: 'connections', added, removed });
  const settings = fieldChanges(left.settings, right.settings);
  if (settings.length > 0) changes.push({ kind: 'settings', fields: settings });
  return changes;
}
