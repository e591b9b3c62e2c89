/** Days since 1970-01-01 of a day of the (proleptic) Gregorian calendar; after Howard Hinnant's days_from_civil. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** `2024-02-29` of days since 1970-01-01; null before the year 1 and after 9999, where the texts of databases differ. */
export function dayText(days: number): string | null {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const ofEra = z - era * 146_097;
  const yearOfEra = Math.floor((ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * ofYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (!(year >= 1 && year <= 9999)) return null;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(ofYear - Math.floor((153 * mp + 2) / 5) + 1, 2)}`;
}

const DAY = 86_400_000_000n;

/** `12:34:56.789012` of microseconds since midnight; the fraction only where there is one. */
export function timeText(micros: bigint): string {
  const all = Number(micros);
  const seconds = Math.floor(all / 1e6);
  const fraction = all % 1e6;
  const whole = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
  return fraction === 0 ? whole : `${whole}.${pad(fraction, 6)}`;
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

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})0*)?)?$/;
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d(?::?\d\d)?)?)?$/;
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970 of `2024-02-29`; null where it is no day. */
export function parseDay(text: string): number | null {
  const found = DATE.exec(text);
  if (found === null) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > (LENGTHS[month - 1] ?? 0)) return null;
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) return null;
  return daysOf(year, month, day);
}

/** Microseconds since midnight of `12:34`, `12:34:56` or `12:34:56.789012`; null where it is no time of day, or has more than six digits of a second. */
export function parseTime(text: string): bigint | null {
  const found = TIME.exec(text);
  if (found === null) return null;
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  return BigInt(((hour * 60 + minute) * 60 + second) * 1_000_000 + Number((found[4] ?? '').padEnd(6, '0')));
}

/** Microseconds since 1970 of an ISO text, a zone's offset taken into account; null where it is none. */
export function parseMoment(text: string): bigint | null {
  const found = MOMENT.exec(text);
  if (found === null) return null;
  const days = parseDay(found[1] ?? '');
  const micros = found[2] === undefined ? 0n : parseTime(found[2]);
  if (days === null || micros === null) return null;
  const zone = found[3];
  const minutes = zone === undefined || zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0));
  return BigInt(days) * DAY + micros - BigInt(minutes) * 60_000_000n;
}
