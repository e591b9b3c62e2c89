import { civilOf } from '../sql/moments.ts';
import { Misfit } from './misfit.ts';

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
const DAY = 86_400_000_000n;
const DAY_NUMBER = 86_400_000_000;

let lastDay = Number.NaN;
let lastText = '';

/** `2026-03-29`, and whether it is before our time: PostgreSQL counts such years from 1 and writes BC. */
function dayText(days: number): { readonly text: string; readonly before: boolean } {
  const { year, month, day } = civilOf(days);
  return { text: `${String(year > 0 ? year : 1 - year).padStart(4, '0')}-${two(month)}-${two(day)}`, before: year <= 0 };
}

/** `02:30:00.123456` of the microseconds within a day. */
function clock(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const rest = micros - seconds * 1_000_000;
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return rest === 0 ? text : `${text}.${String(rest).padStart(6, '0')}`;
}

const INFINITE = 9_223_372_036_854_775_807n;
const tooFar = (text: string): Misfit => new Misfit(`${text} is beyond PostgreSQL’s calendar (4713 BC to 294276 AD).`, 'Leave such rows out, or set the value to NULL before this node.');
const FIRST_DAY = -2_440_588;

/** A DATE, by its days since 1970. */
export function dateText(days: number): string {
  if (days === 2_147_483_647) return 'infinity';
  if (days === -2_147_483_647) return '-infinity';
  const { text, before } = dayText(days);
  if (days < FIRST_DAY) throw tooFar(`${text} BC`);
  return before ? `${text} BC` : text;
}

/** A TIMESTAMP, by its microseconds since 1970; `zone` is what follows it. */
export function timestampText(micros: bigint, zone: '' | '+00'): string {
  if (micros >= INFINITE) return 'infinity';
  if (micros <= -INFINITE) return '-infinity';
  let days: number;
  let rest: number;
  if (micros > -9_007_199_254_740_991n && micros < 9_007_199_254_740_991n) {
    const short = Number(micros);
    days = Math.floor(short / DAY_NUMBER);
    rest = short - days * DAY_NUMBER;
  } else {
    const within = ((micros % DAY) + DAY) % DAY;
    days = Number((micros - within) / DAY);
    rest = Number(within);
  }
  if (days !== lastDay) {
    const { text, before } = dayText(days);
    if (days < FIRST_DAY) throw tooFar(`${text} BC`);
    // Of years before our time the mark goes to the end.
    if (before) return `${text} ${clock(rest)}${zone} BC`;
    lastDay = days;
    lastText = `${text} `;
  }
  return lastText + clock(rest) + zone;
}

/** A TIME, by its microseconds; DuckDB's day has a 24:00:00 too. */
export const timeText = (micros: bigint): string => clock(Number(micros));

/** A TIME WITH TIME ZONE; the offset in seconds to the east. */
export function timeTzText(micros: bigint, offset: number): string {
  const far = Math.abs(offset);
  return `${timeText(micros)}${offset < 0 ? '-' : '+'}${two(Math.floor(far / 3600))}:${two(Math.floor(far / 60) % 60)}:${two(far % 60)}`;
}

/** Nanoseconds as microseconds; what is finer has no place in PostgreSQL. */
export function microsOf(nanos: bigint): bigint {
  if (nanos % 1000n !== 0n) throw new Misfit('the time has nanoseconds, and PostgreSQL keeps microseconds.', 'Cast the column to TIMESTAMP or TIME before this node, which rounds it.');
  return nanos / 1000n;
}
