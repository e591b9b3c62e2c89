import { assertNever } from '#shared/errors';
import type { CronClock, CronDays, Stride, Weekday } from '#shared/schedule/cron-meaning';
import { strides } from '#shared/schedule/cron-meaning';
import { clockText, inUnits, isRange } from '#shared/schedule/sentence-words';
import type { Unit, Words } from '#shared/schedule/sentence-words';

const list = (parts: readonly string[], last = 'and'): string => (parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`);
const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
const counted = ([count, unit]: readonly [number, Unit]): string => `${count} ${unit}${count === 1 ? '' : 's'}`;
const span = (ms: number): string => counted(inUnits(ms));
/** every minute, every 15 minutes */
const every = (ms: number): string => {
  const [count, unit] = inUnits(ms);
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
};
const quiet = (ms: number): string => (ms < 1000 || ms % 1000 !== 0 ? `${ms} ms` : `${ms / 1000} s`);

const ordinal = (value: number): string => `${value}${value % 100 >= 11 && value % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th')}`;
const theNth = (value: number): string => `the ${ordinal(value)}`;
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const NTH = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'last'];
const month = (value: number): string => MONTHS[value - 1] ?? '';
const weekday = (value: number): string => WEEKDAYS[value % 7] ?? '';

/** 5, 5 to 7, every 2nd day from the 1st to the 31st */
const stretch = (one: Stride, name: (value: number) => string, unit: string): string =>
  one.from === one.to ? name(one.from) : isRange(one) ? `${name(one.from)} to ${name(one.to)}` : `every ${ordinal(one.step)} ${unit} from ${name(one.from)} to ${name(one.to)}`;
const stretches = (all: readonly Stride[], name: (value: number) => string, unit: string): string => list(all.map((one) => stretch(one, name, unit)));

const inMonths = (months: readonly Stride[] | null): string => (months === null ? '' : ` in ${stretches(months, month, 'month')}`);
const ofMonths = (months: readonly Stride[] | null): string => (months === null ? ' of every month' : ` of ${stretches(months, month, 'month')}`);

/** Monday comes first, so that a weekend is one stretch. */
const isWorkweek = (days: readonly number[]): boolean => days.length === 5 && days.every((day) => day >= 1 && day <= 5);
const weekdayNames = (days: readonly number[]): string => {
  if (isWorkweek(days)) return 'weekday';
  const monday = days.map((day) => (day === 0 ? 7 : day)).toSorted((a, b) => a - b);
  return list(strides(monday).flatMap((one) => (one.step === 1 ? [stretch(one, weekday, 'day')] : Array.from({ length: (one.to - one.from) / one.step + 1 }, (_, index) => weekday(one.from + index * one.step)))));
};

const each = (weekdays: readonly Weekday[]): readonly number[] => weekdays.filter(({ nth }) => nth === null).map(({ day }) => day);
const nths = (weekdays: readonly Weekday[]): readonly string[] => weekdays.flatMap(({ day, nth }) => (nth ?? []).map((one) => `the ${NTH[one]} ${weekday(day)}`));

function onWeekdays(weekdays: readonly Weekday[], months: readonly Stride[] | null): string {
  const [plain, special] = [each(weekdays), nths(weekdays)];
  const parts = [...(plain.length === 0 ? [] : [`every ${weekdayNames(plain)}${inMonths(months)}`]), ...(special.length === 0 ? [] : [`on ${list(special)}${ofMonths(months)}`])];
  return parts.join(', and ');
}

function dateParts({ days, nearest, lastWeekday, last }: NonNullable<CronDays['dates']>): string {
  return list([
    ...days.map((one) => stretch(one, theNth, 'day')),
    ...nearest.map((day) => `the weekday nearest to ${theNth(day)}`),
    ...(lastWeekday ? ['the last weekday'] : []),
    ...(last ? ['the last day'] : []),
  ]);
}

/** "every weekday", "on the 1st of every month"; empty for every day of the year. */
function daysText({ dates, weekdays, both, months }: CronDays): string {
  if (dates === null) return weekdays === null ? (months === null ? '' : `every day${inMonths(months)}`) : onWeekdays(weekdays, months);
  const dated = `on ${dateParts(dates)}${ofMonths(months)}`;
  if (weekdays === null) return dated;
  if (both === 'or') return `${dated}, and also ${onWeekdays(weekdays, months)}`;
  const plain = each(weekdays);
  return `${dated} if it is ${list([...(isWorkweek(plain) ? ['a weekday'] : plain.map((day) => `a ${weekday(day)}`)), ...nths(weekdays)], 'or')}`;
}

function clockPhrase(clock: CronClock): string {
  switch (clock.kind) {
    case 'at': {
      const precise = clock.times.some((time) => time % 60 !== 0);
      return `at ${list(clock.times.map((time) => clockText(time, precise)))}`;
    }
    case 'every': {
      const precise = clock.from % 60 !== 0 || clock.step % 60 !== 0;
      return clock.allDay ? every(clock.step * 1000) : `${every(clock.step * 1000)} from ${clockText(clock.from, precise)} to ${clockText(clock.to, precise)}`;
    }
    case 'fields':
      return fieldsPhrase(clock);
    default:
      return assertNever(clock);
  }
}

/** at seconds 0 and 7 of minutes 3 to 5 of hours 8 to 17 */
function fieldsPhrase({ seconds, minutes, hours }: Extract<CronClock, { kind: 'fields' }>): string {
  const start = seconds === null ? field('minute', minutes, 60, 'at') : `${field('second', seconds, 60, 'at')} ${field('minute', minutes, 60, 'of')}`;
  if (hours !== null) return `${start} ${field('hour', hours, 24, 'of')}`;
  return start.endsWith('every minute') ? start : `${start} of every hour`;
}

/** `size`: so many values the field has in all. */
function field(name: string, all: readonly Stride[], size: number, before: 'at' | 'of'): string {
  const [one] = all;
  if (one !== undefined && one.step === 1 && one.to - one.from === size - 1) return before === 'at' ? `every ${name}` : `of every ${name}`;
  const isSingle = all.length === 1 && (one?.from === one?.to || one?.step !== 1);
  return `${before} ${isSingle && one?.step === 1 ? `${name} ` : isSingle ? '' : `${name}s `}${stretches(all, String, name)}`;
}

function cron(days: CronDays, clock: CronClock): string {
  const on = daysText(days);
  if (clock.kind !== 'at') return on === '' ? clockPhrase(clock) : `${clockPhrase(clock)}, ${on}`;
  const isLong = on.includes(',') || on.includes(' if ');
  return on === '' ? `every day ${clockPhrase(clock)}` : `${on}${isLong ? ',' : ''} ${clockPhrase(clock)}`;
}

/** The sentences in English. */
export const inEnglish: Words = {
  semicolon: '; ',
  manual: 'Only when you start it',
  once: (moment, timeZone) => `Once, on ${moment.replace(' ', ' at ')} (${timeZone})`,
  every: (ms) => capital(every(ms)),
  everyAt: (ms, moment) => `Every ${inUnits(ms, 'day')[0] === 1 ? '24 hours' : counted(inUnits(ms, 'day'))}${moment.length > 8 ? `, counted from ${moment}` : ` at ${moment}`} UTC`,
  everyFrom: (ms, moment) => `${capital(every(ms))}, counted from ${moment} UTC`,
  delay: (ms) => `${capital(span(ms))} after the previous run ended`,
  cron: (days, clock) => capital(cron(days, clock)),
  zoned: (sentence, timeZone) => `${sentence} (${timeZone})`,
  watch: (path, glob, events, settleMs) => {
    const what = glob === undefined ? `${path}, or a file in it,` : `a file matching ${glob} in ${path}`;
    return `When ${what} is ${list(events, 'or')} and has been quiet for ${quiet(settleMs)}`;
  },
  from: (moment) => `from ${moment} on`,
  until: (moment) => `until ${moment}`,
  jitter: (ms) => `up to ${span(ms)} later`,
  runs: (count) => `${count === 1 ? 'one run' : `${count} runs`} at most`,
};
