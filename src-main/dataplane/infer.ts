import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import { ERROR_PORT } from '#shared/workflow/graph';
import type { Description, Input, Inputs } from '../nodes/define.ts';
import type { Registry } from '../nodes/registry.ts';
import { contextFor } from './context.ts';
import type { RunContext } from './context.ts';
import { inputOf, noFailures } from './error-port.ts';
import { edgesInto, implementationOf, nodeOf } from './graph-index.ts';
import type { GraphIndex } from './graph-index.ts';
import { unionOf } from './quoting.ts';

/** Rows of a source that are looked through. */
const LOOKED_AT = 20_000;

/** A graph whose nodes are asked what they would give, without running them. Each is asked once. */
export interface Inferring {
  readonly context: RunContext;
  readonly registry: Registry;
  readonly index: GraphIndex;
  readonly outputs: Map<NodeId, Promise<Readonly<Record<string, Input>>>>;
}

/** What the node would read. Throws where a node before it tells nothing before it has run. */
export async function inferInputs(asked: Inferring, id: NodeId): Promise<Inputs> {
  const inputs: Record<string, Input> = {};
  const edges = edgesInto(asked.index, id);
  for (const port of new Set(edges.map((edge) => edge.targetPort))) {
    const relations: Input[] = [];
    for (const edge of edges.filter((one) => one.targetPort === port)) {
      const found = (await inferOutputs(asked, edge.source))[edge.sourcePort];
      if (found === undefined) throw new StudioError('node_failed', `“${edge.source}” gives nothing at its port “${edge.sourcePort}” before it has run.`, { place: id });
      relations.push(found);
    }
    const [only, ...more] = relations;
    if (only === undefined) continue;
    const union = unionOf(relations.map((one) => one.sql));
    inputs[port] = more.length === 0 ? only : { sql: union, columns: await contextFor(asked.context, id).columns(`SELECT * FROM ${union}`) };
  }
  return inputs;
}

/** What the node says it would do; null for one that runs in JavaScript. */
export async function inferDescription(asked: Inferring, id: NodeId): Promise<{ readonly description: Description | null; readonly inputs: Inputs }> {
  const node = nodeOf(asked.index, id);
  const implementation = implementationOf(asked.registry, node);
  const inputs = await inferInputs(asked, id);
  if (!('describe' in implementation) || implementation.fusing(node.config) === 'stream') return { description: null, inputs };
  return { description: await implementation.describe(node.config, inputs, contextFor(asked.context, id)), inputs };
}

async function makeOutputs(asked: Inferring, id: NodeId): Promise<Readonly<Record<string, Input>>> {
  const { description, inputs } = await inferDescription(asked, id);
  const isSource = edgesInto(asked.index, id).length === 0;
  const context = contextFor(asked.context, id);
  const found: Record<string, Input> = {};
  const columnsOf = (select: string): Promise<readonly Column[]> => context.columns(select);
  for (const [port, select] of Object.entries(description?.outputs ?? {})) {
    // Only the first rows of a source are looked at, so that a question stays short however long the file is.
    found[port] = { sql: isSource ? `(SELECT * FROM (${select}) LIMIT ${LOOKED_AT})` : `(${select})`, columns: await columnsOf(select) };
  }
  if (nodeOf(asked.index, id).onError === 'errorPort') {
    const select = noFailures(inputOf(inputs));
    found[ERROR_PORT] ??= { sql: `(${select})`, columns: await columnsOf(select) };
  }
  return found;
}

/** What the node would give by each port: something for FROM, and its columns. */
export function inferOutputs(asked: Inferring, id: NodeId): Promise<Readonly<Record<string, Input>>> {
  const known = asked.outputs.get(id);
  if (known !== undefined) return known;
  const made = makeOutputs(asked, id);
  asked.outputs.set(id, made);
  made.catch(() => undefined);
  return made;
}
