import type { Connection, ConnectionKind } from '#shared/connections/connection';
import type { MissingConnection } from '#shared/contract/connections';
import type { NodeSpec } from '#shared/node-spec';
import { connectionsNamed, refusedReference } from '#shared/workflow/check-connections';
import { specTable } from '#shared/workflow/graph';
import type { Workflow } from '#shared/workflow/workflow';
import type { Library } from '../../studio-types.ts';

/** What a workflow refers to and is not among these, or is of a kind that the node can't use; each once, with the kinds that would do for all. */
export function missingIn(workflow: Pick<Workflow, 'nodes'>, specs: readonly NodeSpec[], connections: readonly Connection[]): readonly MissingConnection[] {
  const found = new Map<string, { kinds: ConnectionKind[]; nodes: string[] }>();
  for (const reference of connectionsNamed(workflow.nodes, specTable(specs))) {
    if (refusedReference(reference, connections) === null) continue;
    const { name, kinds, node } = reference;
    const one = found.get(name);
    found.set(name, { kinds: one === undefined ? [...kinds] : one.kinds.filter((kind) => kinds.includes(kind)), nodes: [...new Set([...(one?.nodes ?? []), node])] });
  }
  return [...found].map(([name, one]) => ({ name, ...one }));
}

/** Says which workflows refer to a connection: their names, by its name. A file is read again only when it has changed; what can't be read refers to none. */
export function createUsage(library: () => Promise<Library>, specs: readonly NodeSpec[]): () => Promise<ReadonlyMap<string, readonly string[]>> {
  const table = specTable(specs);
  let known = new Map<string, { readonly modifiedAt: number; readonly workflow: string; readonly names: readonly string[] }>();
  return async () => {
    const opened = await library();
    const next: typeof known = new Map();
    const users = new Map<string, string[]>();
    for (const { id, path, modifiedAt } of await opened.list()) {
      const before = known.get(path);
      const now = before?.modifiedAt === modifiedAt ? before : await opened.open(id).then(({ workflow }) => ({ modifiedAt, workflow: workflow.name, names: [...new Set(connectionsNamed(workflow.nodes, table).map(({ name }) => name))] }), () => null);
      if (now === null) continue;
      next.set(path, now);
      for (const name of now.names) users.set(name, [...(users.get(name) ?? []), now.workflow]);
    }
    known = next;
    return users;
  };
}
