import type { ErrorInfo } from '#shared/errors';
import type { NewEvent } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { NodeRun, Run } from '#shared/run/run';
import type { FromWorker } from '../dataplane/protocol.ts';
import type { Command, RunPlan } from '../engine/command.ts';
import { abandon } from '../engine/decide.ts';
import { failures, policyOf } from '../engine/outlook.ts';
import { mayRetry } from '../engine/retry.ts';
import { OVER_CEILING } from './ceiling.ts';
import type { Settled } from './effects.ts';
import { failedFacts, stoppedFacts } from './facts.ts';
import type { Stamp } from './facts.ts';
import type { Expired } from './segment-watch.ts';

/** How a segment ended without success: its worker told, or is gone (`how`). */
export interface Ended {
  readonly told: (FromWorker & { kind: 'failed' }) | null;
  readonly how: string;
  readonly expired: Expired | null;
  /** What has become of what its nodes had intended outside. */
  readonly settled: Settled;
}

/** What that is in events, and what is to be done before anything else. `goesOn`: more is to be run after it. */
export interface Outcome {
  readonly facts: readonly NewEvent[];
  readonly goesOn: boolean;
  readonly first?: (run: Run) => readonly Command[];
}

/**
 * Null where it is nobody's failure: a worker that was lost. Otherwise it was to be stopped, or took too long, or something went wrong in
 * it. A segment whose effect outside has happened is done, whatever its worker said afterwards.
 */
export function failure(run: Run, open: readonly NodeRun[], { told, how, expired, settled }: Ended, plan: RunPlan, stamp: Stamp): Outcome | null {
  const stopped = told === null || told.error.code === 'cancelled';
  const whole = expired !== null && expired.node === null ? { first: (state: Run): readonly Command[] => abandon(state, expired.error) } : {};
  if (settled.done.size > 0) return { facts: settled.facts, goesOn: true, ...whole };
  if (run.cancelRequested && stopped) return { facts: [...settled.facts, ...stoppedFacts(open, stamp)], goesOn: false };
  const blamed = blame(open, { told, how, expired }, stopped);
  if (blamed === null) return null;
  const { node, ms, error } = blamed;
  const facts = [...settled.facts, ...failedFacts(open, node.id, ms, error, stamp)];
  if (stopped && expired?.node === null) return { facts, goesOn: false, ...whole };
  const { onError, retry } = policyOf(plan, node.id);
  return { facts, goesOn: error.code !== 'worker_lost' && (onError !== 'stop' || mayRetry(retry, failures(node) + 1, error.code)) };
}

function blame(open: readonly NodeRun[], { told, how, expired }: Omit<Ended, 'settled'>, stopped: boolean): { readonly node: NodeRun; readonly ms: number; readonly error: ErrorInfo } | null {
  const last = open.at(-1);
  if (last === undefined) return null;
  const named = (id: NodeId | undefined): NodeRun => open.find((node) => node.id === id) ?? last;
  if (expired !== null && stopped) return { node: expired.node === null ? (open[0] ?? last) : named(expired.node), ms: told?.durationMs ?? 0, error: expired.error };
  if (told !== null) return { node: named(told.node), ms: told.durationMs, error: told.error };
  return how === OVER_CEILING ? { node: last, ms: 0, error: overCeiling(last.id) } : null;
}

/** A worker that outgrew its limit would do so again. */
export const overCeiling = (node: NodeId | null): ErrorInfo => ({
  code: 'worker_lost',
  message: node === null ? `The process that held this run ended: ${OVER_CEILING}.` : `The process that ran "${node}" ended: ${OVER_CEILING}.`,
  remedy: 'Look for an expression that makes a very long text or list, or give it more memory in Settings.',
});
