import { assertNever } from '#shared/errors';

/** What most cron expressions come to; everything else is only an expression. Days of the week: 0 is Sunday. `L`: the last day, `LW`: the last weekday. */
export type Pattern =
  | { readonly kind: 'minutes'; readonly every: number }
  | { readonly kind: 'hourly'; readonly every: number; readonly minute: number }
  | { readonly kind: 'daily'; readonly time: Time }
  | { readonly kind: 'weekly'; readonly time: Time; readonly days: readonly number[] }
  | { readonly kind: 'monthly'; readonly time: Time; readonly on: MonthDay }
  | { readonly kind: 'yearly'; readonly time: Time; readonly day: number; readonly month: number };
export type PatternKind = Pattern['kind'];
/** A day of the month, its last day or weekday, or a weekday by its place: the second Monday. */
export type MonthDay = { readonly kind: 'day'; readonly day: number } | { readonly kind: 'last' } | { readonly kind: 'lastWeekday' } | { readonly kind: 'nth'; readonly nth: number | 'L'; readonly weekday: number };
export interface Time {
  readonly hour: number;
  readonly minute: number;
}

const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const NICKNAMES: Readonly<Record<string, string>> = { '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@hourly': '0 * * * *' };

/** A pattern as an expression of five fields. */
export function writePattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'minutes':
      return pattern.every === 1 ? '* * * * *' : `*/${pattern.every} * * * *`;
    case 'hourly':
      return `${pattern.minute} ${pattern.every === 1 ? '*' : `*/${pattern.every}`} * * *`;
    case 'daily':
      return `${clock(pattern.time)} * * *`;
    case 'weekly':
      return `${clock(pattern.time)} * * ${writeDays(pattern.days)}`;
    case 'monthly':
      return `${clock(pattern.time)} ${writeMonthDay(pattern.on)}`;
    case 'yearly':
      return `${clock(pattern.time)} ${pattern.day} ${pattern.month} *`;
    default:
      return assertNever(pattern);
  }
}

const clock = ({ hour, minute }: Time): string => `${minute} ${hour}`;

function writeMonthDay(on: MonthDay): string {
  switch (on.kind) {
    case 'day':
      return `${on.day} * *`;
    case 'last':
      return 'L * *';
    case 'lastWeekday':
      return 'LW * *';
    case 'nth':
      return `* * ${on.weekday}${on.nth === 'L' ? 'L' : `#${on.nth}`}`;
    default:
      return assertNever(on);
  }
}

/** 1,2,3,4,5 as 1-5: a run of three or more is a range. The week begins on Monday, as 0 is written last. */
function writeDays(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
  const parts: string[] = [];
  for (let n = 0; n < sorted.length; ) {
    let end = n;
    while (sorted[end + 1] !== undefined && sorted[end + 1] === (sorted[end] ?? 0) + 1) end++;
    parts.push(...(end - n >= 2 ? [`${sorted[n]}-${sorted[end]}`] : sorted.slice(n, end + 1).map(String)));
    n = end + 1;
  }
  return parts.join(',');
}

const whole = (text: string | undefined, least: number, most: number): number | null => {
  if (text === undefined || !/^\d{1,2}$/u.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
};
const step = (text: string | undefined, most: number): number | null => (text === '*' ? 1 : text?.startsWith('*/') === true ? whole(text.slice(2), 1, most) : null);
const dayOf = (text: string): number | null => {
  const named = DAY_NAMES.indexOf(text.toLowerCase());
  const value = named === -1 ? whole(text, 0, 7) : named;
  return value === null ? null : value % 7;
};

/** The pattern that an expression is, or null: what is read back means the same as what was written. */
export function readPattern(expression: string): Pattern | null {
  const text = expression.trim();
  const parts = (NICKNAMES[text.toLowerCase()] ?? text).split(/\s+/u);
  const [minuteText, hourText, day = '', month = '', weekday = '', ...more] = parts.length === 6 && parts[0] === '0' ? parts.slice(1) : parts;
  if (more.length > 0 || weekday === '') return null;
  const everyDay = day === '*' && month === '*' && weekday === '*';
  const every = step(minuteText, 59);
  // A step that does not divide the hour begins anew with each one: the words "every 7 minutes" would be untrue.
  if (every !== null) return everyDay && hourText === '*' && 60 % every === 0 ? { kind: 'minutes', every } : null;
  const minute = whole(minuteText, 0, 59);
  if (minute === null) return null;
  const hours = step(hourText, 23);
  if (hours !== null) return everyDay && 24 % hours === 0 ? { kind: 'hourly', every: hours, minute } : null;
  const hour = whole(hourText, 0, 23);
  return hour === null ? null : ofDays({ hour, minute }, day, month, weekday);
}

function ofDays(time: Time, day: string, month: string, weekday: string): Pattern | null {
  if (day === '*' && month === '*') return weekday === '*' ? { kind: 'daily', time } : ofWeekday(time, weekday);
  if (weekday !== '*') return null;
  const date = whole(day, 1, 31);
  if (month === '*') {
    if (day.toUpperCase() === 'L') return { kind: 'monthly', time, on: { kind: 'last' } };
    if (day.toUpperCase() === 'LW') return { kind: 'monthly', time, on: { kind: 'lastWeekday' } };
    return date === null ? null : { kind: 'monthly', time, on: { kind: 'day', day: date } };
  }
  const number = whole(month, 1, 12);
  return date === null || number === null ? null : { kind: 'yearly', time, day: date, month: number };
}

function ofWeekday(time: Time, text: string): Pattern | null {
  const [, name = '', nth] = /^(\d|[a-z]{3})(?:#([1-5])|L)$/iu.exec(text) ?? [];
  if (name !== '') {
    const weekday = dayOf(name);
    return weekday === null ? null : { kind: 'monthly', time, on: { kind: 'nth', nth: nth === undefined ? 'L' : Number(nth), weekday } };
  }
  const days = new Set<number>();
  for (const item of text.split(',')) {
    const [from, to, ...rest] = item.split('-').map((one) => dayOf(one));
    if (from === null || from === undefined || to === null || rest.length > 0) return null;
    // 5-7 runs over Saturday into Sunday.
    const end = to === undefined ? from : to === 0 && item.endsWith('7') ? 7 : to;
    if (end < from) return null;
    for (let one = from; one <= end; one++) days.add(one % 7);
  }
  return days.size === 7 ? { kind: 'daily', time } : { kind: 'weekly', time, days: [...days].toSorted((a, b) => a - b) };
}

/** A pattern of another kind that keeps what both know: the time of day, the day. */
export function turnedInto(kind: PatternKind, from: Pattern | null): Pattern {
  const time = from !== null && 'time' in from ? from.time : { hour: 8, minute: from?.kind === 'hourly' ? from.minute : 0 };
  const day = from?.kind === 'yearly' ? from.day : from?.kind === 'monthly' && from.on.kind === 'day' ? from.on.day : 1;
  switch (kind) {
    case 'minutes':
      return { kind, every: 15 };
    case 'hourly':
      return { kind, every: 1, minute: time.minute };
    case 'daily':
      return { kind, time };
    case 'weekly':
      return { kind, time, days: [1, 2, 3, 4, 5] };
    case 'monthly':
      return { kind, time, on: { kind: 'day', day } };
    case 'yearly':
      return { kind, time, day, month: 1 };
    default:
      return assertNever(kind);
  }
}
