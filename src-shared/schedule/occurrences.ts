import { assertNever, StudioError } from '#shared/errors';
import { readCron } from '#shared/schedule/cron-expression';
import type { CronTimes } from '#shared/schedule/cron-expression';
import { spanMs } from '#shared/schedule/schedule';
import type { CronSpec, IntervalSpec, TimedSpec } from '#shared/schedule/schedule';
import { covers, isRepeated, offsetAt, stretches, wallText, WIDEST_SHIFT } from '#shared/schedule/zone';
import type { Stretch } from '#shared/schedule/zone';

/** One instant at which a run is asked for. `at`, before any jitter, is its identity within a schedule: no two share it. */
export interface Occurrence {
  readonly at: number;
  /** The wall time that the schedule names, 2022-03-13T02:30:00, even where the clock jumped over it. */
  readonly nominalLocal: string;
  /** gap: moved out of a time that did not exist. repeat: its wall time comes twice. */
  readonly dst: null | 'gap' | 'repeat';
}

const EARLIEST = Date.UTC(1000, 0, 1);
const LATEST = Date.UTC(2999, 11, 31, 23, 59, 59, 999);
/** How much of a zone's history is looked at together. */
const BLOCK = 32 * 86_400_000;

/**
 * The occurrences after `afterExclusive` and not after `untilInclusive` (ms since 1970; infinities are fine), ascending, at most
 * `limit`. The same arguments always give the same answer: there is no clock in it. Years 1000 to 2999.
 * Throws invalid_input for a broken expression, an unknown zone, or bounds that are no numbers.
 */
export function occurrences(spec: TimedSpec, afterExclusive: number, untilInclusive: number, limit: number): readonly Occurrence[] {
  if (Number.isNaN(afterExclusive) || Number.isNaN(untilInclusive)) throw new StudioError('invalid_input', 'The time to look from or to is not a number.');
  if (!(limit >= 0)) throw new StudioError('invalid_input', `The limit must be 0 or more, but it is ${limit}.`);
  const [startAt, endAt] = spec.kind === 'once' ? [undefined, undefined] : [spec.startAt, spec.endAt];
  const after = Math.max(Math.floor(afterExclusive), EARLIEST - 1, startAt === undefined ? -Infinity : startAt - 1);
  const until = Math.min(Math.floor(untilInclusive), LATEST, endAt ?? Infinity);
  const found: Occurrence[] = [];
  for (const occurrence of all(spec, after, limit === 0 ? after : until)) {
    found.push(occurrence);
    if (found.length >= limit) break;
  }
  return found;
}

function all(spec: TimedSpec, after: number, until: number): Iterable<Occurrence> {
  switch (spec.kind) {
    case 'once':
      return spec.at > after && spec.at <= until ? [{ at: spec.at, nominalLocal: wallText(spec.at + offsetAt(spec.timeZone ?? 'UTC', spec.at)), dst: null }] : [];
    case 'interval':
      return ofInterval(spec, after, until);
    case 'cron':
      return ofCron(spec, readCron(spec.expression, spec.days), after, until);
    default:
      return assertNever(spec);
  }
}

function* ofInterval({ every, phase, timeZone }: IntervalSpec, after: number, until: number): Generator<Occurrence> {
  const step = spanMs(every) ?? 0;
  const shift = spanMs(phase);
  if (step === 0 || shift === null) throw new StudioError('invalid_input', `An interval of "${every}" with the phase "${phase}" cannot be counted.`, { place: 'every', remedy: 'Give a number and a unit, such as 30s, 15m, 1h or 1d.' });
  for (let at = (Math.floor((after - shift) / step) + 1) * step + shift; at <= until; at += step) {
    yield { at, nominalLocal: wallText(at + offsetAt(timeZone, at)), dst: isRepeated(timeZone, at) ? 'repeat' : null };
  }
}

/** Goes through time in blocks and skips those that no match can touch, so that a rare match costs no more than a frequent one. */
function* ofCron(spec: CronSpec, times: CronTimes, after: number, until: number): Generator<Occurrence> {
  for (let start = after; start < until; ) {
    const upcoming = times.next(start - WIDEST_SHIFT);
    if (upcoming === null) return;
    start = Math.max(start, upcoming - WIDEST_SHIFT);
    const end = Math.min(start + BLOCK, until);
    if (start < end) yield* ofBlock(spec, times, start, end);
    start = end;
  }
}

function* ofBlock(spec: CronSpec, times: CronTimes, after: number, until: number): Generator<Occurrence> {
  const around = stretches(spec.timeZone, after - WIDEST_SHIFT, until + WIDEST_SHIFT);
  for (const [n, stretch] of around.entries()) {
    const low = Math.max(after, stretch.from - 1);
    const high = Math.min(until, stretch.to - 1);
    if (low >= high) continue;
    const moved = low < stretch.from ? movedOutOfGap(spec, times, around[n - 1], stretch) : null;
    if (moved !== null) yield moved;
    const [before, later] = [around.slice(0, n), around.slice(n + 1)];
    for (let wall = times.next(low + stretch.offset); wall !== null && wall - stretch.offset <= high; wall = times.next(wall)) {
      const at = wall - stretch.offset;
      if (at === moved?.at) continue;
      const [isSecond, isFirst] = [shownIn(before, wall), shownIn(later, wall)];
      if (!times.everyHour && ((spec.repeat === 'first' && isSecond) || (spec.repeat === 'second' && isFirst))) continue;
      yield { at, nominalLocal: wallText(wall), dst: isSecond || isFirst ? 'repeat' : null };
    }
  }
}

const shownIn = (others: readonly Stretch[], wall: number): boolean => others.some((other) => covers(other, wall));

/** All matches between the end of one stretch and the start of the next become one, at the first instant after the gap. */
function movedOutOfGap(spec: CronSpec, times: CronTimes, before: Stretch | undefined, stretch: Stretch): Occurrence | null {
  if (before === undefined || spec.gap === 'skip' || times.everyHour) return null;
  const wall = times.next(stretch.from + before.offset - 1);
  return wall === null || wall >= stretch.from + stretch.offset ? null : { at: stretch.from, nominalLocal: wallText(wall), dst: 'gap' };
}
