import { StudioError } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import { nodeKey } from '#shared/node-spec';
import type { NodeKey, NodeKind, NodeSpec } from '#shared/node-spec';
import type { WorkflowEdge } from '#shared/workflow/workflow';

/** As much of a workflow as its shape needs: any object with nodes and edges will do. Edges to nodes that are not there are ignored. */
export interface Shape<N extends string = NodeId> {
  readonly nodes: readonly { readonly id: N }[];
  readonly edges: readonly { readonly source: N; readonly target: N }[];
}

/** An edge whose ports are known. */
export type WiredEdge<E extends Ends = WorkflowEdge> = E & { readonly sourcePort: string; readonly targetPort: string };
interface Ends {
  readonly source: string;
  readonly target: string;
  readonly sourcePort?: string | undefined;
  readonly targetPort?: string | undefined;
}
interface Typed {
  readonly id: string;
  readonly type: NodeKind;
  readonly nodeType: string;
}

export type SpecTable = ReadonlyMap<NodeKey, NodeSpec>;

/** Specs by key, for the many places that look one up per node. */
export const specTable = (specs: readonly NodeSpec[]): SpecTable => new Map(specs.map((spec) => [nodeKey(spec), spec]));

/** What a port is called where the node's type is unknown, so that a graph can be drawn all the same. */
export const UNKNOWN_OUTPUT = 'out';
export const UNKNOWN_INPUT = 'in';

/** A further output of a node whose `onError` is `errorPort`: what failed goes there. */
export const ERROR_PORT = 'error';

/** The workflow's edges with both ports set: those left out become the node's first output and first input. */
export function wired<E extends Ends>(workflow: { readonly nodes: readonly Typed[]; readonly edges: readonly E[] }, specs: readonly NodeSpec[]): readonly WiredEdge<E>[] {
  const table = specTable(specs);
  const byId = new Map(workflow.nodes.map((node) => [node.id, table.get(nodeKey(node))]));
  return workflow.edges.map((edge) => ({
    ...edge,
    sourcePort: edge.sourcePort ?? byId.get(edge.source)?.outputs[0]?.name ?? UNKNOWN_OUTPUT,
    targetPort: edge.targetPort ?? byId.get(edge.target)?.inputs[0]?.name ?? UNKNOWN_INPUT,
  }));
}

/** Neighbours by node: `next` follows the edges, `previous` goes against them. Made once where many questions are asked. */
export interface Neighbours<N extends string = NodeId> {
  readonly next: ReadonlyMap<N, readonly N[]>;
  readonly previous: ReadonlyMap<N, readonly N[]>;
}

/** One pass over the edges; an edge to a node that isn't there is left out. */
export function neighbours<N extends string>(shape: Shape<N>): Neighbours<N> {
  const next = new Map<N, N[]>(shape.nodes.map((node) => [node.id, []]));
  const previous = new Map<N, N[]>(shape.nodes.map((node) => [node.id, []]));
  for (const edge of shape.edges) {
    const out = next.get(edge.source);
    const into = previous.get(edge.target);
    if (out === undefined || into === undefined) continue;
    out.push(edge.target);
    into.push(edge.source);
  }
  return { next, previous };
}

function reach<N extends string>(links: ReadonlyMap<N, readonly N[]>, from: Iterable<N>): Set<N> {
  const seen = new Set<N>();
  const waiting = [...from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const to of links.get(at) ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      waiting.push(to);
    }
  }
  return seen;
}

/** Every node whose rows can come to `node`; itself only when it is on a cycle. */
export const upstream = <N extends string>(shape: Shape<N>, node: N): ReadonlySet<N> => reach(neighbours(shape).previous, [node]);

/** Every node that rows of `node` can come to; itself only when it is on a cycle. */
export const downstream = <N extends string>(shape: Shape<N>, node: N): ReadonlySet<N> => reach(neighbours(shape).next, [node]);

/** Every node reachable from any of `from`, those themselves included. */
export function reachable<N extends string>(shape: Shape<N>, from: readonly N[]): ReadonlySet<N> {
  const seen = reach(neighbours(shape).next, from);
  for (const one of from) seen.add(one);
  return seen;
}

