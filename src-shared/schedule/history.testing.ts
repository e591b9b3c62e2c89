import * as fc from 'fast-check';
import { assertNever } from '#shared/errors';
import type { NewEvent } from '#shared/events';
import { MISSED_REASONS } from '#shared/events';
import { RunId, WorkflowId } from '#shared/ids';
import { ScheduleDefinition, scheduleIdOf } from '#shared/schedule/schedule';

const MINUTE = 60_000;
const definition = (minutes = 1, remainingRuns?: number): ScheduleDefinition =>
  ScheduleDefinition.parse({ times: { kind: 'interval', every: `${minutes}m`, timeZone: 'UTC' }, ...(remainingRuns === undefined ? {} : { policy: { remainingRuns } }) });

type Body<T> = T extends NewEvent ? Pick<T, 'type' | 'data'> : never;

/** Events of one schedule, in any order a test wants them: minutes are counted from `start`, each event is a millisecond later than the one made before it. */
export function scheduleEvents(workflow: string, start = 1_767_225_600_000) {
  const workflowId = WorkflowId.parse(workflow);
  const of = { scheduleId: scheduleIdOf(workflowId, ''), workflowId };
  const time = (minute: number): number => start + minute * MINUTE;
  let made = 0;
  const event = (body: Body<NewEvent>): NewEvent => {
    made += 1;
    return { ...body, at: start + made, id: `${workflow}-schedule-${made}` };
  };
  return {
    created: (minutes = 1): NewEvent => event({ type: 'ScheduleCreated', data: { ...of, workflowName: 'Orders', definition: definition(minutes), cursor: start } }),
    edited: (workflowName: string, minutes = 1, remainingRuns?: number): NewEvent => event({ type: 'ScheduleEdited', data: { ...of, workflowName, definition: definition(minutes, remainingRuns), cursor: start } }),
    paused: (note: string): NewEvent => event({ type: 'SchedulePaused', data: { ...of, by: 'person', note } }),
    resumed: (minute: number, seen?: string): NewEvent => event({ type: 'ScheduleResumed', data: { ...of, by: 'person', cursor: time(minute), ...(seen === undefined ? {} : { seen }) } }),
    deleted: (): NewEvent => event({ type: 'ScheduleDeleted', data: { ...of, reason: 'gone' } }),
    fired: (minute: number, run = `run-${minute}`): NewEvent => event({ type: 'ScheduleFired', data: { ...of, nominalTime: time(minute), runId: RunId.parse(run), how: 'onTime', cursor: time(minute) } }),
    skipped: (minute: number, detail?: string): NewEvent =>
      event({ type: 'OccurrenceSkipped', data: { ...of, nominalTime: time(minute), reason: 'overlap', cursor: time(minute), ...(detail === undefined ? {} : { detail }) } }),
    missed: (minute: number, last: number, count: number, reason: (typeof MISSED_REASONS)[number] = 'asleep'): NewEvent =>
      event({ type: 'OccurrenceMissed', data: { ...of, nominalTime: time(minute), lastNominalTime: time(last), count, reason, cursor: time(last) } }),
    buffered: (minute: number): NewEvent => event({ type: 'OccurrenceBuffered', data: { ...of, nominalTime: time(minute), how: 'catchUp', cursor: time(minute) } }),
  };
}

/** Histories of one schedule that a journal takes: it is created first, and nothing is made of an occurrence that has fired. */
export function anyScheduleHistory(workflow: string, most: number): fc.Arbitrary<NewEvent[]> {
  const minute = fc.integer({ min: 1, max: 30 });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('fired' as const), minute }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('buffered' as const), minute }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('skipped' as const), minute, detail: fc.option(fc.string(), { nil: undefined }) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('missed' as const), minute, more: fc.nat(9), reason: fc.constantFrom(...MISSED_REASONS) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('created' as const, 'deleted' as const, 'paused' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('resumed' as const), minute, seen: fc.option(fc.string(), { nil: undefined }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('edited' as const), name: fc.string(), remainingRuns: fc.option(fc.nat(9), { nil: undefined }) }) },
  );
  return fc.array(step, { maxLength: most }).map((steps) => {
    const make = scheduleEvents(workflow);
    const gone = new Set<number>();
    return [
      make.created(),
      ...steps.flatMap((one): NewEvent[] => {
        switch (one.kind) {
          case 'fired':
            if (gone.has(one.minute)) return [];
            gone.add(one.minute);
            return [make.fired(one.minute)];
          case 'buffered':
            return gone.has(one.minute) ? [] : [make.buffered(one.minute)];
          case 'skipped':
            return gone.has(one.minute) ? [] : [make.skipped(one.minute, one.detail)];
          case 'missed':
            return [make.missed(one.minute, one.minute + one.more, one.more + 1, one.reason)];
          case 'resumed':
            return [make.resumed(one.minute, one.seen)];
          case 'edited':
            return [make.edited(one.name, 5, one.remainingRuns)];
          case 'paused':
            return [make.paused('x')];
          case 'created':
          case 'deleted':
            return [make[one.kind]()];
          default:
            return assertNever(one);
        }
      }),
    ];
  });
}
