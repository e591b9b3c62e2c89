import { DuckDBDateValue, DuckDBIntervalValue, DuckDBTimestampTZValue, DuckDBTimestampValue, DuckDBTimeTZValue, DuckDBTimeValue } from '@duckdb/node-api';
import { Misfit } from './misfit.ts';

const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of a day of the Gregorian calendar, before its time as well (Howard Hinnant, “chrono-compatible date algorithms”). */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

const two = (text: string, at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;

/** `2026-03-29`, `44-03-15 BC`, `12026-01-01`: the day and where its text ends. */
function dayIn(text: string): { readonly days: number; readonly end: number } {
  const dash = text.indexOf('-');
  const year = Number(text.slice(0, dash));
  return { days: daysOf(text.endsWith(' BC') ? 1 - year : year, two(text, dash + 1), two(text, dash + 4)), end: dash + 6 };
}

/** The microseconds of `08:15:30.123456` within a day. */
function microsIn(text: string, at: number): { readonly micros: number; readonly end: number } {
  let micros = (two(text, at) * 3600 + two(text, at + 3) * 60 + two(text, at + 6)) * 1_000_000;
  let end = at + 8;
  if (text.charCodeAt(end) === 46) {
    let unit = 100_000;
    for (end += 1; unit >= 1; end += 1, unit /= 10) {
      const digit = text.charCodeAt(end) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      micros += digit * unit;
    }
  }
  return { micros, end };
}

/** Microseconds since 1970 as DuckDB keeps them. */
function instant(text: string): bigint {
  const { days, end } = dayIn(text);
  const { micros } = microsIn(text, end + 1);
  const rough = days * DAY_MS * 1000 + micros;
  if (Number.isSafeInteger(rough)) return BigInt(rough);
  const exact = BigInt(days) * 86_400_000_000n + BigInt(micros);
  if (exact >= 9_223_372_036_854_775_807n || exact <= -9_223_372_036_854_775_807n) throw new Misfit(`${text} is beyond what a TIMESTAMP holds.`, 'Leave such rows out, or read the column as text.');
  return exact;
}

export const date = (text: string): DuckDBDateValue => {
  if (text.endsWith('y')) return text.startsWith('-') ? DuckDBDateValue.NegInf : DuckDBDateValue.PosInf;
  return new DuckDBDateValue(dayIn(text).days);
};

export const timestamp = (text: string): DuckDBTimestampValue => {
  if (text.endsWith('y')) return text.startsWith('-') ? DuckDBTimestampValue.NegInf : DuckDBTimestampValue.PosInf;
  return new DuckDBTimestampValue(instant(text));
};

/** The session's zone is UTC: the offset is always +00. */
export const timestampTz = (text: string): DuckDBTimestampTZValue => {
  if (text.endsWith('y')) return text.startsWith('-') ? DuckDBTimestampTZValue.NegInf : DuckDBTimestampTZValue.PosInf;
  return new DuckDBTimestampTZValue(instant(text));
};

export const time = (text: string): DuckDBTimeValue => new DuckDBTimeValue(BigInt(microsIn(text, 0).micros));

export const timeTz = (text: string): DuckDBTimeTZValue => {
  const { micros, end } = microsIn(text, 0);
  const [hours = '0', minutes = '0', seconds = '0'] = text.slice(end + 1).split(':');
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return DuckDBTimeTZValue.fromMicrosAndOffset(BigInt(micros), text.charAt(end) === '-' ? -offset : offset);
};

const INTERVAL = /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d+))?S)?)?$/;

/** ISO 8601, which the session is told to write intervals in. */
export const interval = (text: string): DuckDBIntervalValue => {
  const found = INTERVAL.exec(text);
  if (found === null) throw new Misfit(`the interval ${text} has no end.`, 'Leave such rows out, or read the column as text.');
  const [, years = '0', months = '0', days = '0', hours = '0', minutes = '0', sign = '', seconds = '0', fraction = ''] = found;
  const micros = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
  return new DuckDBIntervalValue(Number(years) * 12 + Number(months), Number(days), (BigInt(hours) * 3600n + BigInt(minutes) * 60n) * 1_000_000n + (sign === '-' ? -micros : micros));
};
