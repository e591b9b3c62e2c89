import type { StudioEvent } from '#shared/events';
import { occurrences } from '#shared/schedule/occurrences';
import { isTimed, spanMs } from '#shared/schedule/schedule';
import { ahead, jitterMost, left } from './referee-book.testing.ts';
import type { Own } from './referee-book.testing.ts';

/** What has become of the occurrences of a schedule, as the referee counts it. */
export interface Tally {
  fired: number;
  late: number;
  buffered: number;
  skipped: number;
  missed: number;
}

/** A timer is late by a little, and a turn takes its time. */
export const PROMPT_MS = 60;
export const MOST_BUFFERED = 1000;
export const iso = (at: number): string => new Date(at).toISOString();

/** What is wrong with what a schedule's policy made of all that had come late. `observed`: when the world was seen again. */
export function batchProblems(one: Own, batch: NonNullable<Own['batch']>, observed: number): readonly string[] {
  const problems = batch.complaints.map((what) => `${one.workflowId} at ${iso(batch.at)}: ${what}`);
  const { times, policy } = one.definition;
  if (!isTimed(times)) return problems;
  const last = Math.max(...batch.missed.map((range) => range.last), ...batch.caught);
  const passed = occurrences(times, batch.before, last, Number.POSITIVE_INFINITY).map(({ at }) => at);
  const tooOld = batch.missed.filter((range) => range.reason === 'outsideWindow').reduce((sum, range) => sum + range.count, 0);
  const window = spanMs(policy.catchupWindow) ?? 0;
  // It may have been noticed at any instant between waking and now.
  const [least, most] = [observed, batch.at].map((by) => passed.filter((at) => at < by - window).length);
  if (tooOld < (least ?? 0) || tooOld > (most ?? 0)) problems.push(`${one.workflowId} at ${iso(batch.at)}: ${tooOld} are outside the window, and ${least} to ${most} should be`);
  const late = passed.slice(tooOld);
  // What came due between waking and now may have been seen in time: then it runs, and nothing need be caught up.
  const after = occurrences(times, last, batch.at, 2).map(({ at }) => at);
  const onTime = after.some((at) => at + jitterMost(one) <= observed);
  if ((!onTime && after.length > 0) || batch.left < late.length + 2) return problems;
  const allowed = policy.misfire === 'skip' || (policy.misfire === 'last' && onTime) ? 0 : policy.misfire === 'last' ? 1 : policy.misfireMax;
  const wanted = Math.min(allowed, late.length, batch.room, MOST_BUFFERED);
  const should = wanted === 0 ? [] : late.slice(-wanted);
  if (should.join() !== batch.caught.join()) problems.push(`${one.workflowId} at ${iso(batch.at)}: caught up ${batch.caught.map(iso).join(', ')} instead of ${should.map(iso).join(', ')} (${policy.misfire}, ${late.length} late)`);
  return problems;
}

/** Scheduled runs without their fire, and fires without their run, among events that were written together. */
export function unpaired(events: readonly StudioEvent[]): readonly string[] {
  const fires = events.filter((event) => event.type === 'ScheduleFired');
  const runs = events.flatMap((event) => (event.type === 'WorkflowRequested' && event.data.trigger.kind === 'schedule' ? [{ event, runId: event.data.runId, nominal: Date.parse(event.data.trigger.nominalTime) }] : []));
  const alone = runs.filter(({ runId, nominal }) => !fires.some(({ data }) => data.runId === runId && data.nominalTime === nominal));
  return [...alone.map(({ event }) => `${event.position} ${event.stream}: a run without its fire`), ...(fires.length === runs.length ? [] : [`${fires.length} fires and ${runs.length} runs`])];
}

/** What nothing has been said of, though its time has long come. */
export function unsettled(id: string, one: Own, now: number): readonly string[] {
  if (left(one) <= 0) return [];
  const open = ahead(one, now).filter((at) => at + jitterMost(one) < now - PROMPT_MS);
  const problems = open.length === 0 ? [] : [`${id}: at ${iso(now)} nothing has been said of ${open.length} from ${iso(open[0] ?? 0)} on`];
  const { times } = one.definition;
  if (times.kind !== 'delay' || one.active.size > 0 || one.buffered.length > 0) return problems;
  const due = Math.max(Math.max(one.cursor, one.lastEnd) + (spanMs(times.every) ?? 0), times.startAt ?? Number.NEGATIVE_INFINITY);
  if (due + jitterMost(one) < now - PROMPT_MS && due <= (times.endAt ?? Number.POSITIVE_INFINITY)) problems.push(`${id}: at ${iso(now)} the delay ended at ${iso(due)} and nothing has been said`);
  return problems;
}
