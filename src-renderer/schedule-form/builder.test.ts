import { assert, constantFrom, integer, oneof, property, record, uniqueArray } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { occurrences } from '#shared/schedule/occurrences';
import { readPattern, turnedInto, writePattern } from './builder.ts';
import type { MonthDay, Pattern } from './builder.ts';

const time = record({ hour: integer({ min: 0, max: 23 }), minute: integer({ min: 0, max: 59 }) });
const monthDay: Arbitrary<MonthDay> = oneof(
  record({ kind: constantFrom('day' as const), day: integer({ min: 1, max: 31 }) }),
  constantFrom({ kind: 'last' as const }, { kind: 'lastWeekday' as const }),
  record({ kind: constantFrom('nth' as const), nth: constantFrom<number | 'L'>(1, 2, 3, 4, 5, 'L'), weekday: integer({ min: 0, max: 6 }) }),
);
const anyPattern: Arbitrary<Pattern> = oneof(
  record({ kind: constantFrom('minutes' as const), every: constantFrom(1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30) }),
  record({ kind: constantFrom('hourly' as const), every: constantFrom(1, 2, 3, 4, 6, 8, 12), minute: integer({ min: 0, max: 59 }) }),
  record({ kind: constantFrom('daily' as const), time }),
  record({ kind: constantFrom('weekly' as const), time, days: uniqueArray(integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 }).map((days) => days.toSorted((a, b) => a - b)) }),
  record({ kind: constantFrom('monthly' as const), time, on: monthDay }),
  record({ kind: constantFrom('yearly' as const), time, day: integer({ min: 1, max: 28 }), month: integer({ min: 1, max: 12 }) }),
);
const times = (expression: string) => occurrences({ kind: 'cron', expression, timeZone: 'UTC', days: 'or', gap: 'nextValid', repeat: 'first' }, Date.UTC(2026, 0, 1), Infinity, 20).map(({ at }) => at);

describe('a pattern', () => {
  it('is read back from the expression that it was written as', () => {
    assert(property(anyPattern, (pattern) => {
      expect(readPattern(writePattern(pattern))).toEqual(pattern);
    }));
  });
  it('is an expression that the scheduler takes', () => {
    assert(property(anyPattern, (pattern) => {
      expect(times(writePattern(pattern))).toHaveLength(20);
    }), { numRuns: 60 });
  });
});

describe('an expression', () => {
  it.each([
    ['0 8 * * 1-5', { kind: 'weekly', time: { hour: 8, minute: 0 }, days: [1, 2, 3, 4, 5] }],
    ['0 8 * * MON-FRI', { kind: 'weekly', time: { hour: 8, minute: 0 }, days: [1, 2, 3, 4, 5] }],
    ['0 30 6 * * 6,7', { kind: 'weekly', time: { hour: 6, minute: 30 }, days: [0, 6] }],
    ['0 0 * * 5-7', { kind: 'weekly', time: { hour: 0, minute: 0 }, days: [0, 5, 6] }],
    ['5 4 * * 0-6', { kind: 'daily', time: { hour: 4, minute: 5 } }],
    ['@daily', { kind: 'daily', time: { hour: 0, minute: 0 } }],
    ['@hourly', { kind: 'hourly', every: 1, minute: 0 }],
    ['  15 */6  * * * ', { kind: 'hourly', every: 6, minute: 15 }],
    ['0 9 * * FRI#2', { kind: 'monthly', time: { hour: 9, minute: 0 }, on: { kind: 'nth', nth: 2, weekday: 5 } }],
    ['0 9 * * 5L', { kind: 'monthly', time: { hour: 9, minute: 0 }, on: { kind: 'nth', nth: 'L', weekday: 5 } }],
    ['0 9 * * friL', { kind: 'monthly', time: { hour: 9, minute: 0 }, on: { kind: 'nth', nth: 'L', weekday: 5 } }],
    ['0 9 LW * *', { kind: 'monthly', time: { hour: 9, minute: 0 }, on: { kind: 'lastWeekday' } }],
  ] as const)('%s is read as the pattern that it is, and means the same', (expression, pattern) => {
    expect(readPattern(expression)).toEqual(pattern);
    expect(times(writePattern(pattern))).toEqual(times(expression));
  });
  it.each(['', '0 8 * *', '0 8 * * 1-5 2030', '30 0 8 * * *', '*/7 * * * *', '0 */5 * * *', '0 8,20 * * *', '0 8 1 * 1', '0 8 15W * *', '0 8 * 1-6 *', '0 8 * * 5-1', '0 8 * * 1/2', '61 8 * * *', '0 8 32 * *', 'every day', '@reboot'])('“%s” is none', (expression) => expect(readPattern(expression)).toBeNull());
});

describe('a pattern of another kind', () => {
  it('keeps the time of day', () => expect(turnedInto('weekly', readPattern('45 17 * * *'))).toEqual({ kind: 'weekly', time: { hour: 17, minute: 45 }, days: [1, 2, 3, 4, 5] }));
  it('keeps the day of the month', () => expect(turnedInto('yearly', readPattern('45 17 9 * *'))).toEqual({ kind: 'yearly', time: { hour: 17, minute: 45 }, day: 9, month: 1 }));
  it('begins somewhere', () => expect(turnedInto('daily', null)).toEqual({ kind: 'daily', time: { hour: 8, minute: 0 } }));
});
