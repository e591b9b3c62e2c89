import { StudioError } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import type { JsonObject } from '#shared/json';
import { implementationOf, nodeOf } from './graph-index.ts';
import type { OpenRun } from './open-run.ts';

/** Has a node do what it asked for after the run's work. Throws what the node throws, and not_found where the run is not held here. */
export async function settleNode(run: OpenRun | undefined, id: NodeId, what: JsonObject): Promise<void> {
  if (run === undefined) throw new StudioError('not_found', 'The process does not hold that run.', { place: id, remedy: 'Run it again.' });
  const node = nodeOf(run.index, id);
  const implementation = implementationOf(run.registry, node);
  if (!('settle' in implementation) || implementation.settle === undefined) throw new StudioError('internal', `A node of the type ${node.nodeType} has nothing to do after a run.`, { place: id });
  const { runId, connection } = run.context;
  await implementation.settle(node.config, what, { nodeId: id, runId, connection, signal: run.abort.signal });
}