/** Would an edge from `source` to `target` close a circle? What the canvas asks while a connection is being dragged. */
export const wouldCycle = <N extends string>(shape: Shape<N>, source: N, target: N): boolean => source === target || downstream(shape, target).has(source);

/**
 * The nodes so that each comes after all that feed it; nodes that are free to go keep the order of the file, so that the answer is
 * steady. Throws StudioError('invalid_workflow') naming the nodes of a cycle.
 */
export function order<N extends string>(shape: Shape<N>): readonly N[] {
  const { next, previous } = neighbours(shape);
  const missing = new Map([...previous].map(([id, sources]) => [id, sources.length]));
  const ready = [...missing].filter(([, count]) => count === 0).map(([id]) => id);
  // The queue grows while it is walked: breadth first.
  for (const id of ready) {
    for (const to of next.get(id) ?? []) {
      const left = (missing.get(to) ?? 0) - 1;
      missing.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  if (ready.length < missing.size) {
    const cycle = findCycle(shape) ?? [];
    throw new StudioError('invalid_workflow', `The nodes form a circle: ${[...cycle, ...cycle.slice(0, 1)].join(' → ')}.`, { remedy: 'Remove one of the edges between them.' });
  }
  return ready;
}

/** The nodes of one cycle in the order of its edges, or null where there is none. */
export const findCycle = <N extends string>(shape: Shape<N>): readonly N[] | null => cycles(shape)[0] ?? null;

/** One shortest cycle for each group of nodes that are tied into circles with one another, in the order of the file. */
export function cycles<N extends string>(shape: Shape<N>): readonly (readonly N[])[] {
  const { next } = neighbours(shape);
  const place = new Map([...next.keys()].map((id, index) => [id, index]));
  const first = (group: readonly N[]): N => group.reduce((best, id) => ((place.get(id) ?? 0) < (place.get(best) ?? 0) ? id : best));
  return tiedGroups(next)
    .map((group) => ({ start: first(group), group: new Set(group) }))
    .toSorted((a, b) => (place.get(a.start) ?? 0) - (place.get(b.start) ?? 0))
    .map(({ start, group }) => shortestRound(next, start, group));
}

/** Tarjan's strongly connected components, without recursion: a chain of 100,000 nodes must not overflow the stack. */
function tiedGroups<N extends string>(next: ReadonlyMap<N, readonly N[]>): readonly (readonly N[])[] {
  const groups: N[][] = [];
  const index = new Map<N, number>();
  const low = new Map<N, number>();
  const open: N[] = [];
  const isOpen = new Set<N>();
  for (const root of next.keys()) {
    if (index.has(root)) continue;
    const path: { readonly id: N; edge: number }[] = [];
    const enter = (id: N): void => {
      low.set(id, index.size);
      index.set(id, index.size);
      open.push(id);
      isOpen.add(id);
      path.push({ id, edge: 0 });
    };
    const lower = (id: N, value: number): void => void low.set(id, Math.min(low.get(id) ?? 0, value));
    enter(root);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const to = next.get(at.id)?.[at.edge++];
      if (to !== undefined) {
        if (!index.has(to)) enter(to);
        else if (isOpen.has(to)) lower(at.id, index.get(to) ?? 0);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) lower(above.id, low.get(at.id) ?? 0);
      if (low.get(at.id) !== index.get(at.id)) continue;
      const group = open.splice(open.lastIndexOf(at.id));
      for (const id of group) isOpen.delete(id);
      if (group.length > 1 || next.get(at.id)?.includes(at.id) === true) groups.push(group);
    }
  }
  return groups;
}

function shortestRound<N extends string>(next: ReadonlyMap<N, readonly N[]>, start: N, group: ReadonlySet<N>): readonly N[] {
  const from = new Map<N, N>();
  const queue: N[] = [start];
  for (const id of queue) {
    for (const to of next.get(id) ?? []) {
      if (to === start) {
        const round = [id];
        for (let at = id; at !== start; at = from.get(at) ?? start) round.push(from.get(at) ?? start);
        return round.toReversed();
      }
      if (!group.has(to) || from.has(to)) continue;
      from.set(to, id);
      queue.push(to);
    }
  }
  return [start];
}
