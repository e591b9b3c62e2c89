import type { NodeId } from '#shared/ids';
import type { SqlText } from '../nodes/define.ts';
import type { Registry } from '../nodes/registry.ts';
import { edgesInto, implementationOf, nodeOf } from './graph-index.ts';
import type { GraphIndex } from './graph-index.ts';
import type { Judgement } from './expressions.ts';

/** How a text is judged; answers are remembered. Throws where it is refused. */
export type Judge = (text: SqlText) => Promise<Judgement>;

/** Would it give the same again? A node says so of itself, and of the SQL of a person the engine's catalogue does. What is refused is not steady. */
async function isSteady(index: GraphIndex, registry: Registry, id: NodeId, judge: Judge): Promise<boolean> {
  const node = nodeOf(index, id);
  if (node.pin !== undefined) return true;
  try {
    const implementation = implementationOf(registry, node);
    if (!(implementation.repeatable?.(node.config) ?? implementation.spec.repeatable)) return false;
    const ports = new Set(edgesInto(index, id).map((edge) => edge.targetPort));
    for (const text of implementation.texts?.(node.config, ports) ?? []) if (!(await judge(text)).isSteady) return false;
    return true;
  } catch {
    return false;
  }
}

/** Those of the nodes that would give the same again for the same inputs. A cancel ends the looking. */
export async function steadyNodes(index: GraphIndex, registry: Registry, nodes: readonly NodeId[], judge: Judge, signal: AbortSignal): Promise<ReadonlySet<NodeId>> {
  const steady = new Set<NodeId>();
  for (const id of nodes) if (!signal.aborted && (await isSteady(index, registry, id, judge))) steady.add(id);
  return steady;
}
