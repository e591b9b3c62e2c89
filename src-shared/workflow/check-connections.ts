import type { Connection, ConnectionKind } from '#shared/connections/connection';
import { connectionSpecs } from '#shared/connections/kinds';
import type { NodeId } from '#shared/ids';
import type { Json, JsonObject } from '#shared/json';
import { nodeKey } from '#shared/node-spec';
import type { Param } from '#shared/node-spec';
import { isPinned } from '#shared/workflow/check-running';
import { withDefaults } from '#shared/workflow/defaults';
import type { SpecTable } from '#shared/workflow/graph';
import { problem } from '#shared/workflow/problems';
import type { Problem, WorkflowNode } from '#shared/workflow/workflow';

/** As much of a connection as a workflow is checked against. */
export type NamedConnection = Pick<Connection, 'name' | 'kind'>;

/** A place where a node names a connection. */
export interface ConnectionReference {
  readonly node: NodeId;
  readonly field: string;
  readonly name: string;
  /** What it may be. */
  readonly kinds: readonly ConnectionKind[];
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

function* namedIn(params: readonly Param[], config: JsonObject, prefix: string): Generator<Omit<ConnectionReference, 'node'>> {
  const full = withDefaults({ params }, config);
  for (const { name, widget, visibleWhen } of params) {
    const value = full[name];
    if (value === undefined || (visibleWhen !== undefined && !visibleWhen.equals.some((one) => one === full[visibleWhen.param]))) continue;
    const field = `${prefix}${name}`;
    if (widget.kind === 'connection' && typeof value === 'string' && value !== '') yield { field, name: value, kinds: widget.kinds };
    if ((widget.kind !== 'list' && widget.kind !== 'variants') || !Array.isArray(value)) continue;
    for (const [index, item] of (value as readonly Json[]).entries()) {
      if (!isObject(item)) continue;
      const own = widget.kind === 'list' ? widget.item : (widget.variants.find((one) => one.value === item[widget.tag])?.params ?? []);
      yield* namedIn(own, item, `${field}[${index}].`);
    }
  }
}

/** Every place where nodes name a connection, as their forms stand. */
export const connectionsNamed = (nodes: readonly WorkflowNode[], table: SpecTable): readonly ConnectionReference[] =>
  nodes.flatMap((node) => [...namedIn(table.get(nodeKey(node))?.params ?? [], node.config, '')].map((one) => ({ node: node.id, ...one })));

/** The same of the nodes that will run: a disabled one does nothing, and a pinned one gives its rows. */
export const connectionsNeeded = (nodes: readonly WorkflowNode[], table: SpecTable): readonly ConnectionReference[] =>
  connectionsNamed(nodes.filter((node) => node.disabled !== true && !isPinned(node, table.get(nodeKey(node)))), table);

/** Why a reference leads nowhere; null where it does not. */
export function refusedReference({ node, field, name, kinds }: ConnectionReference, connections: readonly NamedConnection[]): Problem | null {
  const found = connections.find((one) => one.name === name);
  const at = { node, field };
  if (found === undefined) return problem('connection_missing', { name }, at);
  if (kinds.includes(found.kind)) return null;
  const { label } = connectionSpecs[found.kind];
  const [en, zh] = [kinds.map((kind) => connectionSpecs[kind].label.en).join(' or '), kinds.map((kind) => connectionSpecs[kind].label.zh).join('、')];
  return problem('connection_kind', { name, found: label.en, 'found:zh': label.zh, kinds: en, 'kinds:zh': zh }, at);
}

/** Connections that a workflow's nodes name and that are not here, or are of a kind that the node can't use: warnings, as the file itself is in order. */
export const checkConnections = (nodes: readonly WorkflowNode[], table: SpecTable, connections: readonly NamedConnection[]): readonly Problem[] =>
  connectionsNeeded(nodes, table).flatMap((reference) => refusedReference(reference, connections) ?? []);
