import type { Json, JsonObject } from '#shared/json';
import { nodeKey } from '#shared/node-spec';
import type { NodeSpec } from '#shared/node-spec';
import { called } from '#shared/workflow/check-config';
import { ERROR_PORT, wired } from '#shared/workflow/graph';
import type { SpecTable } from '#shared/workflow/graph';
import { problem } from '#shared/workflow/problems';
import type { Problem, WorkflowEdge, WorkflowNode } from '#shared/workflow/workflow';

interface Graph {
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly WorkflowEdge[];
}

/** Does the node give pinned rows instead of running? A sink has nothing to give. */
export const isPinned = (node: WorkflowNode, spec: NodeSpec | undefined): boolean => node.pin !== undefined && spec !== undefined && spec.outputs.length > 0;

/** What is wrong with how nodes are to be run: where their failures go, how often they are tried, what of them is kept or pinned. */
export function checkRunning(graph: Graph, table: SpecTable): readonly Problem[] {
  const taken = Map.groupBy(wired(graph, [...table.values()]), (edge) => edge.source);
  return graph.nodes.flatMap((node) => {
    const spec = table.get(nodeKey(node));
    if (spec === undefined) return [];
    if (node.disabled === true) return node.checkpoint === true ? [problem('checkpoint_disabled', { id: node.id }, { node: node.id, field: 'checkpoint' })] : [];
    const read = new Set((taken.get(node.id) ?? []).map((edge) => edge.sourcePort));
    return [...checkFailing(node, read), ...checkCheckpoint(node, spec), ...checkPin(node, spec, read)];
  });
}

function checkFailing({ id, onError, retry }: WorkflowNode, read: ReadonlySet<string>): readonly Problem[] {
  const found: Problem[] = [];
  if (onError === 'errorPort' && !read.has(ERROR_PORT)) found.push(problem('errors_unread', { id }, { node: id, field: 'onError' }));
  if (retry !== undefined && retry.attempts > 1 && retry.initialMs > retry.maxMs) {
    found.push(problem('retry_waits', { initial: String(retry.initialMs), most: String(retry.maxMs) }, { node: id, field: 'retry.initialMs' }));
  }
  return found;
}

const checkCheckpoint = ({ id, checkpoint }: WorkflowNode, spec: NodeSpec): readonly Problem[] =>
  checkpoint === true && spec.outputs.length === 0 ? [problem('checkpoint_sink', { id }, { node: id, field: 'checkpoint' })] : [];

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const wrong = (node: WorkflowNode, field: string, expected: string, value: unknown): Problem => problem('config_type', { field, expected, found: called(value) }, { node: node.id, field });

/** A pin comes from a file as it stands there: nothing of its shape is promised. */
function checkPin(node: WorkflowNode, spec: NodeSpec, read: ReadonlySet<string>): readonly Problem[] {
  const pin: unknown = node.pin;
  if (pin === undefined) return [];
  if (!isObject(pin)) return [wrong(node, 'pin', 'an object', pin)];
  const ports = spec.outputs.map((port) => port.name);
  const at = (port: string) => ({ node: node.id, field: `pin.${port}` });
  const missing = ports.filter((port) => read.has(port) && !Object.hasOwn(pin, port)).map((port) => problem('pin_missing', { id: node.id, port }, at(port)));
  const pinned = Object.entries(pin).flatMap(([port, rows]) => {
    if (port === ERROR_PORT ? node.onError === 'errorPort' : ports.includes(port)) return checkPinned(node, `pin.${port}`, rows);
    return [problem('pin_unknown', { id: node.id, port, ports: ports.length === 0 ? '–' : ports.join(', ') }, at(port))];
  });
  return [...missing, ...pinned];
}

/** The first thing that is wrong with the rows of one port: a million rows of a wrong width are one mistake. */
function checkPinned(node: WorkflowNode, field: string, pinned: Json): readonly Problem[] {
  if (!isObject(pinned)) return [wrong(node, field, 'an object', pinned)];
  const { columns, rows } = pinned as { readonly columns?: unknown; readonly rows?: unknown };
  if (!Array.isArray(columns)) return [wrong(node, `${field}.columns`, 'a list of objects', columns)];
  if (!Array.isArray(rows)) return [wrong(node, `${field}.rows`, 'a list', rows)];
  if (columns.length === 0) return [problem('pin_no_columns', { field }, { node: node.id, field: `${field}.columns` })];
  const names = new Set<string>();
  for (const [index, column] of (columns as readonly unknown[]).entries()) {
    const place = `${field}.columns[${index}]`;
    if (!isObject(column)) return [wrong(node, place, 'an object', column)];
    const { name, type } = column;
    if (typeof name !== 'string') return [wrong(node, `${place}.name`, 'a text', name)];
    if (typeof type !== 'string') return [wrong(node, `${place}.type`, 'a text', type)];
    // DuckDB takes no notice of case in names.
    if (names.has(name.toLowerCase())) return [problem('pin_same_column', { name, field }, { node: node.id, field: `${place}.name` })];
    names.add(name.toLowerCase());
  }
  for (const [index, row] of (rows as readonly unknown[]).entries()) {
    const place = `${field}.rows[${index}]`;
    if (!Array.isArray(row)) return [wrong(node, place, 'a list', row)];
    if (row.length !== columns.length) return [problem('pin_width', { field: place, found: String(row.length), columns: String(columns.length) }, { node: node.id, field: place })];
    const odd = row.findIndex((value) => value !== null && typeof value !== 'string');
    if (odd >= 0) return [wrong(node, `${place}[${odd}]`, 'a text or nothing', row[odd])];
  }
  return [];
}
