import type { Json, JsonObject } from '#shared/json';

const COLUMN = 260;
const ROW = 140;
const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const isPlaced = (node: JsonObject): boolean => isObject(node['position']) && typeof node['position']['x'] === 'number' && typeof node['position']['y'] === 'number';

/** Nodes that have no position get one: left to right by their distance from a source, top to bottom in the order of the file. */
export function laidOut(nodes: readonly Json[], edges: readonly Json[]): readonly Json[] {
  if (nodes.every((node) => !isObject(node) || isPlaced(node))) return nodes;
  const depth = depths(nodes.filter(isObject), edges.filter(isObject));
  const filled = new Map<number, number>();
  return nodes.map((node) => {
    if (!isObject(node)) return node;
    const column = depth.get(node['id']) ?? 0;
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    return isPlaced(node) ? node : { ...node, position: { ...(isObject(node['position']) ? node['position'] : {}), x: 80 + column * COLUMN, y: 80 + row * ROW } };
  });
}

/** The longest way from a node without input, found breadth first; nodes on a cycle stay where they were reached. */
function depths(nodes: readonly JsonObject[], edges: readonly JsonObject[]): ReadonlyMap<Json | undefined, number> {
  const next = new Map<Json | undefined, Json[]>();
  const missing = new Map<Json | undefined, number>(nodes.map((node) => [node['id'], 0]));
  for (const { source, target } of edges) {
    if (target === undefined || !missing.has(source) || !missing.has(target)) continue;
    const targets = next.get(source);
    if (targets === undefined) next.set(source, [target]);
    else targets.push(target);
    missing.set(target, (missing.get(target) ?? 0) + 1);
  }
  const depth = new Map<Json | undefined, number>();
  const ready = [...missing].filter(([, count]) => count === 0).map(([id]) => id);
  for (const id of ready) {
    const own = depth.get(id) ?? 0;
    for (const to of next.get(id) ?? []) {
      depth.set(to, Math.max(depth.get(to) ?? 0, own + 1));
      const left = (missing.get(to) ?? 0) - 1;
      missing.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return depth;
}
