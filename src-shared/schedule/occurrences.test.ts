import { expect, test } from 'vitest';
import { occurrences } from './occurrences.ts';
import { TimedSpec } from './schedule.ts';

const cron = (expression: string, timeZone: string, more: object = {}): TimedSpec => TimedSpec.parse({ kind: 'cron', expression, timeZone, ...more });
const every = (text: string, phase = '0s'): TimedSpec => TimedSpec.parse({ kind: 'interval', every: text, phase, timeZone: 'Europe/Zurich' });
/** What runs in so many hours from an instant on, as 03-13 10:00. */
const on = (spec: TimedSpec, from: string, hours: number): string[] => {
  const start = Date.parse(from);
  return occurrences(spec, start - 1, start + hours * 3_600_000 - 1, 1000).map(({ at, dst }) => `${new Date(at).toISOString().slice(5, 16).replace('T', ' ')}${dst === null ? '' : ` ${dst}`}`);
};

const dates = (expression: string): string[] => on(cron(expression, 'UTC'), '2026-08-01T00:00Z', 31 * 24);
const days = (choice: string): string[] => on(cron('0 0 13 * FRI', 'UTC', { days: choice }), '2026-02-01T00:00Z', 28 * 24);

const LA = 'America/Los_Angeles';

test('Los Angeles, 2022-03-13 02:33:33 does not exist: once after the gap, or not at all', () => {
  const gap = (more: object): string[] => on(cron('33 33 2 * * *', LA, more), '2022-03-12T08:00Z', 72);
  expect(gap({})).toEqual(['03-12 10:33', '03-13 10:00 gap', '03-14 09:33']);
  expect(gap({ gap: 'skip' })).toEqual(['03-12 10:33', '03-14 09:33']);
  expect(occurrences(cron('33 33 2 * * *', LA), Date.parse('2022-03-13T00:00Z'), Infinity, 1)).toEqual([{ at: Date.parse('2022-03-13T10:00:00Z'), nominalLocal: '2022-03-13T02:33:33', dst: 'gap' }]);
});

test('what lands on one instant is one occurrence', () => {
  expect(on(cron('*/10 2,3 * * *', LA), '2022-03-13T08:00Z', 24)).toEqual(['03-13 10:00 gap', '03-13 10:10', '03-13 10:20', '03-13 10:30', '03-13 10:40', '03-13 10:50']);
});

test.each([
  ['first', ['11-07 08:33 repeat']],
  ['second', ['11-07 09:33 repeat']],
  ['both', ['11-07 08:33 repeat', '11-07 09:33 repeat']],
])('Los Angeles, 2021-11-07 01:33 comes twice: %s', (repeat, expected) => {
  expect(on(cron('33 1 * * *', LA, { repeat }), '2021-11-07T00:00Z', 24)).toEqual(expected);
});

test('the second pass is found, too, from a cursor between the two', () => {
  const between = Date.parse('2021-11-07T08:40Z');
  expect(occurrences(cron('33 1 * * *', LA, { repeat: 'both' }), between, Infinity, 1)[0]?.at).toBe(Date.parse('2021-11-07T09:33Z'));
  expect(occurrences(cron('33 1 * * *', LA), between, Infinity, 1)[0]?.at).toBe(Date.parse('2021-11-08T09:33Z'));
});

test('London, 2004-10-31: the hour that comes twice, fixed and with a step', () => {
  expect(on(cron('0,30 1 * * *', 'Europe/London'), '2004-10-31T00:00Z', 12)).toEqual(['10-31 00:00 repeat', '10-31 00:30 repeat']);
  expect(on(cron('30 */1 * * *', 'Europe/London'), '2004-10-31T00:00Z', 3)).toEqual(['10-31 00:30 repeat', '10-31 01:30 repeat', '10-31 02:30']);
});

test('Zurich, 2023-10-29, hourly: each of 25 hours, whatever is chosen for times that come twice', () => {
  for (const repeat of ['first', 'second', 'both']) {
    const hours = on(cron('@hourly', 'Europe/Zurich', { repeat }), '2023-10-28T22:00Z', 25);
    expect(hours).toHaveLength(25);
    expect(hours.filter((hour) => hour.endsWith('repeat'))).toEqual(['10-29 00:00 repeat', '10-29 01:00 repeat']);
  }
  expect(on(cron('0 * * * *', 'Europe/Zurich'), '2023-03-25T23:00Z', 23)).toHaveLength(23);
});

test('Lord Howe moves its clock by half an hour', () => {
  const zone = 'Australia/Lord_Howe';
  expect(on(cron('15 2 * * *', zone), '2023-09-30T14:00Z', 24)).toEqual(['09-30 15:30 gap']);
  expect(on(cron('45 2 * * *', zone), '2023-09-30T14:00Z', 24)).toEqual(['09-30 15:45']);
  expect(on(cron('45 1 * * *', zone, { repeat: 'both' }), '2023-04-01T13:00Z', 24)).toEqual(['04-01 14:45 repeat', '04-01 15:15 repeat']);
  expect(on(cron('15 1 * * *', zone, { repeat: 'both' }), '2023-04-01T13:00Z', 24)).toEqual(['04-01 14:15']);
  expect(on(cron('*/15 * * * *', zone), '2023-09-30T15:00Z', 1)).toEqual(['09-30 15:00', '09-30 15:15', '09-30 15:30', '09-30 15:45']);
});

