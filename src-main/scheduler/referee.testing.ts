import { runStream } from '#shared/events';
import type { EventData, StudioEvent } from '#shared/events';
import type { RunId } from '#shared/ids';
import { isTimed, spanMs } from '#shared/schedule/schedule';
import { ahead, change, graceOf, jitterMost, left, lookAhead, moveTo } from './referee-book.testing.ts';
import type { Own } from './referee-book.testing.ts';
import { batchProblems, iso, MOST_BUFFERED, PROMPT_MS, unpaired, unsettled } from './referee-rules.testing.ts';
import type { Tally } from './referee-rules.testing.ts';
import type { Unseen } from './simulated-world.testing.ts';

const SECOND = 1000;
/** So long nobody may look at the clock. */
const LONGEST_MS = 60_000;

/**
 * Watches the journal of a simulated world and says what is wrong with it: an occurrence without an outcome, or with two; a start before
 * its time, late without a cause, while paused, beside a run that it had to wait for; a reason that does not fit what the world knows;
 * anything that the policies would have decided otherwise.
 */
export function createReferee(unseen: readonly Unseen[]) {
  const problems: string[] = [];
  const tally: Tally = { fired: 0, late: 0, buffered: 0, skipped: 0, missed: 0 };
  const own = new Map<string, Own>();
  const ofRun = new Map<string, { readonly schedule: string; readonly nominal: number }>();
  let patience = 0;
  const lateRuns = new Set<RunId>();
  const cancelled = new Set<string>();
  const mustCancel = new Map<string, string>();
  let allPausedFrom: number | null = null;
  let allPausedTo = Number.NEGATIVE_INFINITY;
  let allPausedBegan = Number.POSITIVE_INFINITY;
  let lastStart = Number.NEGATIVE_INFINITY;
  let lastLateStart = Number.NEGATIVE_INFINITY;

  const wrong = (event: StudioEvent, what: string): void => void problems.push(`${event.position} ${event.type} ${iso(event.at)} ${event.stream}: ${what}`);
  const book = (id: string): Own => {
    const found = own.get(id);
    if (found === undefined) throw new Error(`${id} was never created.`);
    return found;
  };
  const unseenAround = (one: Own, nominal: number, at: number): readonly Unseen[] => unseen.filter(({ from, to }) => to >= nominal - PROMPT_MS && from <= nominal + jitterMost(one) + graceOf(one) + patience + PROMPT_MS && from <= at);

  /** Why it may not have been seen in time: where one cause followed another before anything was settled, one stands for both. */
  const causes = (one: Own, at: number): readonly string[] => unseen.filter(({ from, to }) => to >= (one.batch?.at === at ? one.batch.before : one.cursor) - PROMPT_MS && from <= at).map(({ why }) => why);

  /** The occurrence that is to be settled next, and no other, is. */
  function expectNext(event: StudioEvent, one: Own, nominal: number): void {
    const { times } = one.definition;
    if (isTimed(times)) {
      lookAhead(one, nominal);
      const next = one.ahead[one.passed];
      if (next !== nominal) wrong(event, `${iso(nominal)} is settled, but ${next === undefined ? 'nothing' : iso(next)} was next`);
    } else if (times.kind === 'delay') {
      const due = Math.max(Math.max(one.cursor, one.lastEnd) + (spanMs(times.every) ?? 0), times.startAt ?? Number.NEGATIVE_INFINITY);
      if (nominal !== due) wrong(event, `${iso(nominal)} is settled, but the delay ended at ${iso(due)}`);
    }
  }

  function expectInTime(event: StudioEvent, one: Own, nominal: number): void {
    const lateness = event.at - nominal;
    if (lateness < 0) wrong(event, `${-lateness} ms before its time`);
    // Who wakes untold learns it at the next look at the clock; a person may have to be asked first of what came before.
    const excused = unseen.some(({ from, to }) => to >= nominal - LONGEST_MS && from <= event.at) ? Math.max(graceOf(one), LONGEST_MS) : 0;
    if (lateness > jitterMost(one) + excused + PROMPT_MS + patience) wrong(event, `${lateness} ms late, and on time`);
  }

  const halted = (one: Own): boolean => one.paused || allPausedFrom !== null || !one.definition.enabled;

  function endBatch(one: Own): void {
    const { batch } = one;
    one.batch = null;
    const { chosen } = one;
    if (batch === null) return;
    one.chosen = false;
    // Neither does a policy decide where it is paused by then.
    if (chosen || halted(one)) return;
    problems.push(...batchProblems(one, batch, observedAt(batch.at)));
  }
  /** When the world was seen again, before a person was asked. */
  const observedAt = (at: number): number => unseen.findLast(({ to }) => to <= at + PROMPT_MS)?.to ?? at;

  function batchOf(event: StudioEvent, one: Own): NonNullable<Own['batch']> {
    if (one.batch !== null && one.batch.at !== event.at) endBatch(one);
    return (one.batch ??= { at: event.at, before: one.cursor, left: left(one), room: MOST_BUFFERED - one.buffered.length, missed: [], caught: [], complaints: [] });
  }

  function expectRoom(event: StudioEvent, one: Own, how: string): void {
    const { overlap } = one.definition.policy;
    if (overlap === 'allowAll') return;
    if (one.active.size > 0) wrong(event, `it starts (${how}) beside ${one.active.size} of its runs: ${overlap}`);
  }

  function fired(event: StudioEvent, data: EventData<'ScheduleFired'>): void {
    const one = book(data.scheduleId);
    const { nominalTime: nominal, how } = data;
    if (one.fired.has(nominal)) wrong(event, `${iso(nominal)} has fired before`);
    one.fired.add(nominal);
    ofRun.set(runStream(data.runId), { schedule: data.scheduleId, nominal });
    if (halted(one) && how !== 'asked') wrong(event, 'it is paused');
    // What waits had its time, even where the clock is put back before it starts.
    const waited = one.buffered.find((other) => other.nominal === nominal);
    if (waited === undefined) {
      if (how !== 'onTime') wrong(event, `${how}, but it did not wait`);
      if (how === 'onTime') {
        expectNext(event, one, nominal);
        expectInTime(event, one, nominal);
        if (one.buffered.length > 0 && one.definition.policy.overlap !== 'allowAll') wrong(event, 'others wait before it');
      }
    } else {
      if (waited.how !== how) wrong(event, `it waited as ${waited.how} and starts as ${how}`);
      if (one.buffered.some((other) => other.nominal < nominal && !(halted(one) && other.how !== 'asked'))) wrong(event, 'one with an earlier time waits still');
      if (how === 'catchUp' || how === 'asked') {
        if (event.at - lastLateStart < SECOND - 20 && event.at >= lastLateStart) wrong(event, `${event.at - lastLateStart} ms after another late start`);
        lastLateStart = event.at;
        if ([...own.values()].some((other) => other.workflowId === one.workflowId && [...other.active].some((run) => lateRuns.has(run)))) wrong(event, 'a late start beside another one of its workflow');
        lateRuns.add(data.runId);
        tally.late += 1;
      }
      one.buffered = one.buffered.filter((other) => other !== waited);
    }
    expectRoom(event, one, how);
    one.fires += 1;
    const { remainingRuns } = one.definition.policy;
    if (remainingRuns !== undefined && one.fires > remainingRuns && how !== 'asked') wrong(event, `fire ${one.fires} of ${remainingRuns}`);
    tally.fired += 1;
    lastStart = event.at;
    one.active.add(data.runId);
  }

  function skipped(event: StudioEvent, { scheduleId, nominalTime: nominal, reason }: EventData<'OccurrenceSkipped'>): void {
    const one = book(scheduleId);
    tally.skipped += 1;
    const waited = one.buffered.find((other) => other.nominal === nominal);
    if (waited !== undefined) {
      one.buffered = one.buffered.filter((other) => other !== waited);
      const fits = (reason === 'paused' && halted(one)) || (reason === 'overlap' && one.definition.policy.overlap === 'cancelOther') || (reason === 'misfire' && one.fires >= (one.definition.policy.remainingRuns ?? Number.POSITIVE_INFINITY)) || reason === 'invalid';
      if (!fits) wrong(event, `it waited and was skipped: ${reason}`);
      return;
    }
    expectNext(event, one, nominal);
    if (reason === 'overlap') {
      expectInTime(event, one, nominal);
      const { overlap } = one.definition.policy;
      const fits = { skip: true, bufferOne: one.buffered.some((other) => other.how === 'buffered') || one.buffered.length >= MOST_BUFFERED, bufferAll: one.buffered.length >= MOST_BUFFERED, cancelOther: false, allowAll: false }[overlap];
      if (!fits || one.active.size + one.buffered.length === 0) wrong(event, `skipped as overlap, with ${overlap}, ${one.active.size} runs and ${one.buffered.length} that wait`);
    } else if (reason === 'clockJump' ? !one.fired.has(nominal) : reason !== 'invalid') wrong(event, `skipped: ${reason}`);
  }

  function missed(event: StudioEvent, { scheduleId, nominalTime, lastNominalTime, count, reason, cursor }: EventData<'OccurrenceMissed'>): void {
    const one = book(scheduleId);
    tally.missed += count;
    expectNext(event, one, nominalTime);
    const { times } = one.definition;
    const range = isTimed(times) ? ahead(one, lastNominalTime) : [nominalTime];
    if (range.length !== count || range.at(-1) !== lastNominalTime) wrong(event, `${count} up to ${iso(lastNominalTime)}, but there are ${range.length} up to ${iso(range.at(-1) ?? 0)}`);
    if (cursor < lastNominalTime) wrong(event, 'its cursor lies before its last');
    if (lastNominalTime > event.at) wrong(event, 'missed before its time');
    for (const nominal of [nominalTime, lastNominalTime]) {
      if (one.fired.has(nominal)) wrong(event, `${iso(nominal)} has fired`);
      const duringPause = (one.pausedFrom - PROMPT_MS <= nominal + jitterMost(one) && nominal <= one.pausedTo) || (allPausedBegan - PROMPT_MS <= nominal + jitterMost(one) && nominal <= Math.max(allPausedTo, allPausedFrom === null ? Number.NEGATIVE_INFINITY : event.at));
      const around = unseenAround(one, nominal, event.at);
      // Its time was there, and its start was not yet: something else was decided of it in between.
      if (nominal + jitterMost(one) >= event.at && (reason === 'paused' || reason === 'misfire')) continue;
      if (reason === 'paused') {
        if (!duringPause && around.length === 0) wrong(event, `${iso(nominal)}: nothing was paused then`);
      } else if (around.length === 0) wrong(event, `${iso(nominal)} was missed, and somebody was there`);
      else if (reason !== 'outsideWindow' && !causes(one, event.at).includes(reason)) wrong(event, `${iso(nominal)}: ${reason}, but it was ${around.map(({ why }) => why).join()}`);
      else if (event.at - nominal <= graceOf(one) - PROMPT_MS) batchOf(event, one).complaints.push(`${iso(nominal)} was within the grace`);
    }
    if (reason !== 'paused') batchOf(event, one).missed.push({ first: nominalTime, last: lastNominalTime, count, reason });
  }

  function buffered(event: StudioEvent, { scheduleId, nominalTime: nominal, how }: EventData<'OccurrenceBuffered'>): void {
    const one = book(scheduleId);
    tally.buffered += 1;
    if (one.fired.has(nominal)) wrong(event, 'it has fired before');
    if (one.buffered.some((other) => other.nominal === nominal)) wrong(event, 'it waits already');
    const isLater = nominal > one.cursor;
    if (how !== 'asked' || isLater) expectNext(event, one, nominal);
    if (nominal > event.at) wrong(event, 'it waits before its time');
    if (how === 'catchUp') {
      if (unseenAround(one, nominal, event.at).length === 0) wrong(event, 'it came late, and somebody was there');
      batchOf(event, one).caught.push(nominal);
    } else if (how === 'buffered') {
      const { overlap } = one.definition.policy;
      if (overlap === 'skip' && !one.buffered.some((other) => other.how !== 'buffered')) wrong(event, 'it waits, with skip');
      if (overlap === 'allowAll') wrong(event, 'it waits, with allowAll');
      if (overlap === 'bufferOne' && one.buffered.some((other) => other.how === 'buffered') && one.batch === null) wrong(event, 'two wait, with bufferOne');
      if (one.active.size + one.buffered.length === 0) wrong(event, 'it waits for nothing');
      if (overlap === 'cancelOther') for (const run of one.active) mustCancel.set(runStream(run), `${scheduleId} at ${iso(nominal)}`);
    }
    one.buffered.push({ nominal, how });
    one.buffered.sort((a, b) => a.nominal - b.nominal);
  }

  /** Nothing may be unsettled before a schedule becomes another, or goes on. */
  function expectSettled(event: StudioEvent, one: Own, cursor: number): void {
    if (!one.definition.enabled) return;
    const open = ahead(one, cursor).filter((at) => at + jitterMost(one) < cursor - PROMPT_MS);
    if (open.length > 0 && left(one) > 0) wrong(event, `nothing was ever said of ${open.length} from ${iso(open[0] ?? 0)} on`);
  }

  function hear(event: StudioEvent): void {
    const { type, data } = event;
    if ('scheduleId' in data && 'cursor' in data && type !== 'ScheduleCreated') {
      const one = book(data.scheduleId);
      // One that no longer waits says where the cursor was; the fold takes the later one.
      if (data.cursor < one.cursor && type !== 'ScheduleEdited' && type !== 'ScheduleResumed' && type !== 'OccurrenceSkipped') wrong(event, `the cursor goes back from ${iso(one.cursor)} to ${iso(data.cursor)}`);
      const batched = type === 'OccurrenceMissed' || (type === 'OccurrenceBuffered' && data.how === 'catchUp');
      if (!batched && type !== 'OccurrenceBuffered' && type !== 'ScheduleEdited') endBatch(one);
    }
    if (type === 'ScheduleCreated') {
      const before = own.get(data.scheduleId);
      if (before !== undefined && !before.deleted) wrong(event, 'it is there already');
      // As paused, and as spent, as it was.
      const sameRuns = before?.definition.policy.remainingRuns === data.definition.policy.remainingRuns;
      own.set(data.scheduleId, { workflowId: data.workflowId, definition: data.definition, cursor: data.cursor, paused: before?.paused ?? false, pausedFrom: before?.pausedFrom ?? Number.POSITIVE_INFINITY, pausedTo: before?.pausedTo ?? Number.NEGATIVE_INFINITY, deleted: false, chosen: false, fires: sameRuns ? (before?.fires ?? 0) : 0, fired: before?.fired ?? new Set(), buffered: [], active: before?.active ?? new Set(), lastEnd: before?.lastEnd ?? Number.NEGATIVE_INFINITY, ahead: [], passed: 0, aheadUntil: data.cursor, batch: null });
    } else if (type === 'ScheduleEdited') {
      const one = book(data.scheduleId);
      // What was open then is missed, whatever the policy.
      one.batch = null;
      expectSettled(event, one, data.cursor);
      if (data.definition.policy.remainingRuns !== one.definition.policy.remainingRuns) one.fires = 0;
      one.definition = data.definition;
      one.cursor = Math.max(one.cursor, data.cursor);
      change(one);
    } else if (type === 'SchedulePaused') {
      const one = book(data.scheduleId);
      one.paused = true;
      one.pausedFrom = event.at;
      one.pausedTo = Number.POSITIVE_INFINITY;
    } else if (type === 'ScheduleResumed') {
      const one = book(data.scheduleId);
      if (data.by === 'person') {
        one.paused = false;
        one.pausedTo = event.at;
      }
      if (!(one.paused && data.by === 'all')) expectSettled(event, one, data.cursor);
      moveTo(one, data.cursor);
    } else if (type === 'ScheduleDeleted') {
      const one = book(data.scheduleId);
      endBatch(one);
      one.deleted = true;
      one.buffered = [];
    } else if (type === 'ScheduleFired') fired(event, data);
    else if (type === 'OccurrenceSkipped') skipped(event, data);
    else if (type === 'OccurrenceMissed') missed(event, data);
    else if (type === 'OccurrenceBuffered') buffered(event, data);
    else if (type === 'WorkflowCancelRequested') cancelled.add(event.stream);
    else if (type === 'WorkflowCompleted' || type === 'WorkflowFailed' || type === 'WorkflowCancelled') {
      const asked = ofRun.get(event.stream);
      if (asked !== undefined) {
        const one = book(asked.schedule);
        one.active.delete(event.stream.slice('run-'.length) as RunId);
        one.lastEnd = Math.max(one.lastEnd, event.at);
        mustCancel.delete(event.stream);
      }
    }
    if ('scheduleId' in data && 'cursor' in data && type !== 'ScheduleCreated' && type !== 'ScheduleEdited') moveTo(book(data.scheduleId), data.cursor);
  }

  return {
    problems,
    tally,
    hear(events: readonly StudioEvent[]): void {
      for (const event of events) hear(event);
      for (const one of own.values()) endBatch(one);
      problems.push(...unpaired(events));
    },
    pausedAll(at: number): void {
      allPausedFrom = at;
      allPausedBegan = at;
    },
    resumedAll(at: number): void {
      allPausedFrom = null;
      allPausedTo = at;
    },
    /** A person has decided on what these missed: their policies don't. */
    chosen(ids: readonly string[]): void {
      for (const id of ids) book(id).chosen = true;
    },
    /** A person is asked of what was missed: so long may be waited. */
    askedFor(ms: number): void {
      patience = ms;
    },
    /** At an instant at which the scheduler is awake and has nothing to wait for: nothing may be open. */
    expectQuiet(now: number, awakeFor: number): void {
      for (const [id, one] of own) {
        endBatch(one);
        if (one.deleted || halted(one)) continue;
        problems.push(...unsettled(id, one, now));
        const busy = [...own.values()].some((other) => other.workflowId === one.workflowId && other.active.size > 0);
        if (one.buffered.length > 0 && !busy && awakeFor > 3000 && now - lastStart > 3000) problems.push(`${id}: at ${iso(now)} ${one.buffered.length} wait, and nothing goes`);
      }
      for (const [run, why] of mustCancel) if (!cancelled.has(run) && awakeFor > 3000) problems.push(`${run} was to be cancelled for ${why}`);
    },
    schedules: () => [...own].filter(([, one]) => !one.deleted).map(([id]) => id),
  };
}
