import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EVENTS, isOfASchedule } from '#shared/events';
import type { EventType, NewEvent } from '#shared/events';
import { runHistory } from '#shared/run/history.testing';
import { anyScheduleHistory, scheduleEvents } from '#shared/schedule/history.testing';
import { evolveSchedule, isSpent } from '#shared/schedule/state';
import type { ScheduleState } from '#shared/schedule/state';

const T = 1_767_225_600_000;
const at = (minute: number): number => T + minute * 60_000;
const { created, edited, paused, resumed, deleted, fired, skipped, missed, buffered } = scheduleEvents('orders', T);

const fold = (...events: readonly NewEvent[]): ScheduleState => {
  const state = events.reduce<ScheduleState | null>((before, event) => evolveSchedule(before, event), null);
  if (state === null) throw new Error('There is no schedule.');
  return state;
};

test('begins when it is created, and not before', () => {
  expect(evolveSchedule(null, fired(1))).toBeNull();
  expect(fold(created())).toMatchObject({ id: 'orders', workflowName: 'Orders', paused: null, cursor: T, buffered: [], fires: 0, lastFired: null, seen: null, deleted: false, version: 1 });
});

test('events of other streams leave it as it is', () => {
  const state = fold(created(), fired(1));
  for (const event of runHistory({ run: 'r1' })) expect(evolveSchedule(state, event)).toBe(state);
});

test('its version is that of its last event, counted where the event has none yet', () => {
  expect(fold(created(), fired(1), missed(2, 3, 2)).version).toBe(3);
  expect(evolveSchedule(fold(created()), { ...fired(1), version: 9 })?.version).toBe(9);
});

test('its cursor never goes back, whatever is settled late', () => {
  expect(fold(created(), fired(5), skipped(2), missed(1, 3, 3), buffered(4), resumed(1)).cursor).toBe(at(5));
  expect(fold(created(), missed(1, 9, 9)).cursor).toBe(at(9));
});

test('what is buffered stands in the order of its times, each once, until it is fired or skipped', () => {
  const times = (...events: readonly NewEvent[]): readonly number[] => fold(created(), ...events).buffered.map((one) => one.nominalTime);
  expect(times(buffered(3), buffered(1), buffered(2), buffered(3))).toEqual([at(1), at(2), at(3)]);
  expect(times(buffered(1), buffered(2), fired(1))).toEqual([at(2)]);
  expect(times(buffered(1), buffered(2), skipped(2))).toEqual([at(1)]);
  expect(times(buffered(1), deleted())).toEqual([]);
  expect(times(buffered(1), created())).toEqual([]);
});

test('fires are counted, skips are not, and another number of runs begins the count anew', () => {
  const some = [created(), fired(1), skipped(2), missed(3, 4, 2), fired(5)];
  expect(fold(...some)).toMatchObject({ fires: 2, lastFired: { nominalTime: at(5), runId: 'run-5' } });
  expect(fold(...some, edited('Orders', 5)).fires).toBe(2);
  const limited = fold(...some, edited('Orders', 1, 2));
  expect([limited.fires, isSpent(limited)]).toEqual([0, false]);
  expect(isSpent(fold(...some, edited('Orders', 1, 2), fired(6), fired(7)))).toBe(true);
  expect(isSpent(fold(...some))).toBe(false);
});

test('a pause says why and is ended by a resumption; a schedule that is created again after it was deleted is none of the old one', () => {
  const pausing = paused('the server is down');
  expect(fold(created(), pausing).paused).toEqual({ by: 'person', note: 'the server is down', at: pausing.at });
  expect(fold(created(), paused('x'), resumed(3, 'seen')).paused).toBeNull();
  expect(fold(created(), paused('x'), resumed(3, 'seen'))).toMatchObject({ cursor: at(3), seen: 'seen' });
  expect(fold(created(), fired(1), paused('x'), deleted())).toMatchObject({ deleted: true });
  expect(fold(created(), fired(1), paused('x'), deleted(), created())).toMatchObject({ deleted: false, paused: { note: 'x' }, fires: 1, version: 5 });
});

test('every event that a schedule can have is in the histories of these tests', () => {
  const made = new Set(fc.sample(anyScheduleHistory('orders', 40), { numRuns: 200, seed: 1 }).flatMap((history) => history.map((event) => event.type)));
  expect((Object.keys(EVENTS) as EventType[]).filter((type) => isOfASchedule({ type }) && !made.has(type))).toEqual([]);
});

test('it is plain data: from its JSON it goes on to the same state', () => {
  fc.assert(
    fc.property(anyScheduleHistory('orders', 40), (history) => {
      const stored = history.reduce<ScheduleState | null>((state, event) => JSON.parse(JSON.stringify(evolveSchedule(state, event))) as ScheduleState, null);
      expect(JSON.stringify(stored)).toBe(JSON.stringify(fold(...history)));
      expect(stored?.buffered.map((one) => one.nominalTime)).toEqual(stored?.buffered.map((one) => one.nominalTime).toSorted((a, b) => a - b));
    }),
  );
});
