import { afterAll, expect, test } from 'vitest';
import { occurrences } from './occurrences.ts';
import type { CronSpec } from './schedule.ts';

/**
 * A second opinion on `occurrences` that shares no code with it, nor with croner: it asks Intl what the clock of a zone shows, goes
 * through every second between two cursors, and has its own reading of the fields.
 */
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

const NICKNAMES: Readonly<Record<string, string>> = { '@yearly': '0 0 0 1 1 *', '@monthly': '0 0 0 1 * *', '@weekly': '0 0 0 * * 0', '@daily': '0 0 0 * * *', '@midnight': '0 0 0 * * *', '@hourly': '0 0 * * * *' };
const MONTHS = ['', 'JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const isAll = (field: string): boolean => field === '*' || field === '?';
const numberOf = (text: string, names: readonly string[]): number => (/^\d+$/.test(text) ? Number(text) : names.indexOf(text.toUpperCase()));

/** Which values an item such as 5, 1-7, 1-30/4 or * /4 stands for. Names may end a range; so may 7, for Sunday. */
function valuesOf(item: string, lowest: number, highest: number, names: readonly string[] = []): readonly number[] {
  const [range = '', step = '1'] = item.split('/');
  const [from = '', to = from] = isAll(range) ? [String(lowest), String(highest)] : range.split('-');
  const low = numberOf(from, names);
  let high = numberOf(to, names);
  if (high < low && high === 0) high = 7;
  return Array.from({ length: high - low + 1 }, (_, n) => low + n).filter((value) => (value - low) % Number(step) === 0);
}

/** A yes or no for each value of a field of numbers. */
function table(field: string, lowest: number, highest: number, names: readonly string[] = []): readonly boolean[] {
  const values = new Set(field.split(',').flatMap((item) => valuesOf(item, lowest, highest, names)));
  return Array.from({ length: highest + 1 }, (_, value) => values.has(value));
}

interface Day {
  readonly date: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Of the month. */
  readonly days: number;
}

const weekdayOn = ({ date, weekday }: Day, other: number): number => (((weekday + other - date) % 7) + 7) % 7;
/** The weekday of the same month that lies nearest; nothing for a day that the month does not have. */
function nearestWorkday(day: Day, wanted: number): number {
  if (wanted > day.days) return 0;
  return [wanted, wanted - 1, wanted + 1, wanted - 2, wanted + 2].find((date) => date >= 1 && date <= day.days && weekdayOn(day, date) % 6 !== 0) ?? 0;
}

function dayItem(item: string, day: Day): boolean {
  if (item === 'L') return day.date === day.days;
  if (item === 'LW') return day.date === nearestWorkday(day, day.days);
  if (item.endsWith('W')) return day.date === nearestWorkday(day, Number(item.slice(0, -1)));
  return valuesOf(item, 1, 31).includes(day.date);
}

function weekdayItem(item: string, { date, weekday, days }: Day): boolean {
  const [, range = '', nth = ''] = /^(.*?)(?:#(\d|L)|L)?$/.exec(item) ?? [];
  if (!valuesOf(range, 0, 6, WEEKDAYS).some((value) => value % 7 === weekday)) return false;
  return range === item || (nth === 'L' || nth === '' ? date + 7 > days : Math.ceil(date / 7) === Number(nth));
}

const rest = (wall: number, unit: number, base: number): number => ((Math.floor(wall / unit) % base) + base) % base;

/** The expression as a question about wall times (ms as if they were UTC), whether it follows elapsed time, and whether it names days of both kinds. */
function reading(expression: string, days: CronSpec['days']): { readonly follows: boolean; readonly chooses: boolean; readonly seconds: readonly number[]; readonly minute: (wall: number) => boolean } {
  const fields = (NICKNAMES[expression] ?? expression).split(' ');
  const [second = '', minute = '', hour = '', date = '', month = '', weekday = ''] = fields.length === 5 ? ['0', ...fields] : fields;
  const [seconds, minutes, hours, months] = [table(second, 0, 59), table(minute, 0, 59), table(hour, 0, 23), table(month, 1, 12, MONTHS)];
  const known = new Map<number, boolean>();
  const dayMatches = (wall: number): boolean => {
    const at = new Date(wall);
    const day: Day = { date: at.getUTCDate(), weekday: at.getUTCDay(), days: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate() };
    const byDate = date.split(',').some((item) => dayItem(item, day));
    const byWeekday = weekday.split(',').some((item) => weekdayItem(item, day));
    const both = isAll(date) || isAll(weekday) || days === 'and' ? byDate && byWeekday : byDate || byWeekday;
    return both && months[at.getUTCMonth() + 1] === true;
  };
  const onDay = (wall: number): boolean => {
    const day = Math.floor(wall / DAY);
    const found = known.get(day) ?? dayMatches(day * DAY);
    known.set(day, found);
    return found;
  };
  return {
    follows: /[*?/]/.test(hour),
    chooses: !isAll(date) && !isAll(weekday),
    seconds: seconds.flatMap((yes, value) => (yes ? [value] : [])),
    minute: (wall) => minutes[rest(wall, 60 * SECOND, 60)] === true && hours[rest(wall, HOUR, 24)] === true && onDay(wall),
  };
}

/** A time during which the wall clock ran evenly: it showed `wall` at `at`, and so on for `length` ms. */
interface Even {
  readonly at: number;
  readonly wall: number;
  readonly length: number;
}

/** What Intl says that the clock shows, asked every `step` ms, and every second wherever it ran unevenly, as pieces without a jump. */
function shownIn(timeZone: string, from: number, to: number, step: number): readonly Even[] {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const wallAt = (at: number): number => Date.parse(`${clock.format(at).replace(' ', 'T')}Z`);
  const pieces: Even[] = [];
  let begun = { at: from, wall: wallAt(from) };
  const isEven = (at: number, wall: number): boolean => wall - begun.wall === at - begun.at;
  const look = (at: number): void => {
    const wall = wallAt(at);
    if (isEven(at, wall)) return;
    pieces.push({ ...begun, length: at - begun.at });
    begun = { at, wall };
  };
  for (let at = from; at < to; at += step) {
    if (step > SECOND && !isEven(at, wallAt(at))) for (let second = at - step + SECOND; second < at; second += SECOND) look(second);
    look(at);
  }
  return [...pieces, { ...begun, length: to - begun.at }];
}

/** Every wall second of the pieces that matches, in order. */
function* matchesOf(wallFrom: number, length: number, { minute, seconds }: ReturnType<typeof reading>): Generator<number> {
  for (let start = Math.floor(wallFrom / 60_000) * 60_000; start < wallFrom + length; start += 60_000) {
    if (!minute(start)) continue;
    for (const second of seconds) {
      const wall = start + second * SECOND;
      if (wall >= wallFrom && wall < wallFrom + length) yield wall;
    }
  }
}

type Answer = (choices: Pick<CronSpec, 'gap' | 'repeat'>) => readonly number[];

/** Goes through all of it once; what is asked then only chooses. */
function bruteForce(read: ReturnType<typeof reading>, shown: readonly Even[], after: number, until: number): Answer {
  const byWall = new Map<number, number[]>();
  const afterGaps: number[] = [];
  for (const [n, { at, wall, length }] of shown.entries()) {
    for (const match of matchesOf(wall, length, read)) {
      const same = byWall.get(match);
      if (same === undefined) byWall.set(match, [at + match - wall]);
      else same.push(at + match - wall);
    }
    const before = shown[n - 1];
    const shouldShow = before === undefined ? wall : before.wall + before.length;
    if (!read.follows && matchesOf(shouldShow, wall - shouldShow, read).next().done === false) afterGaps.push(at);
  }
  return ({ gap, repeat }) => {
    const found = new Set(gap === 'skip' ? [] : afterGaps);
    for (const instants of byWall.values()) {
      const chosen = read.follows || repeat === 'both' ? instants : repeat === 'first' ? instants.slice(0, 1) : instants.slice(-1);
      for (const at of chosen) found.add(at);
    }
    return [...found].filter((at) => at > after && at <= until).toSorted((one, other) => one - other);
  };
}

/** Each zone with an instant at or near a change of its clock, one without any. */
const ZONES = [
  ['America/Los_Angeles', '2022-03-13T10:00'],
  ['America/Los_Angeles', '2021-11-07T09:00'],
  ['Europe/London', '2004-10-31T01:00'],
  ['Europe/Zurich', '2023-03-26T01:00'],
  ['Europe/Zurich', '2023-10-29T01:00'],
  ['Australia/Lord_Howe', '2023-09-30T15:30'],
  ['Australia/Lord_Howe', '2023-04-01T15:00'],
  ['America/Asuncion', '2023-10-01T04:00'],
  ['America/Asuncion', '2023-03-26T03:00'],
  ['Asia/Beirut', '2022-03-26T22:00'],
  ['Asia/Beirut', '2022-10-29T21:00'],
  ['Africa/Casablanca', '2023-03-19T02:00'],
  ['Africa/Casablanca', '2023-04-23T02:00'],
  ['Pacific/Apia', '2011-12-30T10:00'],
  ['Antarctica/Troll', '2023-03-26T01:00'],
  ['Antarctica/Troll', '2023-10-29T01:00'],
  ['America/St_Johns', '2006-10-29T02:31'],
  ['Asia/Pyongyang', '2018-05-04T15:00'],
  ['America/Nuuk', '2024-03-31T01:00'],
  ['Africa/Monrovia', '1972-01-07T00:44'],
  ['America/Sitka', '1867-10-18T12:00'],
  ['Asia/Kathmandu', '2023-03-26T00:00'],
] as const;

/** About the time of day: looked at where the clock changes. */
const HOURLY = ['* * * * * *', '*/7 * * * * *', '0,30 */5 * * * *', '15-45/10 10-20 1-3 * * *', '0 30 2 * * *', '33 33 2 * * *', '59 59 23 * * *', '1 0 0 * * *', '*/20 0-59/13 0,1,2,3,23 * * *', '* 0-44 0,2 * * *', '5 15 0-6/2 * * *', '*/4 59 ? * * *', '30 1 * * *', '@hourly', '@daily'];
/** About days of the month and of the week: looked at for two months around the change. */
const DAILY = [
  '0 0 3 L * ?', '30 15 2 LW * *', '*/15 0 4 15W * *', '5,50 30 1 1W,L * *', '0 0 0 31W * *', '0 0 9 * * FRI#2', '0 30 2 * * SUNL', '0 30 0 ? * SAT#L,SUN#1', '0 0 8 13 * FRI', '30 30 2 1-7 * SUN', '30 30 2 */2 * SAT,SUN',
  '10 0 0 1 */3 *', '0 15 0 29-31 2,3,10,11 1', '*/30 45 23 * MAR-APR,Oct 0,3', '0 30 1 * * FRI-SUN', '0 0 0,2 * JAN-DEC/2 2-4#3', '0 45 1,2 26-30,L * *', '0 0-10/5 1-2 25-31 * 7', '@weekly', '@monthly', '@yearly', '@midnight',
];
const CHOICES = (['nextValid', 'skip'] as const).flatMap((gap) => (['first', 'second', 'both'] as const).map((repeat) => ({ gap, repeat })));

const text = (at: number | undefined): string => (at === undefined ? 'none' : new Date(at).toISOString());

let [checked, looked] = [0, 0];
afterAll(() => console.log(`Occurrences held against a count of every second: ${checked.toLocaleString('en')}, in ${new Set(ZONES.map(([zone]) => zone)).size} zones; ${looked.toLocaleString('en')} seconds were looked at.`));

function compare(timeZone: string, expressions: readonly string[], after: number, until: number, shown: readonly Even[]): number {
  const before = checked;
  for (const [n, expression] of expressions.entries()) {
    for (const days of ['or', 'and'] as const) {
      const read = reading(expression, days);
      if (days === 'and' && !read.chooses) continue;
      const answer = bruteForce(read, shown, after, until);
      // What runs each hour has the same times whatever is chosen: one choice is enough, another one for each expression.
      for (const choices of read.follows ? CHOICES.slice(n % CHOICES.length).slice(0, 1) : CHOICES) {
        const expected = answer(choices);
        const got = occurrences({ kind: 'cron', expression, timeZone, days, ...choices }, after, until, Infinity);
        const wrong = Array.from({ length: Math.max(expected.length, got.length) }, (_, index) => [expected[index], got[index]?.at]).find(([one, other]) => one !== other);
        if (wrong !== undefined) expect.fail(`${expression} ${days} ${JSON.stringify(choices)} in ${timeZone}: by brute force ${text(wrong[0])}, by occurrences ${text(wrong[1])}`);
        checked += got.length;
      }
    }
  }
  looked += (until - after) / SECOND;
  return checked - before;
}

test.each(ZONES)('%s around %s, every second asked: no match is missed and none invented', (timeZone, change) => {
  const middle = Date.parse(`${change}Z`);
  const [after, until] = [middle - 4 * HOUR, middle + 4 * HOUR];
  // The day that came twice in Alaska, when it became American, is longer than any other repeated time.
  const around = timeZone === 'America/Sitka' ? 25 * HOUR : 3 * HOUR;
  expect(compare(timeZone, HOURLY, after, until, shownIn(timeZone, after - around, until + around, SECOND))).toBeGreaterThan(10_000);
});

test.each(ZONES)('%s in the months around %s: days of the month and of the week', (timeZone, change) => {
  const middle = Date.parse(`${change}Z`);
  const [after, until] = [middle - 31 * DAY, middle + 31 * DAY];
  expect(compare(timeZone, DAILY, after, until, shownIn(timeZone, after - 2 * DAY, until + 2 * DAY, HOUR / 4))).toBeGreaterThan(200);
});
