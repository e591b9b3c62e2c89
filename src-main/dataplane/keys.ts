import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeId } from '#shared/ids';
import { nodeKey } from '#shared/node-spec';
import type { WorkflowNode } from '#shared/workflow/workflow';
import type { Segment } from '../engine/plan.ts';
import type { Registry } from '../nodes/registry.ts';
import { VERSION } from '../version.ts';
import { resolveIn } from './context.ts';
import { expandFiles } from './files.ts';
import { edgesInto, implementationOf, nodeOf } from './graph-index.ts';
import type { GraphIndex } from './graph-index.ts';

/** Changes whenever what a key is made of does: keys of other numbers are never equal. */
const KEY_SCHEMA = 1;

/** What the keys of a run's nodes hang on besides the graph. */
export interface KeyPlace {
  readonly index: GraphIndex;
  readonly registry: Registry;
  readonly runId: string;
  readonly requestedAt: Date;
  /** Nodes that would give the same again for the same inputs. */
  readonly steady: ReadonlySet<NodeId>;
}

/** The same text for the same value, whatever order the keys of its objects were written in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Size and time of a file, or of every file of a folder and those in it. */
function* stamps(path: string): Generator<readonly string[]> {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (stats === undefined) yield [path, 'none'];
  else if (!stats.isDirectory()) yield [path, String(stats.size), String(stats.mtimeNs)];
  else for (const name of readdirSync(path).toSorted()) if (!isLinkToFolder(join(path, name))) yield* stamps(join(path, name));
}

/** What is transferred of a folder does not lie behind such, and following them has no end where they lead back. */
const isLinkToFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const written = new WeakMap<WorkflowNode, string>();

/** What the workflow's file says of the node, as far as its rows hang on it. Looked at once: a node may hold megabytes of rows. */
function textOf(node: WorkflowNode): string {
  const known = written.get(node);
  if (known !== undefined) return known;
  const meaning = node.pin === undefined ? { config: node.config } : { pin: node.pin };
  const text = createHash('sha256').update(canonical({ type: nodeKey(node), errors: node.onError === 'errorPort' ? node.id : null, ...meaning })).digest('base64url');
  written.set(node, text);
  return text;
}

/** The files that a node reads, by size and time, and those that it writes, by name. A pinned node has none. */
function filesOf({ index, registry, runId, requestedAt }: KeyPlace, node: WorkflowNode): object {
  if (node.pin !== undefined) return {};
  const resolve = (path: string): string => resolveIn(index.graph.folder, path);
  const files = implementationOf(registry, node).files?.(node.config, { resolve, runId, requestedAt });
  return { read: expandFiles((files?.reads ?? []).map(resolve)).flatMap((path) => [...stamps(path)]), written: (files?.writes ?? []).map(resolve) };
}

/** The key of a node whose inputs have these keys; null where a repeat may give other rows, or something can't be looked at. */
function keyOf(place: KeyPlace, id: NodeId, keyBefore: (source: NodeId) => string | null): string | null {
  const inputs = new Map<string, (readonly [string, string])[]>();
  for (const edge of edgesInto(place.index, id)) {
    const key = keyBefore(edge.source);
    if (key === null) return null;
    // Rows of one port are read in the order of its edges; which port comes first means nothing.
    inputs.set(edge.targetPort, [...(inputs.get(edge.targetPort) ?? []), [key, edge.sourcePort]]);
  }
  try {
    if (!place.steady.has(id)) return null;
    return createHash('sha256').update(canonical({ schema: KEY_SCHEMA, studio: VERSION, node: textOf(nodeOf(place.index, id)), files: filesOf(place, nodeOf(place.index, id)), inputs: Object.fromEntries(inputs) })).digest('base64url');
  } catch {
    return null;
  }
}

/** The key of a segment's last node. `keyBefore` has the keys of the nodes that earlier segments end with. */
export function segmentKey(place: KeyPlace, segment: Segment, keyBefore: (source: NodeId) => string | null): string | null {
  let before: string | null = null;
  let previous: NodeId | null = null;
  for (const id of segment.nodes) {
    const [inside, key]: readonly [NodeId | null, string | null] = [previous, before];
    before = keyOf(place, id, (source) => (source === inside ? key : keyBefore(source)));
    previous = id;
    if (before === null) return null;
  }
  return before;
}

/** The key that each segment's last node would have if all ran now. */
export function keysNow(place: KeyPlace, segments: readonly Segment[]): ReadonlyMap<NodeId, string | null> {
  const found = new Map<NodeId, string | null>();
  for (const segment of segments) found.set(segment.end.node, segmentKey(place, segment, (source) => found.get(source) ?? null));
  return found;
}
