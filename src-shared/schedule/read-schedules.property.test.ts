import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '#shared/json';
import { ScheduleInFile } from './file-schema.ts';
import { readSchedules } from './read-schedules.ts';
import { definitions } from './schedule.testing.ts';
import { scheduleJson, schedulesJson } from './write-schedule.ts';

test('what is written is read as the same again, through the text of a file, without an error', () => {
  fc.assert(
    fc.property(definitions, (definition) => {
      const written = JSON.stringify(scheduleJson(definition));
      const { schedules, problems } = readSchedules(JSON.parse(written) as Json);
      expect(problems.filter((one) => one.code !== 'schedule_never')).toEqual([]);
      expect(schedules).toEqual([definition]);
      expect(ScheduleInFile.safeParse(JSON.parse(written)).error).toBeUndefined();
      expect(JSON.stringify(scheduleJson(definition, JSON.parse(written) as Json))).toBe(written);
    }),
    { numRuns: 500 },
  );
});

test('and so is a list of them', () => {
  fc.assert(
    fc.property(fc.uniqueArray(definitions, { selector: (one) => one.key, maxLength: 5 }), (list) => {
      expect(readSchedules(schedulesJson(list)).schedules).toEqual(list);
    }),
    { numRuns: 100 },
  );
});

test('whatever stands there, reading it neither throws nor answers schedules beside an error', () => {
  const keys = fc.constantFrom('kind', 'scheduleType', 'expression', 'cron', 'every', 'interval', 'timeZone', 'at', 'startAt', 'path', 'events', 'overlap', 'graceSeconds', 'enabled', 'key', 'toString', '__proto__', 'constructor');
  const values = fc.oneof(fc.constantFrom<Json>('cron', 'once', 'interval', 'watch', '0 8 * * *', '1h', 'UTC', '2026-01-31', '2026-02-30T08:00', 5, -1, 1e300), fc.jsonValue() as fc.Arbitrary<Json>);
  const things = fc.oneof(fc.jsonValue() as fc.Arbitrary<Json>, fc.array(fc.tuple(keys, values)).map((entries) => Object.fromEntries(entries)));
  fc.assert(
    fc.property(fc.oneof(things, fc.array(things, { maxLength: 3 })), (value) => {
      const { schedules, problems } = readSchedules(value);
      for (const one of problems) {
        expect(one.code).toMatch(/^schedule_/u);
        expect(one.field).toMatch(/^metadata\.schedule/u);
        // What is quoted may be anything.
        for (const text of [one.message, one.remedy ?? '']) expect(text.replaceAll(/“.*”/gsu, '')).not.toMatch(/\{\w+\}|undefined/u);
      }
      if (problems.some((one) => one.severity === 'error')) expect(schedules).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
