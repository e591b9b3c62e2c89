import { expect, test } from 'vitest';
import { occurrences } from './occurrences.ts';
import type { CronSpec } from './schedule.ts';

/** A second, slow opinion that shares no code: it asks Intl for each minute and reads only lists, ranges and steps of numbers. */
function matches(field: string, value: number, lowest: number): boolean {
  return field.split(',').some((item) => {
    const [range = '', step = '1'] = item.split('/');
    const [low = lowest, high = range === '*' ? 99 : low] = range === '*' ? [] : range.split('-').map(Number);
    return value >= low && value <= high && (value - low) % Number(step) === 0;
  });
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

interface Tick {
  readonly at: number;
  /** What the clock shows, in ms as if it were UTC. */
  readonly wall: number;
}

/** What Intl says that the clock shows, minute by minute. */
function ticks(timeZone: string, from: number, to: number): readonly Tick[] {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return Array.from({ length: (to - from) / MINUTE + 1 }, (_, n) => from + n * MINUTE).map((at) => ({ at, wall: Date.parse(`${clock.format(at).replace(' ', 'T')}Z`) }));
}

function bruteForce({ expression, gap, repeat, days }: CronSpec, shown: readonly Tick[], after: number, until: number): number[] {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = expression.split(' ');
  const matchesWall = (wall: number): boolean => {
    const date = new Date(wall);
    if (!matches(minute, date.getUTCMinutes(), 0) || !matches(hour, date.getUTCHours(), 0) || !matches(month, date.getUTCMonth() + 1, 1)) return false;
    const [byDay, byWeekday] = [matches(day, date.getUTCDate(), 1), matches(weekday, date.getUTCDay(), 0)];
    return day === '*' || weekday === '*' || days === 'and' ? byDay && byWeekday : byDay || byWeekday;
  };
  const follows = /[*/]/.test(hour);
  const byWall = new Map<number, number[]>();
  const found = new Set<number>();
  for (const [n, { at, wall }] of shown.entries()) {
    if (matchesWall(wall)) byWall.set(wall, [...(byWall.get(wall) ?? []), at]);
    if (follows || gap === 'skip') continue;
    // The wall times that were jumped over since the minute before.
    for (let skipped = (shown[n - 1]?.wall ?? wall) + MINUTE; skipped < wall; skipped += MINUTE) if (matchesWall(skipped)) found.add(at);
  }
  for (const instants of byWall.values()) {
    const chosen = follows || repeat === 'both' ? instants : repeat === 'first' ? instants.slice(0, 1) : instants.slice(-1);
    for (const at of chosen) found.add(at);
  }
  return [...found].filter((at) => at > after && at <= until).toSorted((a, b) => a - b);
}

const EXPRESSIONS = ['30 2 * * *', '0 0 * * *', '*/20 1-3 * * *', '15 */2 * * *', '7,45 * * * *', '30 1,2,23 * * *', '0 3 26-31 * 0', '0 0-6 * 3,10 1-5'];
/** Each zone with days around a change of its clock. */
const ZONES = [
  ['America/Los_Angeles', '2022-03-12'],
  ['America/Los_Angeles', '2021-11-06'],
  ['Europe/London', '2004-10-30'],
  ['Europe/Zurich', '2023-03-25'],
  ['Europe/Zurich', '2023-10-28'],
  ['Australia/Lord_Howe', '2023-09-30'],
  ['Australia/Lord_Howe', '2023-04-01'],
  ['America/Asuncion', '2023-09-30'],
  ['America/Asuncion', '2023-03-25'],
  ['Asia/Beirut', '2022-03-26'],
  ['Asia/Beirut', '2022-10-29'],
  ['Africa/Casablanca', '2023-03-18'],
  ['Asia/Kathmandu', '2023-03-25'],
  ['Pacific/Apia', '2011-12-29'],
  ['America/St_Johns', '2006-10-28'],
  ['Antarctica/Troll', '2023-10-28'],
] as const;
const CHOICES = [
  { gap: 'nextValid', repeat: 'first', days: 'or' },
  { gap: 'skip', repeat: 'second', days: 'and' },
  { gap: 'nextValid', repeat: 'both', days: 'or' },
] as const;

test.each(ZONES)('%s around %s: no match is missed and none invented', (timeZone, date) => {
  const after = Date.parse(`${date}T00:00Z`) - MINUTE;
  const until = after + 2 * DAY;
  const shown = ticks(timeZone, after - 2 * DAY, until + 2 * DAY);
  let total = 0;
  for (const [n, expression] of EXPRESSIONS.entries()) {
    const choice = CHOICES[n % CHOICES.length] ?? CHOICES[0];
    for (const choices of n < 3 ? CHOICES : [choice]) {
      const spec: CronSpec = { kind: 'cron', expression, timeZone, ...choices };
      const expected = bruteForce(spec, shown, after, until);
      const got = occurrences(spec, after, until, Infinity).map(({ at }) => at);
      expect(got.map((at) => new Date(at).toISOString()), `${expression} ${JSON.stringify(choices)}`).toEqual(expected.map((at) => new Date(at).toISOString()));
      total += expected.length;
    }
  }
  expect(total).toBeGreaterThan(50);
});
