import { assert, bigInt, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { dayText, daysOf, momentText, parseDay, parseMoment, parseTime, timeText } from './moments.ts';

const FIRST = daysOf(1, 1, 1);
const LAST = daysOf(9999, 12, 31);

test('days are those of the calendar, there and back', () => {
  assert(
    property(integer({ min: FIRST, max: LAST }), (days) => {
      const text = dayText(days) ?? '';
      expect(text).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10));
      expect(parseDay(text)).toBe(days);
    }),
  );
  expect([dayText(FIRST - 1), dayText(LAST + 1), dayText(2_147_483_647)]).toEqual([null, null, null]);
});

test('moments are exact to the microsecond, there and back, before 1970 as after', () => {
  assert(
    property(bigInt({ min: BigInt(FIRST) * 86_400_000_000n, max: BigInt(LAST + 1) * 86_400_000_000n - 1n }), (micros) => {
      const text = momentText(micros) ?? '';
      expect(parseMoment(text)).toBe(micros);
      expect(parseMoment(`${text.replace(' ', 'T')}Z`)).toBe(micros);
      expect(parseMoment(`${text}+05:45`)).toBe(micros - 345n * 60_000_000n);
      expect(parseMoment(`${text}-0330`)).toBe(micros + 210n * 60_000_000n);
    }),
  );
  expect(momentText(-1n)).toBe('1969-12-31 23:59:59.999999');
});

test('times of a day, there and back', () => {
  assert(property(bigInt({ min: 0n, max: 86_399_999_999n }), (micros) => parseTime(timeText(micros)) === micros));
  expect([parseTime('12:34'), parseTime('12:34:56.7'), parseTime('12:34:56.123456000')]).toEqual([45_240_000_000n, 45_296_700_000n, 45_296_123_456n]);
});

test('what is no day, no time and no moment is none', () => {
  for (const text of ['', '2026-02-29', '2026-13-01', '2026-00-01', '2026-01-00', '0000-00-00', '2026-1-1', '2026-01-011', '2O26-01-01', '2026/01/01']) expect(parseDay(text), text).toBeNull();
  for (const text of ['', '24:00', '12:60', '12:34:60', '12:34:', '12:34:5', '12', '1:23', '12:34:56.', '12:34:56.1234567', '12:34:56,5', '-1:00:00', '838:59:59']) expect(parseTime(text), text).toBeNull();
  for (const text of ['', '2026-01-01 ', '2026-01-01T', '2026-01-01x10:00', '2026-01-01 10', '2026-01-01 10:00:00+', '2026-01-01 10:00:00 UTC', '2026-02-30 00:00:00', 'now']) expect(parseMoment(text), text).toBeNull();
});
