import type { NewEvent } from '#shared/events';
import type { Run } from '#shared/run/run';
import { assertNever } from '#shared/errors';
import type { Command } from './command.ts';
import { retryDelay } from './retry.ts';

/** What purity has to be given: one instant, the writing of instants, fresh ids, and chance in [0, 1). */
export interface Instant {
  readonly at: number;
  iso(ms: number): string;
  id(): string;
  chance(): number;
}

/** The events by which the journal holds that a command was carried out. Commands that only act (StopSegment) leave none. */
export function record(command: Command, run: Run, instant: Instant): readonly NewEvent[] {
  const base = (): { at: number; id: string } => ({ at: instant.at, id: instant.id() });
  const durationMs = Math.max(0, instant.at - run.requestedAt);
  switch (command.kind) {
    case 'Begin':
      return [{ type: 'WorkflowStarted', data: {}, ...base() }];
    case 'Skip':
      return [{ type: 'NodeExecutionSkipped', data: { node: command.node, reason: command.reason }, ...base() }];
    case 'StartSegment':
      return command.nodes.map((node) => ({ type: 'NodeExecutionStarted', data: { node, attempt: command.attempt, segment: command.segment }, ...base() }));
    case 'StopSegment':
      return [];
    case 'ScheduleRetry': {
      const delayMs = retryDelay(command.policy, command.failed, instant.chance());
      return [{ type: 'NodeRetryScheduled', data: { node: command.node, attempt: command.failed + 1, delayMs, dueAt: instant.iso(instant.at + delayMs) }, ...base() }];
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
