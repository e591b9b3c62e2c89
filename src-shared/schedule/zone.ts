import { StudioError } from '#shared/errors';
import { nearest } from '#shared/workflow/nearest';

const SECOND = 1000;
const HOUR = 3_600_000;
/** No clock has ever been moved by more than this. */
export const WIDEST_SHIFT = 48 * HOUR;
/** Changes of the clock lie further apart than this. */
const STEP = 12 * HOUR;

/** A time during which the clock of a zone was not moved: instants from <= t < to, in ms; wall = instant + offset. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** One reader a zone: making one costs a hundred times more than using it. */
const readers = new Map<string, Intl.DateTimeFormat>();

function readerOf(timeZone: string): Intl.DateTimeFormat {
  const known = readers.get(timeZone);
  if (known !== undefined) return known;
  if (!isTimeZone(timeZone)) throw unknownZone(timeZone);
  const reader = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  readers.set(timeZone, reader);
  return reader;
}

/** Names that were asked about: a list of ten thousand schedules asks ten thousand times. */
const zones = new Set<string>();

/** Whether this is the name of an IANA time zone; a bare offset such as +02:00 is none, since it knows no daylight saving. */
export function isTimeZone(name: string): boolean {
  if (!/^[a-z]/iu.test(name)) return false;
  if (zones.has(name)) return true;
  try {
    if (new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone === '') return false;
  } catch {
    return false;
  }
  zones.add(name);
  return true;
}

function unknownZone(timeZone: string): StudioError {
  const near = nearest(timeZone, Intl.supportedValuesOf('timeZone'));
  return new StudioError('invalid_input', `"${timeZone}" is not a time zone.`, { place: 'timeZone', remedy: near === null ? 'Give an IANA name such as Europe/Zurich or UTC.' : `Did you mean "${near}"?` });
}

function measuredAt(timeZone: string, whole: number): number {
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = (readerOf(timeZone).format(whole).match(/\d+/gu) ?? []).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

/** So long a piece of a zone's history is measured at once and kept: asking the clock of a zone is a hundred times slower than remembering. */
const PIECE = 256 * 24 * HOUR;
const MOST_PIECES = 4000;
const known = new Map<string, Map<number, readonly Stretch[]>>();
let kept = 0;

function piece(timeZone: string, index: number): readonly Stretch[] {
  const found = known.get(timeZone)?.get(index);
  if (found !== undefined) return found;
  const measured = measure(timeZone, index * PIECE, (index + 1) * PIECE);
  if (kept >= MOST_PIECES) {
    known.clear();
    kept = 0;
  }
  const ofZone = known.get(timeZone) ?? new Map<number, readonly Stretch[]>();
  known.set(timeZone, ofZone.set(index, measured));
  kept += 1;
  return measured;
}

/** How far the wall clock is ahead of UTC at an instant, in ms. Throws invalid_input for an unknown zone. */
export function offsetAt(timeZone: string, instant: number): number {
  const whole = Math.floor(instant / SECOND) * SECOND;
  for (const { to, offset } of piece(timeZone, Math.floor(whole / PIECE))) if (whole < to) return offset;
  return measuredAt(timeZone, whole);
}

/** The stretches that together cover from..to, in order; the first and the last are cut at the ends. Bounds are whole seconds. */
export function stretches(timeZone: string, from: number, to: number): readonly Stretch[] {
  const found: Stretch[] = [];
  const start = Math.floor(from / SECOND) * SECOND;
  const end = Math.ceil(to / SECOND) * SECOND;
  for (let index = Math.floor(start / PIECE); index * PIECE < end; index += 1) {
    for (const one of piece(timeZone, index)) {
      const cut = { from: Math.max(one.from, start), to: Math.min(one.to, end), offset: one.offset };
      if (cut.from >= cut.to) continue;
      const before = found.at(-1);
      if (before?.offset === cut.offset) found[found.length - 1] = { ...before, to: cut.to };
      else found.push(cut);
    }
  }
  return found.length > 0 ? found : [{ from: start, to: end, offset: offsetAt(timeZone, start) }];
}

function measure(timeZone: string, start: number, end: number): readonly Stretch[] {
  const found: Stretch[] = [];
  let from = start;
  let offset = measuredAt(timeZone, start);
  for (let low = start; low < end; ) {
    const high = Math.min(low + STEP, end);
    if (measuredAt(timeZone, high) !== offset) {
      const change = changeBetween(timeZone, low, high, offset);
      found.push({ from, to: change, offset });
      from = change;
      offset = measuredAt(timeZone, change);
      low = change;
    } else low = high;
  }
  return from < end ? [...found, { from, to: end, offset }] : found;
}

/** The first instant, to the second, that no longer has the offset that `low` has. */
function changeBetween(timeZone: string, low: number, high: number, offset: number): number {
  let [same, changed] = [low, high];
  while (changed - same > SECOND) {
    const middle = same + Math.floor((changed - same) / (2 * SECOND)) * SECOND;
    if (measuredAt(timeZone, middle) === offset) same = middle;
    else changed = middle;
  }
  return changed;
}

/** Whether the wall time of this instant comes twice. */
export function isRepeated(timeZone: string, instant: number): boolean {
  const offset = offsetAt(timeZone, instant);
  if (offsetAt(timeZone, instant - WIDEST_SHIFT) === offset && offsetAt(timeZone, instant + WIDEST_SHIFT) === offset) return false;
  return stretches(timeZone, instant - WIDEST_SHIFT, instant + WIDEST_SHIFT).some((other) => other.offset !== offset && covers(other, instant + offset));
}

/** Whether the clock shows this wall time during the stretch. */
export const covers = ({ from, to, offset }: Stretch, wall: number): boolean => wall - offset >= from && wall - offset < to;

const dayOf = (instant: number, offset: number): number => Math.floor((instant + offset) / (24 * HOUR));

/** What happens to the clock on the local day of this instant: a preview marks such days, whatever runs on them. */
export function clockChangeOn(timeZone: string, instant: number): 'forward' | 'back' | null {
  const today = dayOf(instant, offsetAt(timeZone, instant));
  const around = stretches(timeZone, instant - WIDEST_SHIFT, instant + WIDEST_SHIFT);
  for (const [n, after] of around.entries()) {
    const before = around[n - 1];
    if (before !== undefined && dayOf(after.from, after.offset) === today) return after.offset > before.offset ? 'forward' : 'back';
  }
  return null;
}

/** A wall time as 2022-03-13T02:30:00, with no word of its offset. */
export const wallText = (wall: number): string => new Date(wall).toISOString().slice(0, 19);

/** An instant as the clock of the zone shows it, with its offset: 2022-03-13T03:00:00-07:00. */
export function localText(timeZone: string, instant: number): string {
  const offset = offsetAt(timeZone, instant);
  const seconds = Math.abs(offset) / SECOND;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, ...(seconds % 60 === 0 ? [] : [seconds % 60])];
  return `${wallText(instant + offset)}${offset < 0 ? '-' : '+'}${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
}
