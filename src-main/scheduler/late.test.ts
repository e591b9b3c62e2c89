import { expect, test } from 'vitest';
import { StudioError } from '#shared/errors';
import { handWound } from './hand-wound.testing.ts';
import { createWorld, DAY, everyMinute, HOUR, hourly, MINUTE, reopen, scene, SECOND, START } from './scheduler.testing.ts';

test.each([
  ['skip', ['missed 09:00–13:00 ×5 asleep'], []],
  ['last', ['missed 09:00–12:00 ×4 asleep', 'buffered 13:00 catchUp'], ['fired 13:00 catchUp']],
  ['all', ['buffered 09:00 catchUp', 'buffered 10:00 catchUp', 'buffered 11:00 catchUp', 'buffered 12:00 catchUp', 'buffered 13:00 catchUp'], ['fired 09:00 catchUp', 'fired 10:00 catchUp', 'fired 11:00 catchUp', 'fired 12:00 catchUp', 'fired 13:00 catchUp']],
])('misfire %s after hours of sleep', async (misfire, first, then) => {
  const { hands, world, scheduler } = await scene({ ...hourly, misfire });
  await hands.sleep(5 * HOUR + 10 * MINUTE);
  await hands.pass(MINUTE);
  for (let n = 0; n < 5; n += 1) {
    await world.endAll();
    await hands.pass(SECOND);
  }
  expect(world.story()).toEqual([...first, ...then]);
  await scheduler.close();
});

test('misfire all runs the newest, as many as it may', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, misfire: 'all', misfireMax: 2 });
  await hands.sleep(5 * HOUR + 10 * MINUTE);
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['missed 09:00–11:00 ×3 asleep', 'buffered 12:00 catchUp', 'buffered 13:00 catchUp', 'fired 12:00 catchUp']);
  await scheduler.close();
});

test('late by no more than the grace is on time; then what is late needs no catching up', async () => {
  const late = await scene({ ...hourly, graceSeconds: 45 });
  await late.hands.sleep(HOUR + 14 * SECOND);
  late.scheduler.power('resume');
  await late.hands.pass(MINUTE);
  expect(late.world.story()).toEqual(['fired 09:00 onTime']);
  await late.scheduler.close();
  const later = await scene({ ...hourly, graceSeconds: 45, misfire: 'skip' });
  await later.hands.sleep(HOUR + 16 * SECOND);
  later.scheduler.power('resume');
  await later.hands.pass(MINUTE);
  expect(later.world.story()).toEqual(['missed 09:00 asleep']);
  await later.scheduler.close();
  const last = await scene({ ...hourly, graceSeconds: 45 });
  await last.hands.sleep(3 * HOUR);
  last.scheduler.power('unlock');
  await last.hands.settle();
  expect(last.world.story()).toEqual(['missed 09:00–10:00 ×2 asleep', 'fired 11:00 onTime']);
  await last.scheduler.close();
});

test('a busy machine is no sleep: what it delays beyond the grace is a misfire', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, misfire: 'skip' });
  await hands.stall(3 * MINUTE);
  expect(world.story()).toEqual(['missed 08:01–08:02 ×2 misfire', 'fired 08:03 onTime']);
  await scheduler.close();
});

test('what is older than the catch-up window is never run, and says so', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, misfire: 'all', catchupWindow: '2h' });
  await hands.sleep(5 * HOUR + 10 * MINUTE);
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['missed 09:00–11:00 ×3 outsideWindow', 'buffered 12:00 catchUp', 'buffered 13:00 catchUp', 'fired 12:00 catchUp']);
  await scheduler.close();
});

