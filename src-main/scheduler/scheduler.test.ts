import { expect, test } from 'vitest';
import { handWound } from './hand-wound.testing.ts';
import { createWorld } from './scheduler.testing.ts';

const START = Date.UTC(2026, 2, 2, 8, 0, 30);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const everyMinute = { kind: 'interval', every: '1m', timeZone: 'UTC' };
const hourly = { kind: 'cron', expression: '0 * * * *', timeZone: 'UTC' };

test('an interval fires at its nominal times, and the run knows which', async () => {
  const hands = handWound(START);
  const world = createWorld(hands);
  world.put('a', everyMinute);
  const scheduler = await world.open();
  await hands.pass(MINUTE);
  await world.endAll();
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['fired 08:01 onTime', 'fired 08:02 onTime']);
  expect(world.starts[0]?.trigger).toEqual({ kind: 'schedule', scheduleId: 'a', nominalTime: '2026-03-02T08:01:00.000Z' });
  await scheduler.close();
  expect(hands.pending()).toBe(0);
});

test('an hour of sleep: the last one runs late, the others are missed', async () => {
  const hands = handWound(START);
  const world = createWorld(hands);
  world.put('a', hourly);
  const scheduler = await world.open();
  await hands.sleep(5 * HOUR);
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['missed 09:00–12:00 ×4 asleep', 'buffered 13:00 catchUp', 'fired 13:00 catchUp']);
  await scheduler.close();
});
