import type { ErrorInfo } from '#shared/errors';
import type { PauseQuestion } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import type { Command, RunPlan } from './command.ts';
import { failures, outlookOf, policyOf } from './outlook.ts';
import type { Outlook, SegmentState } from './outlook.ts';
import type { Segment } from './plan.ts';
import { mayRetry } from './retry.ts';
import { isSettling, settlements, unsettled } from './settle.ts';

/**
 * What a run does next, from its state alone. `awake`: nodes that have waited long enough to be tried again. `outlook` is the run's own,
 * kept up by who holds it.
 * - One segment of a run goes at a time, in the order of the plan: inside it DuckDB already uses every core.
 * - A node that fails is tried again while its `retry` allows, its whole segment with it.
 * - Then `onError`: `stop` ends the run as failed, and what had not run is skipped. `continue` skips what depends on the node, runs the
 *   rest and ends the run as completed: the person said that this failure is no reason to fail. `errorPort` does the same, but what reads
 *   the port `error` alone runs. Where the worker went with the node (it took too much memory), so did the run's rows: it fails.
 * - What would do something outside that may have been done already waits for a person: the run is paused.
 * - A cancelled run ends as cancelled, unless all its work was done when the request came: then it has completed.
 * - What nodes have asked to be done after all work is done comes last (see settle.ts); the run completes after that.
 * - A run that is interrupted or paused stands still, and so does one whose worker is lost: who appends the loss interrupts it.
 */
export function decide(run: Run, plan: RunPlan, awake: ReadonlySet<NodeId>, outlook: Outlook = outlookOf(run, plan)): readonly Command[] {
  if (isTerminal(run.status)) return [];
  const running = outlook.inState('running');
  if (run.cancelRequested && !(outlook.isAllDone() && run.status === 'running') && !isSettling(run, outlook)) {
    return running.length > 0 ? running.map(({ segment }) => ({ kind: 'StopSegment', segment: segment.id })) : [...skipRest(run, { kind: 'cancelled' }), { kind: 'Cancel' }];
  }
  if (run.status === 'queued') return [...begin(plan), ...next(run, plan, awake, outlook)];
  if (run.status !== 'running' || running.length > 0 || outlook.inState('lost').length > 0) return [];
  return next(run, plan, awake, outlook);
}

/** How a run starts: what it leaves out is said at once. */
export const begin = (plan: RunPlan): readonly Command[] => [{ kind: 'Begin' }, ...plan.skipped.map(({ node, reason }): Command => ({ kind: 'Skip', node, reason: { kind: reason } }))];

/** Ends a run that can't go on: its open work is skipped and it fails with `error`. Attempts that were open are lost before. */
export const abandon = (run: Run, error: ErrorInfo): readonly Command[] => [
  ...skipRest(run, { kind: 'cancelled' }),
  { kind: 'Fail', error, node: Object.values(run.nodes).find((node) => node.status === 'lost')?.id ?? null },
];

function next(run: Run, plan: RunPlan, awake: ReadonlySet<NodeId>, outlook: Outlook): readonly Command[] {
  const [failed] = outlook.inState('failed');
  if (failed !== undefined) return afterFailure(run, plan, failed.segment, failed.state);
  const skips: Command[] = [];
  const culprits = new Map<string, NodeId>();
  let waiting = false;
  for (const { segment, state } of outlook.open()) {
    if (state.kind === 'retrying' && !awake.has(state.node.id)) {
      waiting = true;
      continue;
    }
    const culprit = segment.needs.map((need) => culprits.get(need) ?? culpritOf(outlook.state(need), segment.afterFailure.includes(need))).find((node) => node !== null);
    if (culprit !== undefined) {
      culprits.set(segment.id, culprit);
      skips.push(...segment.nodes.map((node): Command => ({ kind: 'Skip', node, reason: { kind: 'upstreamFailed', node: culprit } })));
    } else if (segment.needs.every((need) => outlook.state(need).kind === 'done' || outlook.state(need).kind === 'gaveUp')) {
      const doubts = doubtsOf(run, segment);
      return [...skips, doubts === null ? start(run, plan, segment) : { kind: 'Pause', question: doubts }];
    } else waiting = true;
  }
  if (waiting || (skips.length > 0 && unsettled(run).length > 0)) return skips;
  const settling = settlements(run, plan, outlook);
  return settling.length > 0 ? settling : [...skips, { kind: 'Complete' }];
}

function afterFailure(run: Run, plan: RunPlan, segment: Segment, { node, error }: SegmentState & { readonly kind: 'failed' }): readonly Command[] {
  const policy = policyOf(plan, node.id);
  const failed = failures(node);
  if (mayRetry(policy.retry, failed, error.code)) {
    const doubts = doubtsOf(run, segment);
    return [doubts === null ? { kind: 'ScheduleRetry', node: node.id, failed, policy: policy.retry } : { kind: 'Pause', question: doubts }];
  }
  if (policy.onError === 'errorPort' && error.code !== 'worker_lost') return [{ kind: 'Divert', node: node.id, error }];
  return [...skipRest(run, { kind: 'upstreamFailed', node: node.id }), { kind: 'Fail', error, node: node.id }];
}

/** Effects that would happen again if the segment ran now, or may have. */
function doubtsOf(run: Run, segment: Segment): PauseQuestion | null {
  const effects = segment.nodes.flatMap((node) => (run.nodes[node]?.effects ?? []).filter((one) => one.state !== 'dropped').map(({ effect, what }) => ({ node, effect, what })));
  return effects.length === 0 ? null : { kind: 'effects', effects };
}

/** The node because of which nothing comes from a segment; null where something does, or may still. */
function culpritOf(state: SegmentState, errorsAlone: boolean): NodeId | null {
  if (state.kind === 'skipped') return state.because;
  return state.kind === 'gaveUp' && !(errorsAlone && state.node.diverted) ? state.node.id : null;
}

function start(run: Run, plan: RunPlan, segment: Segment): Command {
  const attempt = 1 + Math.max(...segment.nodes.map((node) => run.nodes[node]?.attempts.at(-1)?.attempt ?? 0));
  const patience = segment.nodes.flatMap((node) => {
    const ms = policyOf(plan, node).timeoutMs;
    return ms === undefined ? [] : [{ ms, node }];
  });
  return { kind: 'StartSegment', segment: segment.id, nodes: segment.nodes, attempt, timeout: patience.toSorted((a, b) => a.ms - b.ms)[0] ?? null };
}

/** Nodes whose part in the run is still open: they have not run, or wait to run again. */
const skipRest = (run: Run, reason: (Command & { kind: 'Skip' })['reason']): readonly Command[] =>
  Object.values(run.nodes)
    .filter((node) => node.status === 'pending' || node.status === 'retrying' || node.status === 'running')
    .map((node) => ({ kind: 'Skip', node: node.id, reason }));
