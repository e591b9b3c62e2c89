import type { OccurrenceRow } from '#shared/contract/schedules';
import { StudioError } from '#shared/errors';
import { isOfASchedule } from '#shared/events';
import type { StudioEvent } from '#shared/events';
import { evolveSchedule } from '#shared/schedule/state';
import type { ScheduleState } from '#shared/schedule/state';

const SCHEDULE_PREFIX = 'schedule-';

export const isScheduleStream = (stream: string): boolean => stream.startsWith(SCHEDULE_PREFIX);
export const scheduleOf = (stream: string): string => stream.slice(SCHEDULE_PREFIX.length);

/** What became of one occurrence. */
export type Decided = Pick<OccurrenceRow, 'nominalTime' | 'at' | 'runId' | 'how' | 'reason' | 'detail'> & { readonly outcome: Exclude<OccurrenceRow['outcome'], 'missed'> };

/** Occurrences in a row whose time passed without a start. `count`: of those that nothing has become of since. */
export interface MissedRange {
  readonly position: number;
  readonly nominalTime: number;
  readonly lastNominalTime: number;
  readonly count: number;
  readonly at: number;
  readonly reason: NonNullable<OccurrenceRow['reason']>;
}

/** Everything the journal says of one schedule. */
export interface Book {
  state: ScheduleState | null;
  readonly decided: Map<number, Decided>;
  missed: readonly MissedRange[];
}

export const newBook = (): Book => ({ state: null, decided: new Map(), missed: [] });

export const hasFired = (scheduleId: string, nominalTime: number): StudioError =>
  new StudioError('conflict', 'This time of the schedule has started its run already.', { place: scheduleId, remedy: 'Nothing need be done: a time starts one run.', detail: `nominal time ${new Date(nominalTime).toISOString()}` });

export const neverCreated = (stream: string): StudioError =>
  new StudioError('conflict', 'Something is to be written of a schedule that was never created.', { place: stream, remedy: 'Save its workflow again.' });

/** What an event makes of the occurrence it is about. */
export function decisionOf(event: StudioEvent): Decided | null {
  const { at, type, data } = event;
  if (type === 'ScheduleFired') return { outcome: 'fired', nominalTime: data.nominalTime, at, runId: data.runId, how: data.how, reason: null, detail: null };
  if (type === 'OccurrenceSkipped') return { outcome: 'skipped', nominalTime: data.nominalTime, at, runId: null, how: null, reason: data.reason, detail: data.detail?.toWellFormed() ?? null };
  if (type === 'OccurrenceBuffered') return { outcome: 'buffered', nominalTime: data.nominalTime, at, runId: null, how: data.how, reason: null, detail: null };
  return null;
}

/** What still waited when a schedule was deleted, or began anew, is skipped by that. */
export function givenUp(before: ScheduleState | null, event: StudioEvent): readonly Decided[] {
  if (before === null || (event.type !== 'ScheduleDeleted' && event.type !== 'ScheduleCreated')) return [];
  const detail = event.type === 'ScheduleDeleted' ? event.data.reason.toWellFormed() : null;
  return before.buffered.map(({ nominalTime }) => ({ outcome: 'skipped', nominalTime, at: event.at, runId: null, how: null, reason: 'invalid', detail }));
}

/** Of an event of a missed range; null for any other. */
export const rangeOf = (event: StudioEvent): MissedRange | null =>
  event.type === 'OccurrenceMissed'
    ? { position: event.position, nominalTime: event.data.nominalTime, lastNominalTime: event.data.lastNominalTime, count: event.data.count, at: event.at, reason: event.data.reason }
    : null;

/** One of the newest range that holds this time is no longer missed; a range of which none is left goes. */
function oneLess(ranges: readonly MissedRange[], nominalTime: number): readonly MissedRange[] {
  const found = ranges.findLast((range) => range.nominalTime <= nominalTime && range.lastNominalTime >= nominalTime);
  return found === undefined ? ranges : ranges.flatMap((range) => (range !== found ? [range] : range.count === 1 ? [] : [{ ...range, count: range.count - 1 }]));
}

/**
 * The book after one more event of its stream, in order of version. Throws conflict, and changes nothing, where the occurrence has fired
 * before, whatever the event would make of it, and where the schedule was never created.
 */
export function record(book: Book, event: StudioEvent): void {
  if (!isOfASchedule(event)) return;
  const state = evolveSchedule(book.state, event);
  if (state === null) throw neverCreated(event.stream);
  const decided = decisionOf(event);
  if (decided !== null) {
    const known = book.decided.get(decided.nominalTime);
    if (known?.outcome === 'fired') throw hasFired(state.id, decided.nominalTime);
    if (known === undefined) book.missed = oneLess(book.missed, decided.nominalTime);
    book.decided.set(decided.nominalTime, decided);
  }
  const range = rangeOf(event);
  if (range !== null) book.missed = [...book.missed, range];
  for (const one of givenUp(book.state, event)) book.decided.set(one.nominalTime, one);
  book.state = state;
}

/** The book of a stream's events. */
export function bookOf(events: Iterable<StudioEvent>): Book {
  const book = newBook();
  for (const event of events) record(book, event);
  return book;
}

/** The rows of the list, ranges of missed ones first. */
export function rowsOf({ state, decided, missed }: Book): OccurrenceRow[] {
  if (state === null) return [];
  const { id: scheduleId, workflowId, workflowName } = state;
  return [
    ...missed.toReversed().map(({ nominalTime, lastNominalTime, count, at, reason }): OccurrenceRow => ({ scheduleId, workflowId, workflowName, outcome: 'missed', nominalTime, lastNominalTime, count, at, runId: null, how: null, reason, detail: null })),
    ...[...decided.values()].map((one): OccurrenceRow => ({ scheduleId, workflowId, workflowName, ...one, lastNominalTime: one.nominalTime, count: 1 })),
  ];
}
