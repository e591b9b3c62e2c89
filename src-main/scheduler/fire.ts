import { dirname } from 'node:path';
import type { OpenedWorkflow } from '#shared/contract/workflows';
import { errorSentence, toErrorInfo } from '#shared/errors';
import type { ErrorCode, ErrorInfo } from '#shared/errors';
import type { FiredHow } from '#shared/events';
import type { Core, Fact } from './core.ts';
import type { Live } from './live.ts';

/** An occurrence about to start its run. `seen`: what its watch has found. */
export interface Starting {
  readonly nominalTime: number;
  readonly how: FiredHow;
  readonly cursor: number;
  readonly seen?: string;
}

/** What the journal says when it can't be written. */
const OF_THE_JOURNAL: readonly ErrorCode[] = ['io', 'read_only', 'permission', 'timeout', 'cancelled'];

/** A worker that is lost while a workflow is checked may be an accident; so often it is not. */
const ACCIDENTS = 3;

/**
 * Starts a run for an occurrence, or writes down why it could not be: its workflow is missing or invalid. Returns when the occurrence is
 * settled either way, or the schedule has changed meanwhile and has to be looked at again. Throws where the journal can't be written:
 * then nothing has happened.
 */
export async function fire(core: Core, live: Live, starting: Starting): Promise<void> {
  const { state } = live;
  const { nominalTime, cursor, seen } = starting;
  const withSeen = seen === undefined ? {} : { seen };
  const refuse = (error: ErrorInfo): void => {
    if (live.state !== state) return;
    const detail = errorSentence(error);
    const skipped: Fact = { type: 'OccurrenceSkipped', data: { nominalTime, reason: 'invalid', detail, cursor, ...withSeen } };
    const paused: Fact = { type: 'SchedulePaused', data: { by: 'failure', note: `Its workflow could not be started: ${detail}` } };
    core.write(state, state.definition.policy.pauseOnFailure ? [skipped, paused] : [skipped]);
    live.problem = detail;
  };
  let opened: OpenedWorkflow;
  try {
    opened = await (await core.options.library()).open(state.workflowId);
  } catch (thrown) {
    return refuse(toErrorInfo(thrown));
  }
  if (live.state !== state || core.closing) return;
  let asked = false;
  try {
    await core.options.executor.start({
      workflow: opened.workflow,
      file: opened.path,
      folder: dirname(opened.path),
      trigger: { kind: 'schedule', scheduleId: state.id, nominalTime: new Date(nominalTime).toISOString() },
      scope: { kind: 'all' },
      alongside: (runId) => {
        asked = true;
        core.write(state, [{ type: 'ScheduleFired', data: { nominalTime, runId, how: starting.how, cursor, ...withSeen } }]);
      },
    });
  } catch (thrown) {
    // It has fired, and only its worker refused: then the executor goes on with it. Or somebody else has written meanwhile.
    if (live.state !== state) return;
    const error = toErrorInfo(thrown);
    if (error.code === 'conflict') core.reload(live);
    if (live.state !== state) return;
    if (error.code === 'worker_lost' && live.tries < ACCIDENTS) throw thrown;
    if (asked || error.code === 'conflict' || OF_THE_JOURNAL.includes(error.code)) throw thrown;
    refuse(error);
  }
}
