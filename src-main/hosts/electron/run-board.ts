import type { StudioEvent } from '#shared/events';
import { RunId } from '#shared/ids';
import type { WorkflowId } from '#shared/ids';
import { isTerminal } from '#shared/run/run';
import type { RunStatus } from '#shared/run/run';
import { STATUS_AFTER } from '../../api/run-changes.ts';
import type { Journal } from '../../journal/journal.ts';

/** A run as the tray tells of it. `since`: when it came into its status, ms since 1970. */
export interface BoardRun {
  readonly id: RunId;
  readonly workflowId: WorkflowId;
  readonly workflowName: string;
  readonly trigger: string;
  readonly status: RunStatus;
  readonly since: number;
}

/** What is going on: kept up to date event by event, so that nobody asks the journal again. */
export interface RunBoard {
  /** Oldest first. */
  readonly running: () => readonly BoardRun[];
  /** The last ones, newest first. */
  readonly failed: () => readonly BoardRun[];
  /** Runs that run, or wait for their turn. */
  readonly inHand: () => number;
  readonly stop: () => void;
}

const KEPT_FAILURES = 5;
/** More than that at once are shown as a number only. */
const MOST_UNFINISHED = 10_000;

type Source = Pick<Journal, 'runs' | 'read' | 'subscribe'>;
type Row = ReturnType<Journal['runs']>['rows'][number];

const boardRun = (row: Row): BoardRun => ({ id: row.id, workflowId: row.workflowId, workflowName: row.workflowName, trigger: row.trigger, status: row.status, since: row.endedAt ?? row.startedAt ?? row.requestedAt });

/** Follows the runs of a journal; `changed` is told of each one that comes into another status, and of the event that brought it there. */
export function followRuns(journal: Source, changed: (run: BoardRun, event: StudioEvent) => void): RunBoard {
  const unfinished = new Map<RunId, BoardRun>();
  for (const row of journal.runs({ status: ['queued', 'running', 'paused', 'interrupted'] }, 0, MOST_UNFINISHED).rows) unfinished.set(row.id, boardRun(row));
  const readFailed = (): readonly BoardRun[] => journal.runs({ status: ['failed'] }, 0, KEPT_FAILURES).rows.map(boardRun);
  let failed = readFailed();

  const known = (id: RunId, event: StudioEvent): Omit<BoardRun, 'status' | 'since'> | null => {
    const before = unfinished.get(id);
    if (before !== undefined) return before;
    const request = event.type === 'WorkflowRequested' ? event : journal.read(event.stream, 0, 1)[0];
    if (request?.type !== 'WorkflowRequested') return null;
    return { id, workflowId: request.data.workflowId, workflowName: request.data.workflowName, trigger: request.data.trigger.kind };
  };

  const take = (event: StudioEvent): void => {
    if (event.type === 'RunsRemoved') failed = readFailed();
    const status = STATUS_AFTER[event.type];
    if (status === undefined) return;
    const id = RunId.parse(event.stream.slice('run-'.length));
    const about = known(id, event);
    if (about === null) return;
    const run: BoardRun = { ...about, status, since: event.at };
    if (isTerminal(status)) unfinished.delete(id);
    else unfinished.set(id, run);
    if (status === 'failed') failed = [run, ...failed].slice(0, KEPT_FAILURES);
    changed(run, event);
  };

  const stop = journal.subscribe((events) => events.forEach(take));
  const inStatus = (...statuses: readonly RunStatus[]): readonly BoardRun[] => [...unfinished.values()].filter((run) => statuses.includes(run.status));
  return {
    running: () => inStatus('running').toSorted((a, b) => a.since - b.since),
    failed: () => failed,
    inHand: () => inStatus('queued', 'running').length,
    stop,
  };
}