test('Asuncion and Beirut jump over midnight: the daily run is not lost, and it stays on its day', () => {
  expect(on(cron('@daily', 'America/Asuncion'), '2023-09-30T04:00Z', 70)).toEqual(['09-30 04:00', '10-01 04:00 gap', '10-02 03:00']);
  expect(on(cron('@daily', 'Asia/Beirut'), '2022-03-25T22:00Z', 70)).toEqual(['03-25 22:00', '03-26 22:00 gap', '03-27 21:00']);
  expect(on(cron('@daily', 'Asia/Beirut', { gap: 'skip' }), '2022-03-25T22:00Z', 70)).toEqual(['03-25 22:00', '03-27 21:00']);
  expect(on(cron('30 23 * * *', 'America/Asuncion'), '2023-03-25T12:00Z', 24)).toEqual(['03-26 02:30 repeat']);
  expect(on(cron('30 23 * * *', 'America/Asuncion', { repeat: 'second' }), '2023-03-25T12:00Z', 24)).toEqual(['03-26 03:30 repeat']);
});

test('Apia left out the whole of 2011-12-30', () => {
  expect(on(cron('0 9 * * *', 'Pacific/Apia'), '2011-12-29T10:00Z', 48)).toEqual(['12-29 19:00', '12-30 10:00 gap', '12-30 19:00']);
});

test('day of month OR day of week is a choice', () => {
  expect(days('or')).toEqual(['02-06 00:00', '02-13 00:00', '02-20 00:00', '02-27 00:00']);
  expect(days('and')).toEqual(['02-13 00:00']);
});

test('L, W, # and names are read', () => {
  expect(dates('0 0 L * *')).toEqual(['08-31 00:00']);
  expect(dates('0 0 15W * *')).toEqual(['08-14 00:00']);
  expect(dates('0 0 * AUG FRI#2')).toEqual(['08-14 00:00']);
  expect(dates('0 0 * * FRIL')).toEqual(['08-28 00:00']);
});

test('an interval counts elapsed time from 1970 and its phase, through a changed clock', () => {
  expect(on(every('30m', '5m'), '2023-10-28T23:30Z', 3)).toEqual(['10-28 23:35', '10-29 00:05 repeat', '10-29 00:35 repeat', '10-29 01:05 repeat', '10-29 01:35 repeat', '10-29 02:05']);
  expect(on(every('1d', '9h'), '2023-10-28T00:00Z', 48)).toEqual(['10-28 09:00', '10-29 09:00']);
  expect(occurrences(every('7m'), -1, 420_000, 10).map(({ at }) => at)).toEqual([0, 420_000]);
});

test('once is one instant; startAt and endAt belong to the time of a schedule', () => {
  expect(occurrences({ kind: 'once', at: 5000 }, 4999, 5000, 9)).toEqual([{ at: 5000, nominalLocal: '1970-01-01T00:00:05', dst: null }]);
  expect(occurrences({ kind: 'once', at: 5000 }, 5000, 9000, 9)).toEqual([]);
  const [startAt, endAt] = [Date.UTC(2026, 0, 5), Date.UTC(2026, 0, 7)];
  expect(on(cron('@daily', 'UTC', { startAt, endAt }), '2026-01-01T00:00Z', 240)).toEqual(['01-05 00:00', '01-06 00:00', '01-07 00:00']);
});

test('after is exclusive, until inclusive, and the limit holds; going on from the last gives the same as in one go', () => {
  const spec = cron('*/20 * * * *', 'Europe/Zurich');
  const [after, until] = [Date.parse('2023-10-28T22:00Z'), Date.parse('2023-10-29T06:00Z')];
  const whole = occurrences(spec, after, until, Infinity);
  expect([whole[0]?.at, whole.at(-1)?.at, whole.length]).toEqual([after + 1_200_000, until, 24]);
  expect(occurrences(spec, after, until, 0)).toEqual([]);
  expect(occurrences(spec, until, after, 5)).toEqual([]);
  const piecewise = [];
  for (let cursor = after; ; ) {
    const [next] = occurrences(spec, cursor, until, 1);
    if (next === undefined) break;
    piecewise.push(next);
    cursor = next.at;
  }
  expect(piecewise).toEqual(whole);
  expect(() => occurrences(spec, Number.NaN, until, 1)).toThrow(/not a number/);
  expect(() => occurrences(spec, after, until, -1)).toThrow(/limit/);
});

test('a date that never comes ends the search, and a rare one is found at once', () => {
  const began = performance.now();
  expect(occurrences(cron('0 0 30 2 *', LA), 0, Infinity, 1)).toEqual([]);
  expect(occurrences(cron('0 0 31 4,6,9,11 *', LA), 0, Infinity, 1)).toEqual([]);
  expect(occurrences(cron('0 12 29 2 MON', LA, { days: 'and' }), Date.parse('2026-01-01T00:00Z'), Infinity, 3).map(({ nominalLocal }) => nominalLocal)).toEqual(['2044-02-29T12:00:00', '2072-02-29T12:00:00', '2112-02-29T12:00:00']);
  expect(performance.now() - began).toBeLessThan(60_000);
});
