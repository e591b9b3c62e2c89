/** What an English sentence about a cron expression says, read back by somebody who knows English and the calendar, and nothing of cron. */
export interface ReadBack {
  /** In seconds since midnight, ascending. */
  readonly times: readonly number[];
  /** `day` in ms, midnight in UTC. */
  readonly isOn: (day: number) => boolean;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const NTH = ['first', 'second', 'third', 'fourth', 'fifth'];
const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600 };
const DAY = 86_400_000;

const fail = (text: string): never => {
  throw new Error(`This can't be read: ${text}`);
};
const range = (from: number, to: number, step = 1): number[] => Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, index) => from + index * step);
const items = (text: string): string[] => text.split(/, (?:or )?| and | or /u);

/** "1, 5 to 7 and 9" in the words that `value` reads. */
const numbers = (text: string, value: (word: string) => number): number[] =>
  items(text).flatMap((item) => {
    const [, step = '', from = '', to = ''] = /^every (\d+)(?:st|nd|rd|th) (?:day |month )?from (.+) to (.+)$/u.exec(item) ?? [];
    if (step !== '') return range(value(from), value(to), Number(step));
    const [low = '', high = low] = item.split(' to ');
    return range(value(low), value(high));
  });

const monthOf = (word: string): number => (MONTHS.includes(word) ? MONTHS.indexOf(word) + 1 : fail(word));
const dateOf = (word: string): number => Number(/^(?:the )?(\d+)(?:st|nd|rd|th)$/u.exec(word)?.[1] ?? fail(word));
const plainOf = (word: string): number => (/^\d+$/u.test(word) ? Number(word) : fail(word));
const weekdayOf = (word: string): number => (WEEKDAYS.includes(word) ? WEEKDAYS.indexOf(word) || 7 : fail(word));

interface Date_ {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly weekday: number;
  readonly last: number;
}
type Test = (day: Date_) => boolean;

const weekdayAt = ({ year, month }: Date_, date: number): number => new Date(Date.UTC(year, month - 1, date)).getUTCDay();

/** Of the days of the month from Monday to Friday the one that is next to a date; of two the later, and never in another month. */
function nearestTo(day: Date_, date: number): number | null {
  if (date > day.last) return null;
  const working = range(1, day.last).filter((one) => weekdayAt(day, one) >= 1 && weekdayAt(day, one) <= 5);
  const [near] = working.toSorted((a, b) => Math.abs(a - date) - Math.abs(b - date) || b - a);
  return near ?? null;
}

function monthlyPart(text: string): Test {
  const [, nearest = ''] = /^the weekday nearest to the (\d+)/u.exec(text) ?? [];
  if (nearest !== '') return (day) => nearestTo(day, Number(nearest)) === day.date;
  if (text === 'the last day') return (day) => day.date === day.last;
  if (text === 'the last weekday') return (day) => day.date === range(1, day.last).findLast((one) => weekdayAt(day, one) >= 1 && weekdayAt(day, one) <= 5);
  const [, nth = '', name = ''] = /^the (first|second|third|fourth|fifth|last) (\w+day)$/u.exec(text) ?? [];
  if (name !== '') return (day) => day.weekday === weekdayOf(name) % 7 && (nth === 'last' ? day.date + 7 > day.last : Math.ceil(day.date / 7) === NTH.indexOf(nth) + 1);
  const dates = new Set(numbers(text, dateOf));
  return (day) => dates.has(day.date);
}

/** "on … of every month", "every Monday in May" */
function dayPart(text: string): Test {
  const [, every = '', , within = ''] = /^every (.+?)( in (.+))?$/u.exec(text) ?? [];
  if (every !== '') {
    const months = within === '' ? range(1, 12) : numbers(within, monthOf);
    const allowed = every === 'day' ? range(1, 7) : every === 'weekday' ? range(1, 5) : numbers(every, weekdayOf);
    return (day) => months.includes(day.month) && allowed.includes(day.weekday === 0 ? 7 : day.weekday);
  }
  const [, what = '', when = ''] = /^on (.+?) of (.+)$/u.exec(text) ?? fail(text);
  const months = when === 'every month' ? range(1, 12) : numbers(when, monthOf);
  const parts = items(what).map(monthlyPart);
  return (day) => months.includes(day.month) && parts.some((part) => part(day));
}

