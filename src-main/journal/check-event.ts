import { z } from 'zod';
import { StudioError } from '#shared/errors';
import { EVENTS, isOfASchedule, runStream, scheduleStream } from '#shared/events';
import type { EventType, NewEvent } from '#shared/events';
import { isEventType } from '#shared/run/upcast';

const anObject = z.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

/** The workflow inside was checked by whoever read it, and is long: here only its being an object is. `verify` looks at all of it. */
const shapes = new Map<string, z.ZodType>(Object.entries(EVENTS).map(([type, { data }]) => [type, data]));
shapes.set('WorkflowRequested', EVENTS.WorkflowRequested.data.extend({ workflow: anObject }));

const refuse = (stream: string, type: string, detail: string): never => {
  throw new StudioError('internal', `An event of type ${type} is not of its shape and was not written.`, { place: stream, detail });
};

/** A fact is for ever: one that is not of its shape is refused before it is written. Throws internal, because only a program's error makes one. */
export function checkEvent(stream: string, event: NewEvent): void {
  const shape = shapes.get(event.type);
  if (shape === undefined) return refuse(stream, event.type, 'No such event.');
  if (event.id === '' || !Number.isFinite(event.at)) refuse(stream, event.type, 'An event has an id and a time.');
  const parsed = shape.safeParse(event.data);
  if (!parsed.success) refuse(stream, event.type, z.prettifyError(parsed.error));
  if (event.type === 'WorkflowRequested' && runStream(event.data.runId) !== stream) refuse(stream, event.type, `It is about ${event.data.runId}.`);
  if (isOfASchedule(event) && scheduleStream(event.data.scheduleId) !== stream) refuse(stream, event.type, `It is about ${event.data.scheduleId}.`);
}

/** What is wrong with data as it was read; null when nothing is. The whole of it, for `journal verify`. */
export function dataProblem(type: string, data: unknown): string | null {
  if (!isEventType(type)) return 'no such event';
  const parsed = EVENTS[type].data.safeParse(data);
  return parsed.success ? null : z.prettifyError(parsed.error).replaceAll('\n', ' ');
}

/** These, once append has returned, outlive a power cut: what was asked for, how it ended, and what is about to be done outside. */
const DURABLE: ReadonlySet<EventType> = new Set<EventType>([
  'WorkflowRequested',
  'WorkflowCompleted',
  'WorkflowFailed',
  'WorkflowCancelled',
  'WorkflowPaused',
  'WorkflowAnswered',
  'NodeEffectIntended',
  'RunsRemoved',
  'ScheduleFired',
  'SchedulePaused',
  'ScheduleResumed',
]);
export const isDurable = (event: NewEvent): boolean => DURABLE.has(event.type);
