import { nodeKey } from '#shared/node-spec';
import type { NodeKey, NodeSpec } from '#shared/node-spec';
import type { AnyNode } from './define.ts';

/** The nodes a studio knows. A map, so that a test or a bench can add one of its own. */
export type Registry = ReadonlyMap<NodeKey, AnyNode>;

const found = import.meta.glob<{ readonly default: AnyNode }>('./*/run.ts', { eager: true });

/** Every folder beside this file that has a `run.ts`: adding a node is adding a folder. */
export const builtInNodes: Registry = new Map(Object.values(found).map(({ default: node }) => [nodeKey(node.spec), node]));

/** What the window and the checks need: the specs alone, in a steady order. */
export const specsOf = (registry: Registry): readonly NodeSpec[] =>
  [...registry.values()].map((node) => node.spec).toSorted((a, b) => nodeKey(a).localeCompare(nodeKey(b)));
