import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/json';
import { problemText } from '#shared/workflow/problems';
import { readSchedules } from './read-schedules.ts';
import { ScheduleDefinition } from './schedule.ts';
import { scheduleJson, schedulesJson } from './write-schedule.ts';

const told = (value: Json) => readSchedules(value).problems.map((one) => [one.code, one.field]);
const times = (value: Json) => {
  const { schedules, problems } = readSchedules(value);
  expect(problems.filter((one) => one.severity === 'error')).toEqual([]);
  return schedules[0]?.times;
};
const at = (text: Json, timeZone = 'Europe/Zurich') => (times({ kind: 'once', at: text, timeZone }) as { at: number }).at;
const list = (...items: readonly object[]) => readSchedules(items.map((item) => ({ kind: 'manual', ...item })));

describe('what a file says', () => {
  test('nothing is none, and so is an empty object or one that is only switched off', () => {
    for (const value of [undefined, null, {}, [], { enabled: false }, { kind: null }]) expect(readSchedules(value)).toEqual({ schedules: [], problems: [] });
  });

  test('ours is flat, with defaults left out', () => {
    expect(readSchedules({ kind: 'cron', expression: '0 8 * * 1-5', timeZone: 'Europe/Zurich', overlap: 'bufferOne', label: 'Early', enabled: false })).toEqual({
      schedules: [ScheduleDefinition.parse({ label: 'Early', enabled: false, times: { kind: 'cron', expression: '0 8 * * 1-5', timeZone: 'Europe/Zurich' }, policy: { overlap: 'bufferOne' } })],
      problems: [],
    });
  });

  test.each<[string, Json, object]>([
    ['fixed_rate', { enabled: true, scheduleType: 'fixed_rate', interval: '1h' }, { kind: 'interval', every: '1h', phase: '0s', timeZone: 'UTC' }],
    ['fixed_delay', { scheduleType: 'fixed_delay', interval: '15 minutes', timezone: 'UTC' }, { kind: 'delay', every: '15m', timeZone: 'UTC' }],
    ['FIXED-DELAY', { type: 'FIXED-DELAY', delay_seconds: 90 }, { kind: 'delay', every: '90s', timeZone: 'UTC' }],
    ['immediate', { enabled: true, scheduleType: 'immediate', interval: '', cronExpression: null }, { kind: 'manual' }],
    ['cron', { scheduleType: 'cron', cronExpression: '0 0 8 * * ?', timezone: 'Asia/Shanghai' }, { kind: 'cron', expression: '0 0 8 * * ?', timeZone: 'Asia/Shanghai', days: 'or', gap: 'nextValid', repeat: 'first' }],
    ['cron without a word of its kind', { cron: '@daily', tz: 'UTC' }, { kind: 'cron', expression: '@daily', timeZone: 'UTC', days: 'or', gap: 'nextValid', repeat: 'first' }],
    ['once', { scheduleType: 'once', startAt: '2026-01-31T08:00:00+01:00' }, { kind: 'once', at: Date.UTC(2026, 0, 31, 7) }],
    ['milliseconds', { scheduleType: 'fixed_rate', intervalMs: 60_000, startTime: 1_700_000_000_000 }, { kind: 'interval', every: '60s', phase: '0s', timeZone: 'UTC', startAt: 1_700_000_000_000 }],
  ])("the seed's shape: %s", (_what, value, expected) => {
    expect(times(value)).toEqual(expected);
  });

  test("the seed's own example brings no problem", () => {
    expect(readSchedules({ enabled: true, scheduleType: 'fixed_rate', interval: '1h' }).problems).toEqual([]);
  });

  test('instants: with an offset, on the clock of the zone, on one that is jumped over, as a number', () => {
    expect(at('2026-01-31T08:00:00Z')).toBe(Date.UTC(2026, 0, 31, 8));
    expect(at('2026-01-31T08:00:00-02:00')).toBe(Date.UTC(2026, 0, 31, 10));
    expect(at('2026-01-31 08:00')).toBe(Date.UTC(2026, 0, 31, 7));
    expect(at('2026-01-31')).toBe(Date.UTC(2026, 0, 30, 23));
    expect(at('2026-03-29T02:30')).toBe(Date.UTC(2026, 2, 29, 1));
    expect(at('2026-10-25T02:30')).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(at('2011-12-30T12:00', 'Pacific/Apia')).toBe(Date.UTC(2011, 11, 30, 10));
    expect(at(1234)).toBe(1234);
  });

  test('a list: keys tell its items apart, and those without one keep theirs when they are edited', () => {
    expect(list({}, { key: 'b' }, {}).schedules.map((one) => one.key)).toEqual(['', 'b', '3']);
    expect(list({ key: 'a' }, { label: 'x' }).schedules.map((one) => one.key)).toEqual(['a', '']);
    expect(list({}, { key: '3' }, {}).schedules.map((one) => one.key)).toEqual(['', '3', '3_']);
    expect(list({}, {}).problems).toMatchObject([{ code: 'schedule_key_missing', severity: 'warning', field: 'metadata.schedule[1].key' }]);
    expect(list({ key: 'a' }, { key: 'a' })).toMatchObject({ schedules: [], problems: [{ code: 'schedule_key_twice', field: 'metadata.schedule[1].key' }] });
  });

  test('one broken item refuses all', () => {
    expect(readSchedules([{ kind: 'manual' }, { kind: 'cron', expression: '0 25 * * *', timeZone: 'UTC' }])).toMatchObject({ schedules: [], problems: [{ code: 'schedule_cron', field: 'metadata.schedule[1].expression' }] });
  });
});

