import { expect, test } from 'vitest';
import { ScheduleId } from '#shared/ids';
import { handWound } from './hand-wound.testing.ts';
import { A, createWorld, DAY, everyMinute, HOUR, hourly, MINUTE, reopen, scene, SECOND, START } from './scheduler.testing.ts';

test('an interval fires at its nominal times, and the run knows which', async () => {
  const { hands, world, scheduler } = await scene(everyMinute);
  await hands.pass(MINUTE);
  await world.endAll();
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['fired 08:01 onTime', 'fired 08:02 onTime']);
  expect(world.starts[0]).toMatchObject({ trigger: { kind: 'schedule', scheduleId: 'a', nominalTime: '2026-03-02T08:01:00.000Z' }, file: '/flows/a.json', folder: '/flows', scope: { kind: 'all' } });
  await scheduler.close();
  expect(hands.pending()).toBe(0);
});

test('once fires once; a schedule of the past never; manual only when asked', async () => {
  const { hands, world, scheduler } = await scene([
    { key: 'once', kind: 'once', at: START + 90 * SECOND },
    { key: 'past', kind: 'once', at: START - MINUTE },
    { key: 'manual', kind: 'manual' },
  ]);
  await hands.pass(HOUR);
  expect([world.story('a:once'), world.story('a:past'), world.story('a:manual')]).toEqual([['fired 08:02 onTime'], [], []]);
  expect((await scheduler.list()).schedules.map((one) => one.status).toSorted()).toEqual(['done', 'manual', 'running']);
  const run = await scheduler.runNow(ScheduleId.parse('a:manual'));
  expect(world.starts.at(-1)?.trigger).toEqual({ kind: 'manual' });
  expect(world.active()).toContain(run);
  expect(world.story('a:manual')).toEqual([]);
  await scheduler.close();
});

test('delay counts from the end of its last run, and goes on counting after a restart', async () => {
  const { hands, world, scheduler } = await scene({ kind: 'delay', every: '10m', timeZone: 'UTC' });
  await hands.pass(10 * MINUTE);
  expect(world.story()).toEqual(['fired 08:10:30 onTime']);
  await hands.pass(25 * MINUTE);
  expect(world.story()).toHaveLength(1);
  await world.end();
  await hands.pass(4 * MINUTE);
  const second = await reopen(hands, world, scheduler, MINUTE);
  await hands.pass(5 * MINUTE - SECOND);
  expect(world.story()).toHaveLength(1);
  await hands.pass(SECOND);
  expect(world.story()).toEqual(['fired 08:10:30 onTime', 'fired 08:45:30 onTime']);
  await second.close();
});

test('a delay whose time passes while nobody runs is one missed occurrence, however long that was', async () => {
  const skipping = await scene({ kind: 'delay', every: '10m', timeZone: 'UTC', misfire: 'skip' });
  const later = await reopen(skipping.hands, skipping.world, skipping.scheduler, 5 * HOUR);
  expect(skipping.world.story()).toEqual(['missed 08:10:30 notRunning']);
  expect((await later.list()).schedules[0]?.next).toBe(START + 5 * HOUR + 10 * MINUTE);
  await later.close();
  const catching = await scene({ kind: 'delay', every: '10m', timeZone: 'UTC', misfire: 'all' });
  const again = await reopen(catching.hands, catching.world, catching.scheduler, 5 * HOUR);
  await catching.hands.pass(2 * SECOND);
  expect(catching.world.story()).toEqual(['buffered 08:10:30 catchUp', 'fired 08:10:30 catchUp']);
  await again.close();
});

test('a bound on both ends is part of the schedule', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, startAt: START + 150 * SECOND, endAt: START + 210 * SECOND, overlap: 'allowAll' });
  await hands.pass(HOUR);
  expect(world.story()).toEqual(['fired 08:03 onTime', 'fired 08:04 onTime']);
  await scheduler.close();
});

test('overlap skip: what comes while its run goes is skipped, paused and interrupted runs included', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, overlap: 'skip' });
  await hands.pass(3 * MINUTE);
  await world.end();
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['fired 08:01 onTime', 'skipped 08:02 overlap', 'skipped 08:03 overlap', 'fired 08:04 onTime']);
  await scheduler.close();
});

