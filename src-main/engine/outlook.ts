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

/** How all segments of a run stand: read off it once, then kept up, because with thousands of them each decision would look at all again. */
export interface Outlook {
  state(segment: string): SegmentState;
  /** Segments in such a state, in the order of the plan. */
  standing<K extends SegmentState['kind']>(kind: K): readonly { readonly segment: Segment; readonly state: SegmentState & { readonly kind: K } }[];
  /** Segments that are not over, in the order of the plan. */
  open(): Iterable<Segment>;
  isAllDone(): boolean;
  /** The run has changed, in these nodes only. */
  update(run: Run, nodes: Iterable<NodeId>): void;
}

const OVER: ReadonlySet<SegmentState['kind']> = new Set(['done', 'gaveUp', 'skipped']);

export function outlookOf(run: Run, plan: RunPlan): Outlook {
  const { segments } = plan;
  const placeOf = new Map(segments.map((segment, place) => [segment.id, place]));
  const ofNode = new Map(segments.flatMap((segment, place) => segment.nodes.map((node) => [node, place] as const)));
  const states = segments.map((segment) => stateOf(run, plan, segment));
  const byKind = Map.groupBy(states.keys(), (place) => states[place]?.kind);
  const places = new Map([...byKind].map(([kind, listed]) => [kind, new Set(listed)]));
  /** Every segment before it is over. */
  let cursor = 0;
  return {
    state: (segment) => states[placeOf.get(segment) ?? -1] ?? { kind: 'pending' },
    standing: <K extends SegmentState['kind']>(kind: K) =>
      [...(places.get(kind) ?? [])].toSorted((a, b) => a - b).flatMap((place) => {
        const [segment, state] = [segments[place], states[place]];
        return segment === undefined || state === undefined ? [] : [{ segment, state: state as SegmentState & { readonly kind: K } }];
      }),
    *open() {
      for (let place = cursor; place < segments.length; place += 1) {
        const [segment, state] = [segments[place], states[place]];
        if (segment === undefined || state === undefined || OVER.has(state.kind)) cursor += place === cursor ? 1 : 0;
        else yield segment;
      }
    },
    isAllDone: () => (places.get('done')?.size ?? 0) === segments.length,
    update(now, nodes) {
      for (const place of new Set([...nodes].map((node) => ofNode.get(node)))) {
        const segment = place === undefined ? undefined : segments[place];
        if (place === undefined || segment === undefined) continue;
        const state = stateOf(now, plan, segment);
        places.get(states[place]?.kind)?.delete(place);
        states[place] = state;
        const same = places.get(state.kind);
        if (same === undefined) places.set(state.kind, new Set([place]));
        else same.add(place);
        if (!OVER.has(state.kind)) cursor = Math.min(cursor, place);
      }
    },
  };
}
