/** Days since 1970-01-01 of a day of the (proleptic) Gregorian calendar; after Howard Hinnant's days_from_civil. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

const TWO = Array.from({ length: 100 }, (_none, value) => String(value).padStart(2, '0'));
const two = (value: number): string => TWO[value] ?? '';

/** Year, month and day of days since 1970-01-01; the year before 1 is 0. After Howard Hinnant's civil_from_days. */
export function civilOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const part = Math.floor((5 * ofYear + 2) / 153);
  const month = part < 10 ? part + 3 : part - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: ofYear - Math.floor((153 * part + 2) / 5) + 1 };
}

/** `2024-02-29` of days since 1970-01-01; null before the year 1 and after 9999, where the texts of databases differ. */
export function dayText(days: number): string | null {
  const { year, month, day } = civilOf(days);
  if (!(year >= 1 && year <= 9999)) return null;
  return `${two(Math.floor(year / 100))}${two(year % 100)}-${two(month)}-${two(day)}`;
}

const DAY = 86_400_000_000n;

/** `12:34:56.789012` of microseconds since midnight; the fraction only where there is one. */
export function timeText(micros: bigint): string {
  const all = Number(micros);
  const seconds = Math.floor(all / 1e6);
  const fraction = all % 1e6;
  const whole = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === 0 ? whole : `${whole}.${String(fraction).padStart(6, '0')}`;
}

let lastDay = 0;
let lastText: string | null = '1970-01-01';

/** `2024-02-29 12:34:56.789012` of microseconds since 1970; null outside the years 1 to 9999. */
export function momentText(micros: bigint): string | null {
  let days: number;
  let rest: bigint;
  if (micros >= 0n && micros < 8_000_000_000_000_000n) {
    const all = Number(micros);
    days = Math.floor(all / 86_400_000_000);
    rest = BigInt(all - days * 86_400_000_000);
  } else {
    const whole = micros / DAY - (micros % DAY < 0n ? 1n : 0n);
    days = Number(whole);
    rest = micros - whole * DAY;
  }
  // Rows of one day stand together more often than not.
  if (days !== lastDay) {
    lastDay = days;
    lastText = dayText(days);
  }
  return lastText === null ? null : `${lastText} ${timeText(rest)}`;
}

const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const [DASH, COLON, DOT, SPACE, T] = [45, 58, 46, 32, 84];

/** Two digits of a text as a number; NaN where they are none. */
function digits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Days since 1970 of `2024-02-29`; null where it is no day. */
export function parseDay(text: string): number | null {
  if (text.length !== 10 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return null;
  const [year, month, day] = [digits(text, 0) * 100 + digits(text, 2), digits(text, 5), digits(text, 8)];
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= (LENGTHS[month - 1] ?? 0))) return null;
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) return null;
  return daysOf(year, month, day);
}

function microsOf(text: string): number | null {
  if (text.charCodeAt(2) !== COLON) return null;
  const second = text.length === 5 ? 0 : text.charCodeAt(5) === COLON ? digits(text, 6) : Number.NaN;
  const [hour, minute] = [digits(text, 0), digits(text, 3)];
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return null;
  const whole = ((hour * 60 + minute) * 60 + second) * 1_000_000;
  if (text.length <= 8) return text.length === 5 || text.length === 8 ? whole : null;
  const fraction = text.charCodeAt(8) === DOT ? /^(\d{1,6})0*$/.exec(text.slice(9))?.[1] : undefined;
  return fraction === undefined ? null : whole + Number(fraction.padEnd(6, '0'));
}

/** Microseconds since midnight of `12:34`, `12:34:56` or `12:34:56.789012`; null where it is no time of day, or has more than six digits of a second. */
export function parseTime(text: string): bigint | null {
  const micros = microsOf(text);
  return micros === null ? null : BigInt(micros);
}

const ZONE = /(Z|[+-]\d\d(?::?\d\d)?)$/;
/** Days from 1970 whose microseconds a number still says exactly. */
const EXACT_DAYS = 100_000;

/** Microseconds since 1970 of an ISO text, a zone's offset taken into account; null where it is none. */
export function parseMoment(text: string): bigint | null {
  const days = parseDay(text.length === 10 ? text : text.slice(0, 10));
  if (days === null) return null;
  if (text.length === 10) return BigInt(days) * DAY;
  const gap = text.charCodeAt(10);
  if (gap !== SPACE && gap !== T) return null;
  const time = text.slice(11);
  const zone = time.length <= 5 || microsOf(time) !== null ? null : ZONE.exec(time)?.[1];
  if (zone === undefined) return null;
  const micros = microsOf(zone === null ? time : time.slice(0, -zone.length));
  if (micros === null) return null;
  const minutes = zone === null || zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0));
  const local = micros - minutes * 60_000_000;
  return Math.abs(days) < EXACT_DAYS ? BigInt(days * 86_400_000_000 + local) : BigInt(days) * DAY + BigInt(local);
}