test.each([
  [10 * MINUTE, 10],
  [2 * DAY, 2 * 1440],
  [40 * DAY, 40 * 1440],
])('after a sleep of %i ms every minute of it is accounted for', async (ms, minutes) => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, misfire: 'skip', graceSeconds: 0 });
  await hands.sleep(ms);
  scheduler.power('resume');
  for (let n = 0; n < 40; n += 1) await hands.settle();
  const missed = world.events().flatMap((event) => (event.type === 'OccurrenceMissed' ? [event.data] : []));
  expect(missed.reduce((sum, one) => sum + one.count, 0)).toBe(minutes);
  expect(missed[0]?.nominalTime).toBe(START + 30 * SECOND);
  expect(missed.at(-1)?.lastNominalTime).toBe(START - 30 * SECOND + ms);
  await scheduler.close();
});

test('what was missed while no studio ran starts in nominal order, one at a time a workflow, a second apart', async () => {
  const hands = handWound(START);
  const world = createWorld(hands);
  world.put('a', [{ ...hourly, key: 'x', misfire: 'all' }, { kind: 'cron', expression: '30 * * * *', timeZone: 'UTC', key: 'y', misfire: 'all' }]);
  world.put('b', { ...hourly, misfire: 'all' });
  const first = await world.open();
  const second = await reopen(hands, world, first, 2 * HOUR + MINUTE);
  const started = (): readonly string[] => world.starts.map(({ workflow, trigger }) => `${workflow.id} ${trigger.kind === 'schedule' ? trigger.nominalTime.slice(11, 16) : ''}`);
  expect(started()).toEqual(['a 08:30']);
  await hands.pass(SECOND);
  expect(started()).toEqual(['a 08:30', 'b 09:00']);
  await hands.pass(10 * SECOND);
  expect(started()).toHaveLength(2);
  await world.endAll();
  expect(started()).toEqual(['a 08:30', 'b 09:00', 'a 09:00']);
  await hands.pass(SECOND);
  expect(started()).toEqual(['a 08:30', 'b 09:00', 'a 09:00', 'b 10:00']);
  await world.endAll();
  await hands.pass(SECOND);
  await world.endAll();
  await hands.pass(SECOND);
  expect(started()).toEqual(['a 08:30', 'b 09:00', 'a 09:00', 'b 10:00', 'a 09:30', 'a 10:00']);
  await second.close();
});

test('the clock set three hours on: what was jumped over is missed; three hours back: nothing fires twice', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, misfire: 'skip' });
  await hands.set(3 * HOUR + 10 * MINUTE);
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['missed 09:00–11:00 ×3 clockJump']);
  await hands.set(-3 * HOUR - 10 * MINUTE);
  await hands.pass(2 * HOUR + 50 * MINUTE);
  expect(world.story()).toHaveLength(1);
  expect((await scheduler.list()).schedules[0]?.problem).toBeNull();
  await hands.pass(70 * MINUTE);
  expect(world.story()).toEqual(['missed 09:00–11:00 ×3 clockJump', 'fired 12:00 onTime']);
  await scheduler.close();
});

test('while the host says that the machine sleeps nothing starts, even where a timer goes off', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, misfire: 'skip', graceSeconds: 0 });
  scheduler.power('suspend');
  await hands.pass(100 * SECOND);
  expect(world.story()).toEqual([]);
  scheduler.power('resume');
  await hands.settle();
  expect(world.story()).toEqual(['missed 08:01–08:02 ×2 asleep']);
  scheduler.power('suspend');
  await hands.pass(10 * MINUTE);
  // It ticks on: whatever the host says, it is awake.
  expect(world.story().at(-1)).toBe('skipped 08:12 overlap');
  await scheduler.close();
});

test('a journal that can’t be written costs nothing: tried again, and on time all the same', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, graceSeconds: 5, misfire: 'skip' });
  world.refuse(new StudioError('io', 'The disk is full.'));
  await hands.pass(HOUR);
  expect((await scheduler.list()).schedules[0]?.problem).toContain('The disk is full.');
  const before = hands.fired();
  await hands.pass(30 * MINUTE);
  expect(hands.fired() - before).toBeLessThan(100);
  expect(world.story()).toEqual([]);
  world.refuse(null);
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['fired 09:00 onTime']);
  expect((await scheduler.list()).schedules[0]?.problem).toBeNull();
  await scheduler.close();
});