test('overlap bufferOne: one waits, the rest is skipped', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, overlap: 'bufferOne' });
  await hands.pass(3 * MINUTE);
  expect(world.story()).toEqual(['fired 08:01 onTime', 'buffered 08:02 buffered', 'skipped 08:03 overlap']);
  await world.end();
  expect(world.story().at(-1)).toBe('fired 08:02 buffered');
  await scheduler.close();
});

test('overlap bufferAll: all wait, in order, over a restart too', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, overlap: 'bufferAll' });
  await hands.pass(4 * MINUTE);
  const second = await reopen(hands, world, scheduler, 10 * SECOND);
  for (let n = 0; n < 4; n += 1) await world.end();
  expect(world.story()).toEqual(['fired 08:01 onTime', 'buffered 08:02 buffered', 'buffered 08:03 buffered', 'buffered 08:04 buffered', 'fired 08:02 buffered', 'fired 08:03 buffered', 'fired 08:04 buffered']);
  await second.close();
});

test('overlap bufferAll: a thousand wait and no more', async () => {
  const { hands, world, scheduler } = await scene({ kind: 'interval', every: '1s', timeZone: 'UTC', overlap: 'bufferAll' });
  await hands.pass(1005 * SECOND);
  expect(world.story().filter((line) => line.startsWith('buffered'))).toHaveLength(1000);
  expect(world.story().filter((line) => line.endsWith('overlap'))).toHaveLength(4);
  await scheduler.close();
});

test('overlap cancelOther: the newest wins once the others have ended', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, overlap: 'cancelOther' });
  await hands.pass(MINUTE);
  const [first = ''] = world.active();
  await hands.pass(2 * MINUTE);
  expect(new Set(world.cancelled)).toEqual(new Set([first]));
  expect(world.story()).toEqual(['fired 08:01 onTime', 'buffered 08:02 buffered', 'skipped 08:02 overlap', 'buffered 08:03 buffered']);
  await world.end(first, 'cancelled');
  expect(world.story().at(-1)).toBe('fired 08:03 buffered');
  await scheduler.close();
});

test('overlap allowAll: all run beside each other', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, overlap: 'allowAll' });
  await hands.pass(3 * MINUTE);
  expect(world.active()).toHaveLength(3);
  await scheduler.close();
});

test('a run that somebody starts by hand is in nobody’s way', async () => {
  const { hands, world, scheduler } = await scene(everyMinute);
  await scheduler.runNow(A);
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['fired 08:01 onTime']);
  await scheduler.close();
});

test('jitter delays the start, never the nominal time, always by the same', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, jitterSeconds: 3000, overlap: 'allowAll' });
  await hands.pass(DAY);
  const delays = world.events().flatMap((event) => (event.type === 'ScheduleFired' ? [event.at - event.data.nominalTime] : []));
  expect(delays.length).toBeGreaterThanOrEqual(23);
  expect(Math.max(...delays)).toBeLessThan(3000 * SECOND);
  expect(new Set(delays).size).toBeGreaterThan(20);
  const next = (await scheduler.list()).schedules[0];
  expect((next?.next ?? 0) - (next?.nextNominal ?? 0)).toBeGreaterThan(0);
  await scheduler.close();
});

test('remainingRuns counts fires, not skips, and lets nothing be missed after them', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, remainingRuns: 2 });
  await hands.pass(2 * MINUTE);
  await world.endAll();
  await hands.pass(HOUR);
  expect(world.story()).toEqual(['fired 08:01 onTime', 'skipped 08:02 overlap', 'fired 08:03 onTime']);
  await world.endAll();
  expect((await scheduler.list()).schedules[0]).toMatchObject({ status: 'done', next: null, fires: 2 });
  await scheduler.close();
});

test('a thousand idle schedules cost two timers a minute', async () => {
  const hands = handWound(START);
  const world = createWorld(hands);
  for (let n = 0; n < 1000; n += 1) world.put(`w${n}`, { kind: 'cron', expression: '0 0 1 1 *', timeZone: 'UTC' });
  const scheduler = await world.open();
  await scheduler.ready;
  await hands.settle();
  expect(hands.pending()).toBe(1);
  const before = hands.fired();
  await hands.pass(HOUR);
  expect(hands.fired() - before).toBeLessThanOrEqual(121);
  expect(scheduler.summary()).toMatchObject({ scheduled: 1000, next: { at: Date.UTC(2027, 0, 1) } });
  await scheduler.close();
});