describe('what is wrong', () => {
  test.each<[string, Json, readonly [string, string]]>([
    ['no object', 'daily', ['schedule_type', '']],
    ['no kind', { enabled: true }, ['schedule_missing', '.kind']],
    ['an unknown kind', { kind: 'sometimes' }, ['schedule_option', '.kind']],
    ['a broken expression', { cronExpression: '0 25 * * *', timeZone: 'UTC' }, ['schedule_cron', '.expression']],
    ['no expression', { kind: 'cron', timeZone: 'UTC' }, ['schedule_missing', '.expression']],
    ['an expression that is no text', { kind: 'cron', expression: 5, timeZone: 'UTC' }, ['schedule_type', '.expression']],
    ['a zone that is misspelt', { cron: '@daily', timezone: 'Europe/Zurick' }, ['schedule_zone_near', '.timeZone']],
    ['a bare offset', { cron: '@daily', timeZone: '+02:00' }, ['schedule_zone', '.timeZone']],
    ['no zone', { cron: '@daily' }, ['schedule_zone_missing', '.timeZone']],
    ['no zone for a local time', { kind: 'interval', every: '1h', startAt: '2026-01-01T00:00' }, ['schedule_zone_missing', '.timeZone']],
    ['a number without a unit', { kind: 'interval', every: 60 }, ['schedule_span', '.every']],
    ['a unit that is none', { kind: 'interval', interval: '5 fortnights' }, ['schedule_span', '.every']],
    ['nothing between', { kind: 'delay', every: '0s' }, ['schedule_range', '.every']],
    ['a window that is too short', { kind: 'manual', catchupWindow: '9s' }, ['schedule_range', '.catchupWindow']],
    ['a window that is none', { kind: 'manual', catchupWindow: 'ever' }, ['schedule_span', '.catchupWindow']],
    ['no time', { kind: 'once', at: 'tomorrow' }, ['schedule_instant', '.at']],
    ['a day of no calendar', { kind: 'once', at: '2026-02-30T08:00:00Z' }, ['schedule_instant', '.at']],
    ['no instant', { kind: 'once' }, ['schedule_missing', '.at']],
    ['a year beyond', { kind: 'once', at: 1e15 }, ['schedule_range', '.at']],
    ['an unknown choice', { kind: 'manual', overlap: 'queue' }, ['schedule_option', '.overlap']],
    ['an unknown event', { kind: 'watch', path: 'in', events: ['added', 'renamed'] }, ['schedule_option', '.events[1]']],
    ['no event', { kind: 'watch', path: 'in', events: [] }, ['schedule_range', '.events']],
    ['an impatient watch', { kind: 'watch', path: 'in', settleMs: 1 }, ['schedule_range', '.settleMs']],
    ['too many', { kind: 'manual', misfireMax: 1001 }, ['schedule_range', '.misfireMax']],
    ['half a second', { kind: 'manual', graceSeconds: 0.5 }, ['schedule_type', '.graceSeconds']],
    ['a long note', { kind: 'manual', note: 'x'.repeat(2001) }, ['schedule_too_long', '.note']],
    ['a key with a space', { kind: 'manual', key: 'a b' }, ['schedule_key', '.key']],
    ['a date that never comes', { cron: '0 0 30 2 *', timeZone: 'UTC' }, ['schedule_never', '.expression']],
    ['a word that is misspelt', { kind: 'manual', overlp: 'skip' }, ['schedule_ignored_near', '.overlp']],
    ['a word of another kind', { kind: 'manual', expression: '@daily' }, ['schedule_ignored', '.expression']],
    ['a word from elsewhere', { kind: 'manual', colour: 'red' }, ['schedule_ignored', '.colour']],
    ['the same twice', { cron: '@daily', expression: '@weekly', timeZone: 'UTC' }, ['schedule_ignored_near', '.cron']],
  ])('%s', (_what, value, [code, field]) => {
    expect(told(value)).toEqual([[code, `metadata.schedule${field}`]]);
    for (const one of readSchedules(value).problems) {
      const { message, remedy } = problemText(one, 'zh');
      expect(`${message}${remedy}`).toMatch(/\p{Script=Han}/u);
      expect(message).not.toBe(one.message);
    }
  });

  test('a broken expression is told with its position, in both languages', () => {
    const [found] = readSchedules({ cron: '0 25 * * *', timeZone: 'UTC' }).problems;
    if (found === undefined) throw new Error('It was not seen.');
    expect(found).toMatchObject({ severity: 'error', message: 'The hour is broken at character 3: “25” is not allowed.', remedy: expect.stringContaining('0 to 23'), params: { position: '3', found: '25' } });
    expect(problemText(found, 'zh').message).toBe('小时字段第 3 个字符有误：不允许“25”。');
  });

  test('several at once', () => {
    expect(told({ kind: 'cron', expression: '61 * * * *', timeZone: 'Mars', overlap: 'x', remainingRuns: -1 }).map(([code]) => code)).toEqual(['schedule_cron', 'schedule_zone', 'schedule_option', 'schedule_range']);
  });
});

test('written flat, in a fixed order, and what we do not know stays', () => {
  const [one] = readSchedules({ note: 'n', timezone: 'UTC', scheduleType: 'fixed_rate', interval: '1h', color: 'red', startAt: '2026-01-01T00:00:00.5Z', phase: '0s', misfire: 'all' }).schedules;
  if (one === undefined) throw new Error('It was not read.');
  const before = { scheduleType: 'fixed_rate', interval: '1h', intervalMinutes: 60, color: 'red' };
  expect(JSON.stringify(scheduleJson(one, before))).toBe('{"kind":"interval","every":"1h","timeZone":"UTC","startAt":"2026-01-01T00:00:00.500Z","misfire":"all","note":"n","color":"red"}');
  expect(schedulesJson([])).toBeUndefined();
  expect(schedulesJson([one])).toEqual(scheduleJson(one));
});
