import { errorSentence } from '#shared/errors';
import type { EventData, EventType, StudioEvent } from '#shared/events';
import type { Json } from '#shared/json';
import { describeSchedule } from '#shared/schedule/sentence';
import { RunId } from '#shared/ids';
import type { Journal } from '../../journal/journal.ts';
import { duration } from './output.ts';

/** Something that happened: as a line for a person, and with `event` and the rest as an object for a program. Times are ISO texts. */
export interface Notice {
  readonly event: string;
  readonly at: string;
  readonly line: string;
  readonly [more: string]: Json;
}

type Told = { readonly event: string; readonly line: string; readonly more: Readonly<Record<string, Json>> };
type Tell<T extends EventType> = (data: EventData<T>, run: RunId) => Told;

const iso = (at: number): string => new Date(at).toISOString();
const several = ({ nominalTime, lastNominalTime, count }: EventData<'OccurrenceMissed'>): string => (count === 1 ? iso(nominalTime) : `${count} from ${iso(nominalTime)} to ${iso(lastNominalTime)}`);
const withNote = (note: string): string => (note === '' ? '' : `: ${note}`);

/** The events that are told of; ends of runs say their names besides. */
const TOLD: { readonly [T in EventType]?: Tell<T> } = {
  ScheduleCreated: ({ scheduleId, workflowName, definition }) => ({ event: 'created', line: `new      ${scheduleId} (${workflowName}): ${describeSchedule(definition, 'en')}`, more: { scheduleId } }),
  ScheduleEdited: ({ scheduleId, workflowName, definition }) => ({ event: 'edited', line: `changed  ${scheduleId} (${workflowName}): ${describeSchedule(definition, 'en')}`, more: { scheduleId } }),
  ScheduleDeleted: ({ scheduleId, reason }) => ({ event: 'deleted', line: `removed  ${scheduleId}: ${reason}`, more: { scheduleId, reason } }),
  SchedulePaused: ({ scheduleId, by, note }) => ({ event: 'paused', line: `paused   ${scheduleId} (${by})${withNote(note)}`, more: { scheduleId, by, note } }),
  ScheduleResumed: ({ scheduleId }) => ({ event: 'resumed', line: `resumed  ${scheduleId}`, more: { scheduleId } }),
  ScheduleFired: ({ scheduleId, nominalTime, runId, how }) => ({
    event: 'fired',
    line: `fired    ${scheduleId} for ${iso(nominalTime)}, run ${runId}${how === 'onTime' ? '' : ` (${how})`}`,
    more: { scheduleId, nominalTime: iso(nominalTime), runId, how },
  }),
  OccurrenceSkipped: ({ scheduleId, nominalTime, reason, detail }) => ({
    event: 'skipped',
    line: `skipped  ${scheduleId} for ${iso(nominalTime)} (${reason})${withNote(detail ?? '')}`,
    more: { scheduleId, nominalTime: iso(nominalTime), reason, detail: detail ?? null },
  }),
  OccurrenceMissed: (data) => ({
    event: 'missed',
    line: `missed   ${data.scheduleId} for ${several(data)} (${data.reason})`,
    more: { scheduleId: data.scheduleId, nominalTime: iso(data.nominalTime), lastNominalTime: iso(data.lastNominalTime), count: data.count, reason: data.reason },
  }),
  OccurrenceBuffered: ({ scheduleId, nominalTime, how }) => ({ event: 'waits', line: `waits    ${scheduleId} for ${iso(nominalTime)} (${how})`, more: { scheduleId, nominalTime: iso(nominalTime), how } }),
  WorkflowCompleted: ({ durationMs }, runId) => ({ event: 'ended', line: `ended    run ${runId} completed in ${duration(durationMs)}`, more: { runId, status: 'completed', durationMs } }),
  WorkflowFailed: ({ durationMs, error }, runId) => ({ event: 'ended', line: `ended    run ${runId} failed: ${errorSentence(error)}`, more: { runId, status: 'failed', durationMs, error: error.message } }),
  WorkflowCancelled: ({ durationMs }, runId) => ({ event: 'ended', line: `ended    run ${runId} cancelled`, more: { runId, status: 'cancelled', durationMs } }),
};

/** What is told of an event: of schedules, and of the ends of the runs that they started. */
export const noticing =
  (journal: Pick<Journal, 'read'>) =>
  (event: StudioEvent): readonly Notice[] => {
    const tell: Tell<EventType> | undefined = TOLD[event.type];
    if (tell === undefined) return [];
    const told = tell(event.data, RunId.parse(event.stream.replace(/^run-/u, '')));
    if (told.event !== 'ended') return [{ event: told.event, at: iso(event.at), line: told.line, ...told.more }];
    const [asked] = journal.read(event.stream, 0, 1);
    const trigger = asked?.type === 'WorkflowRequested' ? asked.data.trigger : null;
    return [{ event: told.event, at: iso(event.at), line: told.line, ...told.more, ...(trigger?.kind === 'schedule' ? { scheduleId: trigger.scheduleId } : {}) }];
  };
