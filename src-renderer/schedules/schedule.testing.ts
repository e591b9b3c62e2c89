import type { OccurrenceRow, ScheduleView } from '#shared/contract/schedules';
import type { RunId, ScheduleId, WorkflowId } from '#shared/ids';
import { ScheduleDefinition } from '#shared/schedule/schedule';

const daily = ScheduleDefinition.parse({ times: { kind: 'cron', expression: '0 8 * * *', timeZone: 'Europe/Zurich' } });

/** A schedule as the studio lists it, every day at eight in Zurich where nothing else is said. */
export function aSchedule(id: string, more: Partial<ScheduleView> = {}, definition: Partial<Record<keyof ScheduleDefinition, unknown>> = {}): ScheduleView {
  return {
    id: id as ScheduleId,
    workflowId: (id.split(':')[0] ?? id) as WorkflowId,
    workflowName: id,
    definition: Object.keys(definition).length === 0 ? daily : ScheduleDefinition.parse({ ...daily, ...definition }),
    status: 'scheduled',
    paused: null,
    next: null,
    nextNominal: null,
    buffered: 0,
    active: [],
    fires: 0,
    lastFired: null,
    expectedMs: null,
    problem: null,
    ...more,
  };
}

/** What became of an occurrence: it ran, where nothing else is said. */
export const anOccurrence = (id: string, nominalTime: number, more: Partial<OccurrenceRow> = {}): OccurrenceRow => ({
  scheduleId: id as ScheduleId,
  workflowId: id as WorkflowId,
  workflowName: id,
  outcome: 'fired',
  nominalTime,
  lastNominalTime: nominalTime,
  count: 1,
  at: nominalTime,
  runId: `run-${String(nominalTime)}` as RunId,
  how: 'onTime',
  reason: null,
  detail: null,
  ...more,
});
