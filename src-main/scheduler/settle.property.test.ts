import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScheduleId, WorkflowId } from '#shared/ids';
import { occurrences } from '#shared/schedule/occurrences';
import { ScheduleDefinition, spanMs } from '#shared/schedule/schedule';
import type { TimedSpec } from '#shared/schedule/schedule';
import type { ScheduleState } from '#shared/schedule/state';
import { dueAt, nextMoment } from './next.ts';
import { byPolicy, passedSince, settlement } from './settle.ts';

const START = Date.UTC(2026, 2, 28, 20);
const HOUR = 3_600_000;

const times = fc.oneof(
  fc.record({ kind: fc.constant('interval' as const), every: fc.constantFrom('7s', '1m', '15m', '1h'), timeZone: fc.constant('UTC') }),
  fc.record({ kind: fc.constant('cron' as const), expression: fc.constantFrom('* * * * *', '*/7 * * * *', '30 2 * * *', '0 */3 * * *'), timeZone: fc.constantFrom('Europe/Zurich', 'America/New_York') }),
);
const policy = fc.record({
  overlap: fc.constantFrom('skip', 'bufferOne', 'bufferAll', 'cancelOther', 'allowAll'),
  misfire: fc.constantFrom('skip', 'last', 'all'),
  misfireMax: fc.integer({ min: 1, max: 1000 }),
  graceSeconds: fc.constantFrom(0, 1, 60, 3600, 100_000),
  catchupWindow: fc.constantFrom('10s', '1h', '24h', '365d'),
  jitterSeconds: fc.constantFrom(0, 1, 30, 5000),
  remainingRuns: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
});
const scene = fc.record({ times, policy, slept: fc.integer({ min: 0, max: 30 * HOUR }), held: fc.integer({ min: 0, max: 2 * HOUR }) });

function stateOf(definition: ScheduleDefinition): ScheduleState {
  return { id: ScheduleId.parse('a'), workflowId: WorkflowId.parse('a'), workflowName: 'A', definition, paused: null, cursor: START, buffered: [], fires: 0, lastFired: null, seen: null, deleted: false, version: 1 };
}
const noWait = (): Promise<void> => Promise.resolve();

test('every occurrence that has come due is missed, buffered or on time, and exactly one of these; what is not due stays', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async ({ times: when, policy: how, slept, held }) => {
      const { remainingRuns, ...rest } = how;
      const definition = ScheduleDefinition.parse({ times: when, policy: { ...rest, ...(remainingRuns === undefined ? {} : { remainingRuns }) } });
      const state = stateOf(definition);
      const spec = definition.times as TimedSpec;
      const observedAt = START + slept;
      const now = observedAt + held;
      const passed = await passedSince(state, spec, { now, observedAt }, noWait);
      const { said, onTime } = settlement(state, passed, byPolicy(definition.policy, 'asleep'), (nominal) => nominal);

      const all = occurrences(spec, START, now, Infinity).map((one) => one.at);
      const due = all.filter((at) => dueAt(state, at) <= now);
      const of = (range: { readonly nominalTime: number; readonly lastNominalTime: number }): readonly number[] => all.filter((at) => at >= range.nominalTime && at <= range.lastNominalTime);
      const missed = said.flatMap((one) => (one.type === 'OccurrenceMissed' ? of(one.data) : []));
      const buffered = said.flatMap((one) => (one.type === 'OccurrenceBuffered' ? [one.data.nominalTime] : []));
      expect([...missed, ...buffered, ...onTime].toSorted((a, b) => a - b)).toEqual(due);
      for (const one of said) if (one.type === 'OccurrenceMissed') expect(of(one.data)).toHaveLength(one.data.count);

      // In nominal order, and no cursor passes what is not settled.
      const places = said.map((one) => one.data.nominalTime).concat(onTime);
      expect(places.toSorted((a, b) => a - b)).toEqual(places);
      expect(said.every((one) => one.data.cursor <= now)).toBe(true);

      const { misfire, misfireMax, catchupWindow } = definition.policy;
      const caughtUp = said.filter((one) => one.type === 'OccurrenceBuffered' && one.data.how === 'catchUp').length;
      expect(caughtUp).toBeLessThanOrEqual(misfire === 'skip' ? 0 : misfire === 'last' ? 1 : misfireMax);
      if (remainingRuns !== undefined) expect(buffered.length).toBeLessThanOrEqual(remainingRuns);
      for (const one of said) if (one.type === 'OccurrenceBuffered' && one.data.how === 'catchUp') expect(one.data.nominalTime).toBeGreaterThanOrEqual(observedAt - (spanMs(catchupWindow) ?? 0));
    }),
    { numRuns: 150 },
  );
});

test('jitter keeps the order: no start before its nominal time, none after the next one’s, and what was named is what comes', async () => {
  await fc.assert(
    fc.asyncProperty(times, fc.integer({ min: 1, max: 100_000 }), async (when, jitterSeconds) => {
      const state = stateOf(ScheduleDefinition.parse({ times: when, policy: { jitterSeconds } }));
      const all = occurrences(state.definition.times as TimedSpec, START, START + 12 * HOUR, 100).map((one) => one.at);
      for (const [n, at] of all.entries()) {
        const due = dueAt(state, at);
        expect(due).toBeGreaterThanOrEqual(at);
        expect(due).toBeLessThanOrEqual(at + jitterSeconds * 1000);
        const next = all[n + 1];
        if (next !== undefined) expect(due).toBeLessThan(next);
        expect(dueAt(state, at, next)).toBe(due);
      }
      const [first] = all;
      if (first !== undefined) expect(nextMoment(state, { active: 0, lastEndedAt: null })).toEqual({ nominal: first, at: dueAt(state, first) });
    }),
    { numRuns: 60 },
  );
});

test('forty days of every tenth second are counted to the last one, in slices, and held in little', async () => {
  const state = stateOf(ScheduleDefinition.parse({ times: { kind: 'interval', every: '10s', timeZone: 'UTC' }, policy: { misfire: 'all' } }));
  let breaths = 0;
  const days = 40 * 24 * HOUR;
  const breathe = (): Promise<void> => {
    breaths += 1;
    return Promise.resolve();
  };
  const passed = await passedSince(state, state.definition.times as TimedSpec, { now: START + days, observedAt: START + days }, breathe);
  expect((passed.tooOld?.count ?? 0) + (passed.late?.count ?? 0) + passed.onTime.length).toBe(days / 10_000);
  expect(passed.tooOld?.count).toBe(days / 10_000 - 24 * 360 - 1);
  expect(passed.onTime).toHaveLength(7);
  expect(passed.late?.newest.length).toBeLessThanOrEqual(1001);
  expect(breaths).toBeGreaterThan(100);
});
