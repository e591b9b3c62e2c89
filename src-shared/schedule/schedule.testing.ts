import * as fc from 'fast-check';
import { KINDS } from '#shared/schedule/file-keys';
import { ScheduleDefinition } from '#shared/schedule/schedule';
import type { ScheduleKind } from '#shared/schedule/schedule';

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const instant = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(2999, 11, 31, 23, 59, 59, 999) });
const near = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) });
const timeZone = oneOf('UTC', 'Europe/Zurich', 'America/Los_Angeles', 'Asia/Shanghai', 'Australia/Lord_Howe', 'Africa/Casablanca', 'America/St_Johns');
const span = fc.tuple(fc.integer({ min: 1, max: 999 }), oneOf('s', 'm', 'h', 'd')).map(([count, unit]) => `${count}${unit}`);
const texts = fc.string({ maxLength: 20 }).map((text) => text.trim());
const written = texts.filter((text) => text !== '');

/** An item of a field: a value, a range, a step. */
function field(min: number, max: number, ...special: readonly string[]): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const steps = fc.integer({ min: 1, max: max - min });
  const item = fc.oneof(value.map(String), range, fc.tuple(range, steps).map(([low, step]) => `${low}/${step}`), ...special.map((one) => fc.constant(one)));
  return fc.oneof({ weight: 3, arbitrary: fc.constant('*') }, { weight: 3, arbitrary: value.map(String) }, steps.map((step) => `*/${step}`), fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(',')));
}

const fields = [field(0, 59), field(0, 23), field(1, 31, 'L', '15W', '1W'), field(1, 12, 'JAN', 'MAR-MAY'), field(0, 7, 'MON', 'MON-FRI', 'FRI#2', 'FRIL', '1#1', 'WED#3', '4#4', 'TUE#5', 'SUN', 'SATL')] as const;
const alone = <T>(usual: fc.Arbitrary<T>, ...special: readonly T[]): fc.Arbitrary<T> => fc.oneof({ weight: 12, arbitrary: usual }, fc.constantFrom(...special));

/** Cron expressions that are sound: five or six fields, nicknames, with all that a field may hold. */
export const crons: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fields[0], fields[1], alone(fields[2], 'LW', '?'), fields[3], alone(fields[4], '?')).map((parts) => parts.join(' ')) },
  { weight: 3, arbitrary: fc.tuple(field(0, 59), fields[0], fields[1], fields[2], fields[3], fields[4]).map((parts) => parts.join(' ')) },
  oneOf('@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'),
);

const bounds = { startAt: near, endAt: near };
const TIMES: { readonly [K in ScheduleKind]: fc.Arbitrary<object> } = {
  manual: fc.constant({}),
  once: fc.record({ at: instant, timeZone }, { requiredKeys: ['at'] }),
  interval: fc.record({ every: span, phase: span, timeZone, ...bounds }, { requiredKeys: ['every', 'timeZone'] }),
  delay: fc.record({ every: span, timeZone, ...bounds }, { requiredKeys: ['every', 'timeZone'] }),
  cron: fc.record({ expression: crons, timeZone, days: oneOf('or', 'and'), gap: oneOf('nextValid', 'skip'), repeat: oneOf('first', 'second', 'both'), ...bounds }, { requiredKeys: ['expression', 'timeZone'] }),
  watch: fc.record(
    { path: written, glob: written, events: fc.uniqueArray(oneOf('added', 'changed', 'removed'), { minLength: 1 }), settleMs: fc.integer({ min: 100, max: 3_600_000 }), timeZone, ...bounds },
    { requiredKeys: ['path', 'timeZone'] },
  ),
};
const policy = fc.record(
  {
    overlap: oneOf('skip', 'bufferOne', 'bufferAll', 'cancelOther', 'allowAll'),
    misfire: oneOf('skip', 'last', 'all'),
    misfireMax: fc.integer({ min: 1, max: 1000 }),
    graceSeconds: fc.nat(),
    catchupWindow: oneOf('10s', '15m', '1d', '365d'),
    jitterSeconds: fc.nat(),
    remainingRuns: fc.nat(),
    pauseOnFailure: fc.boolean(),
    note: written,
  },
  { requiredKeys: [] },
);
const own = fc.record({ key: fc.stringMatching(/^[\w-]{0,20}$/u), label: texts, enabled: fc.boolean() }, { requiredKeys: [] });

/** Schedules of every kind with any of their fields. */
export const definitions: fc.Arbitrary<ScheduleDefinition> = fc
  .tuple(fc.constantFrom(...KINDS).chain((kind) => TIMES[kind].map((times) => ({ kind, ...times }))), policy, own)
  .map(([times, chosen, rest]) => ScheduleDefinition.parse({ ...rest, times, policy: chosen }));
