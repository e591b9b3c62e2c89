import type { Json, JsonObject } from '#shared/json';
import { NODE_KINDS } from '#shared/node-spec';
import type { NodeSpec } from '#shared/node-spec';
import { coerceConfig } from '#shared/workflow/coerce';
import { laidOut } from '#shared/workflow/layout';
import { problem } from '#shared/workflow/problems';
import { nodeKey } from '#shared/node-spec';
import type { NodeId } from '#shared/ids';
import { specTable } from '#shared/workflow/graph';
import type { SpecTable } from '#shared/workflow/graph';
import type { Problem } from '#shared/workflow/workflow';

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined);
/** The same object without some keys. */
const without = (value: JsonObject, ...keys: readonly string[]): JsonObject => Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
/** Only what is there: `undefined` would not be JSON. */
const present = (value: Readonly<Record<string, Json | undefined>>): JsonObject => Object.fromEntries(Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined));

/** A name as an id: letters, digits and dashes; what is left of a name without any is `workflow`. */
export const slug = (name: string): string => name.normalize('NFC').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/gu, '').slice(0, 80) || 'workflow';

/**
 * A file of the seed (the Scala studio before Millrace) in Millrace's shape. `type` + `nodeType` in any case, `name` for `label`, React
 * Flow's `data`, `from`/`to` and handles on edges, missing ids, positions and header fields, numbers and flags given as texts. What
 * is not known is kept as it stands. What is beyond repair is left alone, for the shape's check to name.
 */
export function fromSeed(file: JsonObject, context: { readonly specs: readonly NodeSpec[]; readonly name: string }): { readonly value: JsonObject; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const table = specTable(context.specs);
  const name = text(file['name']) || text(file['label']) || context.name;
  const rawNodes = Array.isArray(file['nodes']) ? (file['nodes'] as readonly Json[]) : file['nodes'];
  const rawEdges = file['edges'] ?? file['connections'] ?? [];
  const nodes = Array.isArray(rawNodes) ? rawNodes.map((node) => (isObject(node) ? seedNode(node, table, problems) : node)) : rawNodes;
  const edges = Array.isArray(rawEdges) ? seedEdges(rawEdges as readonly Json[], nodes, table, problems) : rawEdges;
  const value = present({
    ...without(file, 'edges', ...(file['edges'] === undefined ? ['connections'] : [])),
    id: text(file['id']) || slug(name),
    name,
    description: text(file['description']) ?? (file['description'] === null ? '' : file['description'] ?? ''),
    version: text(file['version']) ?? (file['version'] === null ? undefined : file['version']),
    author: text(file['author']) ?? (file['author'] === null ? '' : file['author'] ?? ''),
    tags: tags(file['tags']),
    settings: file['settings'] ?? {},
    nodes: Array.isArray(nodes) ? laidOut(nodes as readonly Json[], Array.isArray(edges) ? (edges as readonly Json[]) : []) : nodes,
    edges,
    metadata: file['metadata'] ?? {},
  });
  return { value, problems };
}

function tags(value: Json | undefined): Json {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'string') return value;
  return value.split(/[,;]/u).map((tag) => tag.trim()).filter((tag) => tag !== '');
}

function seedNode(node: JsonObject, table: SpecTable, problems: Problem[]): JsonObject {
  const data = isObject(node['data']) ? node['data'] : {};
  const pick = (key: string): Json | undefined => node[key] ?? data[key];
  const nodeType = text(node['nodeType']) ?? text(data['nodeType']) ?? (text(node['type'])?.includes('.') === true ? text(node['type']) : undefined);
  const kind = [node['type'], data['type'], node['kind'], data['category']].map((one) => text(one)?.toLowerCase()).find((one) => NODE_KINDS.some((known) => known === one));
  const spec = [...table.values()].find((one) => one.nodeType.toLowerCase() === nodeType?.toLowerCase() && (kind === undefined || one.type === kind));
  const id = text(node['id']);
  const label = text(node['label']) ?? text(node['name']) ?? text(data['label']) ?? text(data['name']);
  const config = pick('config') ?? {};
  const coerced = spec !== undefined && isObject(config) && id !== undefined ? coerceConfig(spec, config, id as NodeId) : { config, problems: [] };
  problems.push(...coerced.problems);
  return present({
    // A name that became the label would otherwise stand there twice.
    ...without(node, ...(node['label'] === undefined && typeof node['name'] === 'string' ? ['name'] : []), ...Object.keys(node).filter((key) => node[key] === null)),
    id: id ?? node['id'],
    type: spec?.type ?? kind ?? node['type'],
    nodeType: spec?.nodeType ?? nodeType ?? node['nodeType'],
    label,
    config: coerced.config,
  });
}

function seedEdges(edges: readonly Json[], nodes: Json | undefined, table: SpecTable, problems: Problem[]): readonly Json[] {
  const specOf = new Map((Array.isArray(nodes) ? (nodes as readonly Json[]) : []).filter(isObject).map((node) => [node['id'], table.get(nodeKey(node as never))]));
  const taken = new Set(edges.filter(isObject).map((edge) => text(edge['id'])));
  let count = 0;
  const freshId = (): string => {
    do count++;
    while (taken.has(`e${count}`));
    return `e${count}`;
  };
  return edges.map((edge) => {
    if (!isObject(edge)) return edge;
    const id = text(edge['id']) || freshId();
    const source = end(edge, ['source', 'from', 'sourceId', 'fromNode'], ['sourcePort', 'sourceHandle', 'fromPort']);
    const target = end(edge, ['target', 'to', 'targetId', 'toNode'], ['targetPort', 'targetHandle', 'toPort']);
    const port = (side: 'output' | 'input', at: End): string | undefined => {
      const ports = specOf.get(at.node ?? null)?.[side === 'output' ? 'outputs' : 'inputs'];
      const first = ports?.[0]?.name;
      if (at.port === undefined || first === undefined || ports?.some((one) => one.name === at.port) === true) return at.port;
      // A handle of the seed's canvas: with one port there is nothing to mistake.
      if ((ports?.length ?? 0) > 1) problems.push(problem('handle_dropped', { edge: id, side, port: at.port, id: String(at.node), used: first }, { edge: id }));
      return undefined;
    };
    return present({
      id,
      source: source.node,
      sourcePort: port('output', source),
      target: target.node,
      targetPort: port('input', target),
      ...without(edge, 'id', ...source.keys, ...target.keys),
    });
  });
}

interface End {
  readonly node: string | undefined;
  readonly port: string | undefined;
  readonly keys: readonly string[];
}

/** One end of an edge, under any of its names; `{ node, port }` is an end too. */
function end(edge: JsonObject, nodeKeys: readonly string[], portKeys: readonly string[]): End {
  const named = nodeKeys.find((key) => edge[key] !== undefined) ?? '';
  const given = edge[named];
  const inside = isObject(given) ? given : undefined;
  const ported = portKeys.filter((key) => edge[key] !== undefined);
  return {
    node: inside === undefined ? text(given) : (text(inside['node']) ?? text(inside['nodeId']) ?? text(inside['id'])),
    port: ported.map((key) => text(edge[key])).find((port) => port !== undefined && port !== '') ?? text(inside?.['port']),
    keys: [named, ...ported],
  };
}
