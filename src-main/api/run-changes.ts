import type { EventType, StudioEvent } from '#shared/events';
import { RunId } from '#shared/ids';
import type { WorkflowId } from '#shared/ids';
import { isTerminal } from '#shared/run/run';
import type { RunStatus } from '#shared/run/run';
import type { Journal } from '../journal/journal.ts';

/** A row of the run list that has a new status. */
export interface RunChange {
  readonly runId: RunId;
  readonly workflowId: WorkflowId;
  readonly status: RunStatus;
}

/** The status an event puts its run in; the others leave the row's status as it is. */
export const STATUS_AFTER: Partial<Record<EventType, RunStatus>> = {
  WorkflowRequested: 'queued',
  WorkflowStarted: 'running',
  WorkflowResumed: 'running',
  WorkflowInterrupted: 'interrupted',
  WorkflowPaused: 'paused',
  WorkflowAnswered: 'interrupted',
  WorkflowCompleted: 'completed',
  WorkflowFailed: 'failed',
  WorkflowCancelled: 'cancelled',
};

/** Tells of every run whose status changes from now on. Returns the way to stop. */
export function subscribeToRuns(journal: Pick<Journal, 'subscribe' | 'run'>, listener: (change: RunChange) => void): () => void {
  const workflows = new Map<string, WorkflowId>();
  const workflowOf = (event: StudioEvent, run: RunId): WorkflowId | undefined =>
    event.type === 'WorkflowRequested' ? event.data.workflowId : (workflows.get(run) ?? journal.run(run)?.workflowId);
  return journal.subscribe((events) => {
    for (const event of events) {
      const status = STATUS_AFTER[event.type];
      if (status === undefined) continue;
      const runId = RunId.parse(event.stream.slice('run-'.length));
      const workflowId = workflowOf(event, runId);
      if (workflowId === undefined) continue;
      if (isTerminal(status)) workflows.delete(runId);
      else workflows.set(runId, workflowId);
      listener({ runId, workflowId, status });
    }
  });
}
