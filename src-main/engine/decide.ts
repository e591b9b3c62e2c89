import type { ErrorInfo } from '#shared/errors';
import type { NodeId } from '#shared/ids';
import type { NodeRun, Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import type { Command, NodePolicy, RunPlan } from './command.ts';
import type { Segment } from './plan.ts';
import { mayRetry } from './retry.ts';

type State =
  | { readonly kind: 'pending' | 'running' | 'done' }
  | { readonly kind: 'retrying'; readonly dueAt: string }
  | { readonly kind: 'failed'; readonly node: NodeRun; readonly error: ErrorInfo }
  | { readonly kind: 'lost'; readonly node: NodeRun }
  | { readonly kind: 'skipped'; readonly because: NodeId };

const STOP: NodePolicy = { onError: 'stop', retry: undefined, timeoutMs: undefined };

/**
 * What a run does next, from its state alone. `now` is an instant as toISOString writes it: such texts compare as times do.
 * - One segment of a run goes at a time, in the order of the plan: inside it DuckDB already uses every core.
 * - A node that fails is tried again while its `retry` allows, its whole segment with it.
 * - Then `onError`: `stop` ends the run as failed, and what had not run is skipped. `continue` skips what depends on the node, runs the
 *   rest and ends the run as completed: the person said that this failure is no reason to fail.
 * - A lost worker fails the run, because the tables of its earlier segments went with it.
 * - A cancelled run ends as cancelled, unless all its work was done when the request came: then it has completed.
 */
export function decide(run: Run, plan: RunPlan, now: string): readonly Command[] {
  if (isTerminal(run.status)) return [];
  const states = new Map(plan.segments.map((segment) => [segment.id, stateOf(run, segment)]));
  const running = plan.segments.filter((segment) => states.get(segment.id)?.kind === 'running');
  const finished = [...states.values()].every((state) => state.kind === 'done');
  if (run.cancelRequested && !(finished && run.status === 'running')) return running.length > 0 ? running.map(stop) : [...skipRest(run, { kind: 'cancelled' }), { kind: 'Cancel' }];
  if (run.status === 'queued') return [{ kind: 'Begin' }, ...plan.skipped.map(({ node, reason }): Command => ({ kind: 'Skip', node, reason: { kind: reason } })), ...next(run, plan, states, now)];
  if (running.length > 0) return [];
  return next(run, plan, states, now);
}

/** Ends a run that can't go on: its open work is skipped and it fails with `error`. Attempts that were open are lost before. */
export const abandon = (run: Run, error: ErrorInfo): readonly Command[] => [
  ...skipRest(run, { kind: 'cancelled' }),
  { kind: 'Fail', error, node: Object.values(run.nodes).find((node) => node.status === 'lost')?.id ?? null },
];

function next(run: Run, plan: RunPlan, states: Map<string, State>, now: string): readonly Command[] {
  for (const state of states.values()) {
    if (state.kind === 'lost') return abandon(run, { code: 'worker_lost', message: `The process that ran "${state.node.id}" ended before its work was done (${lastWords(state.node)}).`, remedy: 'Run it again; if it happens again, give it more memory in Settings.' });
    if (state.kind !== 'failed') continue;
    const policy = plan.policies[state.node.id] ?? STOP;
    const failed = state.node.attempts.length;
    if (mayRetry(policy.retry, failed, state.error.code)) return [{ kind: 'ScheduleRetry', node: state.node.id, failed, policy: policy.retry }];
    if (policy.onError === 'stop') return [...skipRest(run, { kind: 'upstreamFailed', node: state.node.id }), { kind: 'Fail', error: state.error, node: state.node.id }];
  }
  const skips: Command[] = [];
  let waiting = false;
  for (const segment of plan.segments) {
    const state = states.get(segment.id);
    if (state?.kind === 'retrying' && state.dueAt > now) waiting = true;
    if (state?.kind !== 'pending' && !(state?.kind === 'retrying' && state.dueAt <= now)) continue;
    const culprit = segment.needs.map((need) => culpritOf(states.get(need))).find((node) => node !== null);
    if (culprit !== undefined) {
      states.set(segment.id, { kind: 'skipped', because: culprit });
      skips.push(...segment.nodes.map((node): Command => ({ kind: 'Skip', node, reason: { kind: 'upstreamFailed', node: culprit } })));
      continue;
    }
    if (segment.needs.every((need) => states.get(need)?.kind === 'done')) return [...skips, start(run, plan, segment)];
    waiting = true;
  }
  return waiting ? skips : [...skips, { kind: 'Complete' }];
}

function stateOf(run: Run, segment: Segment): State {
  const nodes = segment.nodes.flatMap((id) => run.nodes[id] ?? []);
  const at = (status: NodeRun['status']): NodeRun | undefined => nodes.find((node) => node.status === status);
  const lost = at('lost');
  if (lost !== undefined) return { kind: 'lost', node: lost };
  if (at('running') !== undefined) return { kind: 'running' };
  const retrying = at('retrying');
  if (retrying?.retryAt != null) return { kind: 'retrying', dueAt: retrying.retryAt };
  const failed = at('failed');
  if (failed?.error != null) return { kind: 'failed', node: failed, error: failed.error };
  const skipped = at('skipped');
  if (skipped !== undefined) return { kind: 'skipped', because: skipped.skipped !== null && 'node' in skipped.skipped ? skipped.skipped.node : skipped.id };
  return { kind: nodes.every((node) => node.status === 'completed') ? 'done' : 'pending' };
}

const culpritOf = (state: State | undefined): NodeId | null => (state?.kind === 'failed' ? state.node.id : state?.kind === 'skipped' ? state.because : null);

const stop = (segment: Segment): Command => ({ kind: 'StopSegment', segment: segment.id });

function start(run: Run, plan: RunPlan, segment: Segment): Command {
  const attempt = 1 + Math.max(...segment.nodes.map((node) => run.nodes[node]?.attempts.at(-1)?.attempt ?? 0));
  const patience = segment.nodes.flatMap((node) => {
    const ms = plan.policies[node]?.timeoutMs;
    return ms === undefined ? [] : [{ ms, node }];
  });
  return { kind: 'StartSegment', segment: segment.id, nodes: segment.nodes, attempt, timeout: patience.toSorted((a, b) => a.ms - b.ms)[0] ?? null };
}

/** Nodes whose part in the run is still open: they have not run, or wait to run again. */
const skipRest = (run: Run, reason: (Command & { kind: 'Skip' })['reason']): readonly Command[] =>
  Object.values(run.nodes)
    .filter((node) => node.status === 'pending' || node.status === 'retrying' || node.status === 'running')
    .map((node) => ({ kind: 'Skip', node: node.id, reason }));

function lastWords(node: NodeRun): string {
  const last = node.attempts.at(-1);
  return last?.outcome === 'lost' ? last.reason : 'no reason is known';
}
