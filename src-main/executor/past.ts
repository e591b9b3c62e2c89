import type { RunOrigin, NewEvent, PauseAnswer } from '#shared/events';
import type { NodeId } from '#shared/ids';
import { keptOutputs, writtenFiles } from '#shared/run/run';
import type { Effect, NodeRun, Run } from '#shared/run/run';
import type { Job, PastNode } from '../dataplane/protocol.ts';
import type { RunPlan } from '../engine/command.ts';
import { failures } from '../engine/outlook.ts';
import { mayRetry } from '../engine/retry.ts';

/** What a run can build on: what it had done itself before it was interrupted, or what the run it continues had done. */
export interface Past {
  /** The run whose work it is. */
  readonly of: Run;
  readonly sameRun: boolean;
  /** This node and what follows it run in any case. */
  readonly from: NodeId | null;
  readonly nodes: readonly PastNode[];
  readonly diverted: Job['diverted'];
  /** Segments that need not run again for their own sake, by their last nodes. */
  readonly done: ReadonlySet<NodeId>;
}

const isDiverted = (node: NodeRun | undefined): boolean => node?.status === 'failed' && node.diverted;
const isCompleted = (node: NodeRun | undefined): boolean => node?.status === 'completed';

/** Has it ended for good: nothing of it is open, and no further attempt is due to it? */
function isSettled(node: NodeRun | undefined, policies: RunPlan['policies']): boolean {
  if (node?.status === 'failed' && node.error !== null) return !mayRetry(policies[node.id]?.retry, failures(node), node.error.code);
  return node?.status === 'completed' || node?.status === 'skipped';
}

/** `origin`: the run that a run which has not begun yet continues, as it was; null where there is none (any more). */
export function pastOf(run: Run, plan: RunPlan, origin: Run | null): Past | null {
  const sameRun = run.startedAt !== null;
  const of = sameRun ? run : origin;
  if (of === null) return null;
  const ends = plan.segments.flatMap((segment) => of.nodes[segment.end.node] ?? []);
  const nodes = ends.filter(isCompleted).map((node): PastNode => ({ node: node.id, key: node.key, kept: keptOutputs(node), files: writtenFiles(node), ...(sameRun && node.afterwards !== undefined ? { afterwards: node.afterwards.what } : {}) }));
  const diverted = sameRun ? ends.flatMap((node) => (isDiverted(node) && node.error !== null ? [{ node: node.id, error: node.error }] : [])) : [];
  const isDone = sameRun ? (node: NodeRun | undefined) => isSettled(node, plan.policies) : isCompleted;
  const done = plan.segments.filter((segment) => segment.nodes.every((id) => isDone(of.nodes[id]))).map((segment) => segment.end.node);
  return { of, sameRun, from: sameRun ? null : (run.origin?.from ?? null), nodes, diverted, done: new Set(done) };
}

/** The run that `origin` names, as it was after its event of that version. */
export type FindOrigin = (origin: RunOrigin) => Run | null;

/**
 * What a node has done outside, or may have: of the run itself only what it knows to be done. A node that has neither done anything there
 * nor run since has done what it had in the run before: its output was reused, or that run ended before it came to it.
 */
export function doneOutside(past: Pick<Past, 'of' | 'sameRun'>, node: NodeId, find: FindOrigin): readonly Effect[] {
  let isOwn = past.sameRun;
  for (let of: Run | null = past.of; of !== null; of = of.origin === null ? null : find(of.origin)) {
    const found = Object.hasOwn(of.nodes, node) ? of.nodes[node] : undefined;
    const effects = found?.effects.filter((one) => one.state === 'confirmed' || (!isOwn && one.state === 'intended')) ?? [];
    const hasRun = isOwn ? (found?.attempts.length ?? 0) > 0 : found?.status === 'completed' && found.reusedFrom === null;
    if (effects.length > 0 || hasRun) return effects;
    isOwn = false;
  }
  return [];
}

/** What people have said about effects so far, by effect: the last word counts, until an effect of that name is intended anew. */
export function answersIn(events: Iterable<NewEvent>): ReadonlyMap<string, PauseAnswer> {
  const answers = new Map<string, PauseAnswer>();
  let asked: readonly string[] = [];
  for (const event of events) {
    if (event.type === 'NodeEffectIntended') answers.delete(event.data.effect);
    if (event.type === 'WorkflowPaused') asked = event.data.question.kind === 'effects' ? event.data.question.effects.map((one) => one.effect) : [];
    if (event.type === 'WorkflowAnswered') for (const effect of asked) answers.set(effect, event.data.answer);
  }
  return answers;
}
