import type { Run } from '#shared/run/run';
import type { Command, RunPlan } from './command.ts';
import type { Outlook } from './outlook.ts';
import type { Segment } from './plan.ts';

type Settle = Command & { readonly kind: 'Settle' };

/** Nodes that have asked for something to be done after the run's work, and for which it was not done yet. Mostly there are none. */
const asking = (run: Run): readonly Settle[] =>
  Object.values(run.nodes).flatMap((node) => (node.status === 'completed' && node.afterwards?.done === false ? [{ kind: 'Settle', node: node.id, what: node.afterwards.what } as const] : []));

/**
 * What is to be done now that no work is left: a source's offsets are committed, because whatever was to be made of its rows has been made.
 * Not where rows got lost on the way: a node behind it failed and the run went on without it, or was left out because only a part of the
 * workflow was run. Then the source gives the same rows again the next time.
 */
export function settlements(run: Run, plan: RunPlan, outlook: Outlook): readonly Settle[] {
  const asked = asking(run);
  if (asked.length === 0 || plan.skipped.some((one) => one.reason === 'outOfScope')) return [];
  return asked.filter(({ node }) => behind(plan, node).every((segment) => tookAll(run, segment, outlook)));
}

/** Of a run that has something to do after its work: is nothing else left, and nothing left undone because it was cancelled? Then a cancel comes too late. */
export function isSettling(run: Run, outlook: Outlook): boolean {
  const nodes = Object.values(run.nodes);
  return (run.status === 'running' || run.status === 'interrupted') && [...outlook.open()].length === 0 && nodes.some((node) => node.afterwards !== undefined) && !nodes.some((node) => node.skipped?.kind === 'cancelled');
}

/** Those that have asked in vain: the run has completed, and what they were to do has not been done. */
export const unsettled = (run: Run): readonly Settle['node'][] => asking(run).map((one) => one.node);

/** The segments that its rows went to, directly or not; its own is the first. In the order of the plan every segment comes after those it needs. */
function behind(plan: RunPlan, node: string): readonly Segment[] {
  const reached = new Set<string>();
  return plan.segments.filter((segment) => {
    const isReached = segment.nodes.some((id) => id === node) || segment.needs.some((need) => reached.has(need));
    if (isReached) reached.add(segment.id);
    return isReached;
  });
}

/** A failure that went to the port `error` was dealt with there; what read the other ports had nothing to read. */
function tookAll(run: Run, segment: Segment, outlook: Outlook): boolean {
  const state = outlook.state(segment.id);
  if (state.kind === 'done') return true;
  if (state.kind === 'gaveUp') return state.node.diverted;
  return state.kind === 'skipped' && (segment.nodes.every((id) => run.nodes[id]?.skipped?.kind === 'notNeeded') || run.nodes[state.because]?.diverted === true);
}
