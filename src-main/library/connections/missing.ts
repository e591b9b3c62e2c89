import type { Connection, ConnectionKind } from '#shared/connections/connection';
import type { MissingConnection } from '#shared/contract/connections';
import { nodeKey } from '#shared/node-spec';
import type { NodeSpec } from '#shared/node-spec';
import type { Workflow } from '#shared/workflow/workflow';
import type { Library } from '../../studio-types.ts';

interface Reference {
  readonly name: string;
  readonly kinds: readonly ConnectionKind[];
  readonly node: string;
}

/** Every place where a workflow's nodes name a connection. */
function referencesOf(workflow: Pick<Workflow, 'nodes'>, specs: readonly NodeSpec[]): readonly Reference[] {
  const table = new Map(specs.map((spec) => [nodeKey(spec), spec]));
  return workflow.nodes.flatMap((node) =>
    (table.get(nodeKey(node))?.params ?? []).flatMap(({ name, widget }): readonly Reference[] => {
      const value = widget.kind === 'connection' ? node.config[name] : undefined;
      return widget.kind === 'connection' && typeof value === 'string' && value !== '' ? [{ name: value, kinds: widget.kinds, node: node.id }] : [];
    }),
  );
}

/** What a workflow refers to and is not among these, or is of a kind that the node can't use; each once, with the kinds that would do for all. */
export function missingIn(workflow: Pick<Workflow, 'nodes'>, specs: readonly NodeSpec[], connections: readonly Connection[]): readonly MissingConnection[] {
  const found = new Map<string, { kinds: ConnectionKind[]; nodes: string[] }>();
  for (const { name, kinds, node } of referencesOf(workflow, specs)) {
    const there = connections.find((one) => one.name === name);
    if (there !== undefined && kinds.includes(there.kind)) continue;
    const one = found.get(name);
    found.set(name, { kinds: one === undefined ? [...kinds] : one.kinds.filter((kind) => kinds.includes(kind)), nodes: [...(one?.nodes ?? []), node] });
  }
  return [...found].map(([name, one]) => ({ name, ...one }));
}

/** Names of the workflows that refer to a connection, by its name. What can't be read refers to none. */
export async function refersTo(library: Library, specs: readonly NodeSpec[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const users = new Map<string, string[]>();
  for (const entry of await library.list()) {
    const opened = await library.open(entry.id).catch(() => null);
    if (opened === null) continue;
    for (const name of new Set(referencesOf(opened.workflow, specs).map((one) => one.name))) users.set(name, [...(users.get(name) ?? []), opened.workflow.name]);
  }
  return users;
}