function days(text: string): Test {
  if (text === '') return () => true;
  const [both = '', condition] = text.split(' if it is ');
  if (condition !== undefined) {
    const dated = dayPart(both);
    const parts = items(condition).map((one) => (one === 'a weekday' ? dayPart('every weekday') : one.startsWith('a ') ? dayPart(`every ${one.slice(2)}`) : monthlyPart(one)));
    return (day) => dated(day) && parts.some((part) => part(day));
  }
  const parts = text.split(/, and (?:also )?(?=on |every )/u).map(dayPart);
  return (day) => parts.some((part) => part(day));
}

const clock = (text: string): number => {
  const [hour = 0, minute = 0, second = 0] = text.split(':').map(Number);
  return hour * 3600 + minute * 60 + second;
};

/** at seconds 0 and 7 of minutes 3 to 5 of hours 8 to 17 */
function fields(text: string): number[] {
  const found: Record<string, number[]> = {};
  for (const part of text.split(' of ')) {
    const [, step = '', unit = '', rest = ''] = /^(?:at )?(?:every (?:(\d+)(?:st|nd|rd|th) )?)?(second|minute|hour)s? ?(.*)$/u.exec(part) ?? fail(part);
    const [from = '', to = ''] = rest.replace('from ', '').split(' to ');
    found[unit] = rest === '' ? range(0, unit === 'hour' ? 23 : 59) : step !== '' ? range(plainOf(from), plainOf(to), Number(step)) : numbers(rest, plainOf);
  }
  const { second = [0], minute = fail(text), hour = range(0, 23) } = found;
  return hour.flatMap((h) => minute.flatMap((m) => second.map((s) => h * 3600 + m * 60 + s)));
}

/** Reads a sentence without its zone. Throws where it is no such sentence. */
export function readBack(sentence: string): ReadBack {
  const text = `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`;
  const [before, on, after] = split(text);
  const test = days(on);
  const isOn = (day: number): boolean => {
    const date = new Date(day);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
    return test({ year, month, date: date.getUTCDate(), weekday: date.getUTCDay(), last: new Date(Date.UTC(year, month, 0)).getUTCDate() });
  };
  return { times: after ?? often(before), isOn };
}

/** How often, on which days, and at which times: either the first or the last. */
function split(text: string): readonly [often: string, days: string, times: readonly number[] | undefined] {
  const [, on = '', times = ''] = /^(.*?),? at ((?:\d\d:\d\d(?::\d\d)?(?:, | and )?)+)$/u.exec(text) ?? [];
  if (times !== '') return ['', on, items(times).map(clock)];
  const comma = text.search(/, (?:on |every )/u);
  return comma < 0 ? [text, '', undefined] : [text.slice(0, comma), text.slice(comma + 2), undefined];
}

function often(text: string): readonly number[] {
  const [, count = '1', unit = '', , from = '', to = ''] = /^every (?:(\d+) )?(second|minute|hour)s?( from ([\d:]+) to ([\d:]+))?$/u.exec(text) ?? [];
  if (unit === '') return fields(text);
  const step = Number(count) * (SECONDS[unit] ?? fail(unit));
  return from === '' ? range(0, 86_399, step) : range(clock(from), clock(to), step);
}

/** The first instants after `from` (midnight in UTC, ms) that were read back, in UTC, at most `limit` within so many days. */
export function instants({ times, isOn }: ReadBack, from: number, within: number, limit: number): readonly number[] {
  const found: number[] = [];
  for (let day = from; day < from + within * DAY && found.length < limit; day += DAY) if (isOn(day)) found.push(...times.slice(0, limit - found.length).map((time) => day + time * 1000));
  return found;
}
