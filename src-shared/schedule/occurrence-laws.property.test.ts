import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { occurrences } from './occurrences.ts';
import { spanMs, TimedSpec } from './schedule.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const ZONES = ['UTC', 'Europe/Zurich', 'America/Los_Angeles', 'Australia/Lord_Howe', 'America/Asuncion', 'Asia/Beirut', 'Africa/Casablanca', 'Pacific/Apia', 'Antarctica/Troll', 'America/St_Johns', 'Asia/Kathmandu', 'America/Havana'];

/** A field of numbers from `low` to `high`: a value, a list, a range, a step. Values near the lowest come oftener, because clocks change at night. */
const field = (low: number, high: number): fc.Arbitrary<string> => {
  const value = fc.oneof(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: Math.min(high, low + 3) }));
  const range = fc.tuple(value, value).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
  const step = fc.tuple(fc.oneof(fc.constant('*'), range), fc.integer({ min: 1, max: Math.min(20, high) })).map(([what, by]) => `${what}/${by}`);
  const item = fc.oneof(value.map(String), range, step);
  return fc.oneof({ weight: 3, arbitrary: value.map(String) }, fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(',')));
};
const star = (other: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof({ weight: 3, arbitrary: fc.constant('*') }, other);
const day = fc.oneof(field(1, 28), fc.constantFrom('L', 'LW', '15W', '1W', '1,L', '31'));
const weekday = fc.oneof(field(0, 6), fc.constantFrom('FRI#2', 'SUNL', 'MON-FRI', '7', 'SAT,SUN'));
const expression = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(field(0, 59), field(0, 59), fc.oneof(fc.constant('*'), field(0, 23)), star(day), star(field(1, 12)), star(weekday)).map((fields) => fields.join(' ')) },
  fc.constantFrom('@hourly', '@daily', '@weekly', '@monthly', '@yearly', '30 2 * * *', '0 0 * * *'),
);
/** The years 1990 to 2035, whole seconds or not. */
const instant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2035, 0) });
const cron = fc.record({ kind: fc.constant('cron'), expression, timeZone: fc.constantFrom(...ZONES), days: fc.constantFrom('or', 'and'), gap: fc.constantFrom('nextValid', 'skip'), repeat: fc.constantFrom('first', 'second', 'both') });
const span = fc.oneof(fc.integer({ min: 20, max: 5000 }).map((n) => `${n}s`), fc.integer({ min: 1, max: 500 }).map((n) => `${n}m`), fc.integer({ min: 1, max: 50 }).map((n) => `${n}h`), fc.integer({ min: 1, max: 9 }).map((n) => `${n}d`));
const interval = fc.record({ kind: fc.constant('interval'), every: span, phase: fc.oneof(fc.constant('0s'), span), timeZone: fc.constantFrom(...ZONES) });
const once = fc.record({ kind: fc.constant('once'), at: instant });
const spec = fc.oneof({ weight: 6, arbitrary: cron }, { weight: 2, arbitrary: interval }, once).map((made) => TimedSpec.parse(made));

/** Enough of them for a law, few enough for a test. */
const MOST = 300;
const atOf = (made: TimedSpec, after: number, until: number, limit = Infinity): readonly number[] => occurrences(made, after, until, limit).map(({ at }) => at);
/** The end of a time after `after` in which no more than MOST come. */
const endAfter = (made: TimedSpec, after: number, length: number): number => Math.min(after + length, atOf(made, after, after + length, MOST).at(MOST - 1) ?? Infinity);
const cursors = { from: instant, length: fc.oneof(fc.integer({ min: 0, max: 2 * DAY }), fc.integer({ min: 0, max: 400 * DAY })) };

test('a time looked at in two parts, wherever it is parted, holds what it holds as a whole', () => {
  fc.assert(
    fc.property(spec, cursors.from, cursors.length, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }), (made, after, length, parts) => {
      const until = endAfter(made, after, length);
      const whole = occurrences(made, after, until, Infinity);
      const middles = parts.map((part) => Math.floor(after + (until - after) * part));
      // Also parted at an occurrence, and one ms beside it.
      for (const { at } of whole.slice(0, 2)) middles.push(at - 1, at);
      for (const middle of middles) expect([...occurrences(made, after, middle, Infinity), ...occurrences(made, middle, until, Infinity)]).toEqual(whole);
    }),
    { numRuns: 150 },
  );
});

test('a limit cuts the end off and changes nothing else', () => {
  fc.assert(
    fc.property(spec, cursors.from, cursors.length, fc.integer({ min: 0, max: 20 }), (made, after, length, limit) => {
      const until = endAfter(made, after, length);
      expect(occurrences(made, after, until, limit)).toEqual(occurrences(made, after, until, Infinity).slice(0, limit));
    }),
    { numRuns: 150 },
  );
});

test('the one after the one after the one … is what is found at once: the live clock goes like that', () => {
  fc.assert(
    fc.property(spec, instant, (made, after) => {
      const found: number[] = [];
      for (let last: number | undefined = after; found.length < 12; found.push(last)) {
        last = atOf(made, last, Infinity, 1)[0];
        if (last === undefined) break;
      }
      expect(found).toEqual(atOf(made, after, Infinity, 12));
    }),
    { numRuns: 150 },
  );
});

test('they ascend, none twice, and none lies at the first cursor or before, or after the second', () => {
  fc.assert(
    fc.property(spec, cursors.from, cursors.length, (made, after, length) => {
      const until = endAfter(made, after, length);
      let last = after;
      for (const at of atOf(made, after, until)) {
        expect(at).toBeGreaterThan(last);
        expect(at).toBeLessThanOrEqual(until);
        last = at;
      }
    }),
    { numRuns: 150 },
  );
});

test('start and end belong to it, and bound it without shifting anything', () => {
  fc.assert(
    fc.property(fc.oneof(cron, interval), cursors.from, cursors.length, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (made, after, length, one, other, choice) => {
      const free = TimedSpec.parse(made);
      const until = endAfter(free, after, length);
      const all = atOf(free, after, until);
      const between = (part: number): number => Math.floor(after + (until - after) * part);
      const startAt = all[choice % 5] ?? between(one);
      const endAt = all.at(-1 - (choice % 3)) ?? between(other);
      expect(atOf(TimedSpec.parse({ ...made, startAt, endAt }), after, until)).toEqual(all.filter((at) => at >= startAt && at <= endAt));
    }),
    { numRuns: 150 },
  );
});

test('intervals are anchored at 1970 and their phase, wherever one begins to look', () => {
  fc.assert(
    fc.property(interval, cursors.from, cursors.length, (made, after, length) => {
      const parsed = TimedSpec.parse(made);
      const until = endAfter(parsed, after, length);
      const [step, phase] = [spanMs(made.every) ?? 0, spanMs(made.phase) ?? 0];
      const found = atOf(parsed, after, until);
      for (const at of found) expect((at - phase) % step).toBe(0);
      expect(found.length).toBe(Math.floor((until - phase) / step) - Math.floor((after - phase) / step));
    }),
    { numRuns: 150 },
  );
});
