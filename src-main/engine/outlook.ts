import type { ErrorInfo } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import type { NodeRun, Run } from '#shared/run/run';
import type { NodePolicy, RunPlan } from './command.ts';
import type { Segment } from './plan.ts';
import { mayRetry } from './retry.ts';

/** Where a segment stands, by what became of its nodes. */
export type SegmentState =
  | { readonly kind: 'pending' | 'running' | 'done' | 'lost' }
  | { readonly kind: 'retrying'; readonly node: NodeRun }
  /** Something is to follow from it: another attempt, a row at the port `error`, the end of the run. */
  | { readonly kind: 'failed'; readonly node: NodeRun; readonly error: ErrorInfo }
  /** The run goes on without it; with what reads its port `error`, where its failure went there. */
  | { readonly kind: 'gaveUp'; readonly node: NodeRun }
  | { readonly kind: 'skipped'; readonly because: NodeId };

const STOP: NodePolicy = { onError: 'stop', retry: undefined, timeoutMs: undefined };
export const policyOf = (plan: RunPlan, node: NodeId): NodePolicy => plan.policies[node] ?? STOP;

/** Attempts that ended in a failure: those that were lost or stopped are not the node's fault. */
export const failures = (node: NodeRun): number => node.attempts.filter((attempt) => attempt.outcome === 'failed').length;

/** In a segment the first of these that one of its nodes is in tells of the whole. */
const RANKED: readonly NodeRun['status'][] = ['lost', 'running', 'retrying', 'failed', 'pending', 'skipped', 'completed'];

function stateOf(run: Run, plan: RunPlan, segment: Segment): SegmentState {
  let telling: NodeRun | undefined;
  for (const id of segment.nodes) {
    const node = run.nodes[id];
    if (node === undefined) return { kind: 'pending' };
    if (telling === undefined || RANKED.indexOf(node.status) < RANKED.indexOf(telling.status)) telling = node;
  }
  if (telling === undefined) return { kind: 'pending' };
  const { status, error, skipped } = telling;
  if (status === 'completed') return { kind: 'done' };
  if (status === 'retrying') return { kind: 'retrying', node: telling };
  if (status === 'skipped') return { kind: 'skipped', because: skipped !== null && 'node' in skipped ? skipped.node : telling.id };
  if (status === 'failed') return error === null || isGivenUp(telling, error, plan) ? { kind: 'gaveUp', node: telling } : { kind: 'failed', node: telling, error };
  return { kind: status };
}

/** A failure after which the run goes on needs another attempt to be impossible, and a worker that still has the run's rows. */
function isGivenUp(node: NodeRun, error: ErrorInfo, plan: RunPlan): boolean {
  if (node.diverted) return true;
  const { onError, retry } = policyOf(plan, node.id);
  return onError === 'continue' && error.code !== 'worker_lost' && !mayRetry(retry, failures(node), error.code);
}

export interface Placed<K extends SegmentState['kind'] = SegmentState['kind']> {
  readonly segment: Segment;
  readonly state: SegmentState & { readonly kind: K };
}

/** How all segments of a run stand: read off it once, then kept up, because with thousands of them each decision would look at all again. */
export interface Outlook {
  state(segment: string): SegmentState;
  /** Segments in such a state, in the order of the plan. */
  inState<K extends SegmentState['kind']>(kind: K): readonly Placed<K>[];
  /** Segments that are not over, in the order of the plan. */
  open(): Iterable<Placed>;
  isAllDone(): boolean;
  /** The run has changed, in these nodes only. */
  update(run: Run, nodes: Iterable<NodeId>): void;
}

interface Entry {
  readonly segment: Segment;
  readonly place: number;
  state: SegmentState;
}
const isOver = ({ state }: Entry): boolean => state.kind === 'done' || state.kind === 'gaveUp' || state.kind === 'skipped';
const inOrder = (entries: Iterable<Entry>): readonly Entry[] => [...entries].toSorted((a, b) => a.place - b.place);

export function outlookOf(run: Run, plan: RunPlan): Outlook {
  const entries = plan.segments.map((segment, place): Entry => ({ segment, place, state: stateOf(run, plan, segment) }));
  const byId = new Map(entries.map((entry) => [entry.segment.id, entry]));
  const byNode = new Map(entries.flatMap((entry) => entry.segment.nodes.map((node) => [node, entry] as const)));
  const byKind = new Map([...Map.groupBy(entries, (entry) => entry.state.kind)].map(([kind, listed]) => [kind, new Set(listed)]));
  let open = new Set(entries.filter((entry) => !isOver(entry)));
  const move = (entry: Entry, state: SegmentState): void => {
    byKind.get(entry.state.kind)?.delete(entry);
    byKind.set(state.kind, (byKind.get(state.kind) ?? new Set()).add(entry));
    entry.state = state;
    if (isOver(entry)) open.delete(entry);
    else if (!open.has(entry)) open = new Set(inOrder([...open, entry]));
  };
  return {
    state: (segment) => byId.get(segment)?.state ?? { kind: 'pending' },
    inState: <K extends SegmentState['kind']>(kind: K) => inOrder(byKind.get(kind) ?? []).filter((entry): entry is Entry & Placed<K> => entry.state.kind === kind),
    open: () => open,
    isAllDone: () => (byKind.get('done')?.size ?? 0) === entries.length,
    update(now, nodes) {
      for (const entry of new Set([...nodes].map((node) => byNode.get(node)))) if (entry !== undefined) move(entry, stateOf(now, plan, entry.segment));
    },
  };
}
