import type { ErrorInfo } from '#shared/errors';
import type { NewEvent } from '#shared/events';
import type { NodeRun, Run } from '#shared/run/run';
import type { Command } from '../engine/command.ts';
import { abandon } from '../engine/decide.ts';
import type { Graph } from '../dataplane/protocol.ts';
import type { Plan } from '../engine/plan.ts';
import { settle } from './effects.ts';
import type { Asked, Look } from './effects.ts';
import { lostFacts } from './facts.ts';
import type { Stamp } from './facts.ts';

/** A run that is interrupted so often without anything new having been done will never be done. */
export const FRUITLESS = 3;

/** What a workflow wants done with its interrupted runs. */
export type Recovery = 'resume' | 'ask' | 'fail';

/** What is to be written of an interruption: facts, and what follows from them at once. With no commands the run waits for a worker. */
export interface Interruption {
  readonly facts: readonly NewEvent[];
  readonly first: (run: Run) => readonly Command[];
}

/**
 * A run whose worker or studio is gone. What was intended outside is looked at first, then the attempts that were open (`open`) are lost,
 * then the workflow's own wish counts. A run that was to be cancelled is.
 */
export function interrupt(run: Run, open: readonly NodeRun[], parts: { readonly plan: Plan; readonly graph: Graph; readonly recovery: Recovery }, happened: { readonly reason: string; readonly workedMs: number }, look: Look, stamp: Stamp): Interruption {
  const { reason, workedMs } = happened;
  const settled = settle(intending(open), run, parts, look, stamp);
  const lost = open.filter((node) => !parts.plan.segments.some((segment) => settled.done.has(segment.id) && segment.nodes.includes(node.id)));
  return {
    facts: [...settled.facts, ...lostFacts(lost, reason, stamp), { type: 'WorkflowInterrupted', data: { reason, workedMs }, ...stamp() }],
    first: (state) => {
      if (state.cancelRequested) return cancelled(state);
      if (state.fruitless >= FRUITLESS) return abandon(state, hopeless(reason, state.fruitless));
      if (settled.undecided.length > 0) return [asks(settled.undecided)];
      if (parts.recovery === 'fail') return abandon(state, { code: 'worker_lost', message: reason, remedy: 'Run it again: its settings say that an interrupted run fails.' });
      return parts.recovery === 'ask' ? [{ kind: 'Pause', question: { kind: 'recovery', reason } }] : [];
    },
  };
}

/** A run that was interrupted in order and is taken up again: only what it had intended outside is still to be found out. */
export function lookAgain(run: Run, parts: { readonly plan: Plan; readonly graph: Graph }, look: Look, stamp: Stamp): Interruption {
  const settled = settle(intending(Object.values(run.nodes)), run, parts, look, stamp);
  return {
    facts: settled.facts,
    first: (state) => (state.cancelRequested ? cancelled(state) : settled.undecided.length > 0 ? [asks(settled.undecided)] : []),
  };
}

/** Nodes of which nobody knows whether what they intended has happened. Completed ones are not asked about: they were confirmed then. */
const intending = (nodes: readonly NodeRun[]): readonly NodeRun[] => nodes.filter((node) => node.status !== 'completed' && node.effects.some((one) => one.state === 'intended'));

const asks = (effects: Asked): Command => ({ kind: 'Pause', question: { kind: 'effects', effects } });

/** Ends a run as cancelled, with nothing of it running. */
export const cancelled = (run: Run): readonly Command[] => [...abandon(run, { code: 'cancelled', message: '' }).filter((command) => command.kind === 'Skip'), { kind: 'Cancel' }];

const hopeless = (reason: string, times: number): ErrorInfo => ({
  code: 'worker_lost',
  message: `It was interrupted ${times} times without getting any further. The last time: ${reason}`,
  remedy: 'Give it more memory in Settings or less to do, then run it again.',
});
