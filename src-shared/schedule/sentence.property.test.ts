import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { occurrences } from './occurrences.ts';
import { previewTimes } from './preview.ts';
import { ScheduleDefinition } from './schedule.ts';
import type { CronSpec } from './schedule.ts';
import { crons, definitions } from './schedule.testing.ts';
import { describeSchedule } from './sentence.ts';
import { instants, readBack } from './sentence.testing.ts';

const DAY = 86_400_000;
/** A leap year and the years around it, all beginnings of months. */
const WITHIN = 1500;
const spec = (expression: string, days: 'or' | 'and'): CronSpec => ({ kind: 'cron', expression, timeZone: 'UTC', days, gap: 'nextValid', repeat: 'first' });
const say = (times: CronSpec, language: 'en' | 'zh'): string => describeSchedule(ScheduleDefinition.parse({ times }), language).replace(/ ?[(（]UTC[)）]$/u, '');

test('read back by somebody who knows no cron, the English sentence names exactly the times at which it runs', () => {
  let some = 0;
  fc.assert(
    fc.property(crons, fc.constantFrom('or', 'and'), fc.integer({ min: 0, max: 400 }), (expression, days, month) => {
      const times = spec(expression, days);
      const from = Date.UTC(2000, month, 1);
      const sentence = say(times, 'en');
      const expected = occurrences(times, from - 1, from + WITHIN * DAY - 1, 200).map(({ at }) => at);
      expect(instants(readBack(sentence), from, WITHIN, 200), sentence).toEqual(expected);
      some += expected.length > 0 ? 1 : 0;
    }),
    { numRuns: 600 },
  );
  expect(some).toBeGreaterThan(400);
});

test('two expressions have one Chinese sentence exactly where they have one English sentence', () => {
  const chinese = new Map<string, string>();
  const english = new Map<string, string>();
  fc.assert(
    fc.property(crons, fc.constantFrom('or', 'and'), (expression, days) => {
      const [en, zh] = [say(spec(expression, days), 'en'), say(spec(expression, days), 'zh')];
      expect(chinese.get(en) ?? zh).toBe(zh);
      expect(english.get(zh) ?? en).toBe(en);
      chinese.set(en, zh);
      english.set(zh, en);
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(zh.match(/\d\d:\d\d(?::\d\d)?/gu)).toEqual(en.match(/\d\d:\d\d(?::\d\d)?/gu));
    }),
    { numRuns: 1000 },
  );
});

test('every definition has a sentence in both languages, and a preview', () => {
  fc.assert(
    fc.property(definitions, fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) }), (definition, from) => {
      const [en, zh] = [describeSchedule(definition, 'en'), describeSchedule(definition, 'zh')];
      for (const sentence of [en, zh]) expect(sentence).not.toMatch(/undefined|NaN|\[object|^\s*$/u);
      expect(zh).toMatch(/\p{Script=Han}/u);
      const { times } = definition;
      const shown = previewTimes(times, from, 3);
      expect(shown.map(({ at }) => at)).toEqual(shown.map(({ at }) => at).toSorted((a, b) => a - b));
      for (const { at, localTime } of shown) {
        expect(at).toBeGreaterThanOrEqual(from);
        expect(localTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d/u);
        if ('startAt' in times && times.startAt !== undefined) expect(at).toBeGreaterThanOrEqual(times.startAt);
        if ('endAt' in times && times.endAt !== undefined) expect(at).toBeLessThanOrEqual(times.endAt);
      }
      if (times.kind === 'manual' || times.kind === 'delay' || times.kind === 'watch') expect(shown).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
