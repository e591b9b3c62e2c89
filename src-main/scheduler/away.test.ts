import { expect, test } from 'vitest';
import { handWound } from './hand-wound.testing.ts';
import { A, createWorld, everyMinute, HOUR, hourly, MINUTE, reopen, scene, SECOND, START } from './scheduler.testing.ts';

test('missed runs wait for a person; skipped, latest or all; those that are not named go by their policy', async () => {
  const hands = handWound(START);
  const world = createWorld(hands);
  for (const id of ['a', 'b', 'c', 'd']) world.put(id, { ...hourly, misfire: 'last', label: id });
  const first = await world.open();
  const second = await reopen(hands, world, first, 2 * HOUR + 10 * MINUTE, 30_000);
  const shown = second.away();
  expect(shown?.schedules.map((one) => [one.scheduleId, one.count, one.tooOld, one.policy, one.reason, one.times.length])).toEqual(['a', 'b', 'c', 'd'].map((id) => [id, 2, 0, 'latest', 'notRunning', 2]));
  expect(shown?.deadline).toBe(START + 2 * HOUR + 10 * MINUTE + 30_000);
  await hands.pass(10 * SECOND);
  expect(world.starts).toHaveLength(0);
  await second.settleAway({ a: 'skip', b: 'latest', c: 'run' });
  expect(second.away()).toBeNull();
  await hands.pass(5 * SECOND);
  expect(['a', 'b', 'c', 'd'].map((id) => world.story(id)[0])).toEqual(['missed 09:00–10:00 ×2 notRunning', 'missed 09:00 notRunning', 'buffered 09:00 asked', 'missed 09:00 notRunning']);
  await second.close();
});

test('at the deadline the policies decide, and what came due meanwhile is on time', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, misfire: 'skip', graceSeconds: 1 });
  const second = await reopen(hands, world, scheduler, 10 * MINUTE + 15 * SECOND, 30_000);
  expect(world.story()).toEqual([]);
  await hands.pass(31 * SECOND);
  expect(second.away()).toBeNull();
  expect(world.story()).toEqual(['missed 08:01–08:10 ×10 notRunning', 'fired 08:11 onTime']);
  await second.close();
});

test('a studio that ends while missed runs are held loses none of them', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, misfire: 'all' });
  const second = await reopen(hands, world, scheduler, 3 * HOUR, 30_000);
  expect(second.away()?.schedules[0]?.count).toBe(2);
  const third = await reopen(hands, world, second, HOUR, 30_000);
  expect(third.away()?.schedules[0]?.count).toBe(3);
  await third.close();
});

test('runMissed lets missed and skipped ones run after all, in order, but no one that has fired', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, misfire: 'last' });
  await hands.sleep(5 * HOUR);
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['missed 09:00–12:00 ×4 asleep', 'fired 13:00 onTime']);
  await world.endAll();
  expect(await scheduler.runMissed(A, START + 2 * HOUR, START + 9 * HOUR, false)).toBe(2);
  expect(await scheduler.runMissed(A, START + 2 * HOUR, START + 9 * HOUR, false)).toBe(0);
  for (let n = 0; n < 3; n += 1) {
    await hands.pass(SECOND);
    await world.endAll();
  }
  expect(world.story().slice(-4)).toEqual(['buffered 11:00 asked', 'buffered 12:00 asked', 'fired 11:00 asked', 'fired 12:00 asked']);
  expect(await scheduler.runMissed(A, START, START + 9 * HOUR, true)).toBe(1);
  await hands.pass(SECOND);
  expect(world.story().at(-1)).toBe('fired 10:00 asked');
  await scheduler.close();
});

test('what is held of a schedule that is edited meanwhile is missed, and nobody is asked any more', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, misfire: 'all' });
  const second = await reopen(hands, world, scheduler, 3 * HOUR + 10 * MINUTE, 30_000);
  expect(second.away()?.schedules).toHaveLength(1);
  world.put('a', { ...hourly, misfire: 'skip' });
  await hands.pass(SECOND);
  expect(second.away()).toBeNull();
  expect(world.story()).toEqual(['missed 09:00–11:00 ×3 notRunning', 'edited']);
  await second.close();
});

test('who sleeps again while being asked is asked anew, with all of it', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, misfire: 'skip' }, 30_000);
  await hands.sleep(3 * HOUR + 10 * MINUTE);
  scheduler.power('resume');
  await hands.settle();
  expect(scheduler.away()?.schedules[0]?.count).toBe(3);
  await hands.pass(10 * SECOND);
  scheduler.power('suspend');
  await hands.sleep(2 * HOUR);
  scheduler.power('resume');
  await hands.settle();
  expect(scheduler.away()?.schedules[0]).toMatchObject({ count: 5, reason: 'asleep' });
  await hands.pass(29 * SECOND);
  expect(world.story()).toEqual([]);
  await hands.pass(2 * SECOND);
  expect(world.story()).toEqual(['missed 09:00–13:00 ×5 asleep']);
  await scheduler.close();
});
