import type { NewEvent } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import { assertNever } from '#shared/errors';
import { keptOutputs, writtenFiles } from '#shared/run/run';
import type { Command } from './command.ts';
import { retryDelay } from './retry.ts';

/** What purity has to be given: one instant, the writing of instants, fresh ids, and chance in [0, 1). */
export interface Instant {
  readonly at: number;
  iso(ms: number): string;
  id(): string;
  chance(): number;
  /** How long the run was worked on, by a clock that doesn't jump; left out where only the wall clock can tell. */
  readonly elapsedMs?: number;
  /** How much of that is since it started or was last resumed; left out where it stands still. */
  readonly workedMs?: number;
}

/** The events by which the journal holds that a command was carried out. Commands that only act (StopSegment) leave none. */
export function record(command: Command, run: Run, instant: Instant): readonly NewEvent[] {
  const base = (): { at: number; id: string } => ({ at: instant.at, id: instant.id() });
  const durationMs = instant.elapsedMs ?? Math.max(0, instant.at - (run.startedAt ?? instant.at));
  const lastAttempt = (node: NodeId): number => run.nodes[node]?.attempts.at(-1)?.attempt ?? 1;
  switch (command.kind) {
    case 'Begin':
      return [{ type: 'WorkflowStarted', data: {}, ...base() }];
    case 'Skip':
      return [{ type: 'NodeExecutionSkipped', data: { node: command.node, reason: command.reason }, ...base() }];
    case 'StartSegment':
      return command.nodes.map((node) => ({ type: 'NodeExecutionStarted', data: { node, attempt: command.attempt, segment: command.segment }, ...base() }));
    case 'StopSegment':
    case 'Settle':
      return [];
    case 'ScheduleRetry': {
      const delayMs = retryDelay(command.policy, command.failed, instant.chance());
      return [{ type: 'NodeRetryScheduled', data: { node: command.node, attempt: lastAttempt(command.node) + 1, delayMs, dueAt: instant.iso(instant.at + delayMs) }, ...base() }];
    }
    case 'Divert':
      return [{ type: 'NodeFailureDiverted', data: { node: command.node, attempt: lastAttempt(command.node) }, ...base() }];
    case 'Pause':
      return [{ type: 'WorkflowPaused', data: { question: command.question, ...(instant.workedMs === undefined ? {} : { workedMs: instant.workedMs }) }, ...base() }];
    case 'Resume':
      return [{ type: 'WorkflowResumed', data: { by: command.by, repeat: [...command.repeat] }, ...base() }];
    case 'Reuse': {
      const { id, rowsIn, rowsOut, key, afterwards } = command.node;
      return [{ type: 'NodeOutputReused', data: { node: id, from: command.from, rowsIn, rowsOut, key, outputs: [...keptOutputs(command.node)], files: [...writtenFiles(command.node)], ...(afterwards === undefined || afterwards.done ? {} : { afterwards: afterwards.what }) }, ...base() }];
    }
    case 'Complete':
      return [{ type: 'WorkflowCompleted', data: { durationMs }, ...base() }];
    case 'Fail':
      return [{ type: 'WorkflowFailed', data: { durationMs, error: command.error, node: command.node }, ...base() }];
    case 'Cancel':
      return [{ type: 'WorkflowCancelled', data: { durationMs }, ...base() }];
    default:
      return assertNever(command);
  }
}
