import { expect, test } from 'vitest';
import { StudioError } from '#shared/errors';
import type { Json, JsonObject } from '#shared/json';
import { ScheduleId } from '#shared/ids';
import type { Scheduler } from '../studio-types.ts';
import { handWound } from './hand-wound.testing.ts';
import type { HandWound } from './hand-wound.testing.ts';
import { createWorld } from './scheduler.testing.ts';
import type { World } from './scheduler.testing.ts';

const START = Date.UTC(2026, 2, 2, 8, 0, 30);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const A = ScheduleId.parse('a');
const everyMinute = { kind: 'interval', every: '1m', timeZone: 'UTC' };
const hourly = { kind: 'cron', expression: '0 * * * *', timeZone: 'UTC' };

/** A studio with one schedule of the workflow `a`. */
async function scene(schedule: JsonObject | readonly Json[], ask = 0): Promise<{ readonly hands: HandWound; readonly world: World; readonly scheduler: Scheduler }> {
  const hands = handWound(START);
  const world = createWorld(hands);
  world.put('a', schedule as Json);
  return { hands, world, scheduler: await world.open(ask) };
}
/** The process ends, time passes, and another one opens the same data. */
async function away(hands: HandWound, world: World, scheduler: Scheduler, ms: number, ask = 0): Promise<Scheduler> {
  await scheduler.close();
  await hands.pass(ms);
  const next = await world.open(ask);
  await hands.settle();
  return next;
}

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
  const second = await away(hands, world, scheduler, MINUTE);
  await hands.pass(5 * MINUTE - SECOND);
  expect(world.story()).toHaveLength(1);
  await hands.pass(SECOND);
  expect(world.story()).toEqual(['fired 08:10:30 onTime', 'fired 08:45:30 onTime']);
  await second.close();
});

test('a delay whose time passes while nobody runs is one missed occurrence, however long that was', async () => {
  const skipping = await scene({ kind: 'delay', every: '10m', timeZone: 'UTC', misfire: 'skip' });
  const later = await away(skipping.hands, skipping.world, skipping.scheduler, 5 * HOUR);
  expect(skipping.world.story()).toEqual(['missed 08:10:30 notRunning']);
  expect((await later.list()).schedules[0]?.next).toBe(START + 5 * HOUR + 10 * MINUTE);
  await later.close();
  const catching = await scene({ kind: 'delay', every: '10m', timeZone: 'UTC', misfire: 'all' });
  const again = await away(catching.hands, catching.world, catching.scheduler, 5 * HOUR);
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
  const second = await away(hands, world, scheduler, 10 * SECOND);
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
  const second = await away(hands, world, first, 2 * HOUR + MINUTE);
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

test('pauseOnFailure pauses with the run’s name; a cancelled run is no failure; resuming starts from now', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, pauseOnFailure: true });
  await hands.pass(MINUTE);
  await world.end(undefined, 'cancelled');
  await hands.pass(MINUTE);
  const [run = ''] = world.active();
  await world.end(run, 'failed');
  await hands.pass(3 * MINUTE);
  expect(world.story()).toEqual(['fired 08:01 onTime', 'fired 08:02 onTime', 'paused by failure']);
  const [view] = (await scheduler.list()).schedules;
  expect(view?.paused?.note).toContain(run);
  expect(view).toMatchObject({ status: 'paused', next: null });
  await scheduler.resume([A]);
  await hands.pass(MINUTE);
  expect(world.story().slice(3)).toEqual(['missed 08:03–08:05 ×3 paused', 'resumed by person', 'fired 08:06 onTime']);
  await scheduler.close();
});

test('a failure that comes while no scheduler runs pauses at the next start, and only once', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, pauseOnFailure: true });
  await hands.pass(HOUR);
  await scheduler.close();
  await world.end(undefined, 'failed');
  const second = await world.open();
  expect(world.story()).toEqual(['fired 09:00 onTime', 'paused by failure']);
  await second.resume([A]);
  const third = await away(hands, world, second, MINUTE);
  expect(world.story()).toEqual(['fired 09:00 onTime', 'paused by failure', 'resumed by person']);
  await third.close();
});

test('pausing skips what waits, and what passes meanwhile is missed for that reason', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, overlap: 'bufferAll' });
  await hands.pass(3 * MINUTE);
  await scheduler.pause([A], 'Month end.');
  await world.endAll();
  await hands.pass(2 * MINUTE);
  const second = await away(hands, world, scheduler, HOUR);
  expect((await second.list()).schedules[0]?.paused).toMatchObject({ by: 'person', note: 'Month end.' });
  await second.resume([A]);
  expect(world.story()).toEqual([
    'fired 08:01 onTime',
    'buffered 08:02 buffered',
    'buffered 08:03 buffered',
    'paused by person',
    'skipped 08:02 paused',
    'skipped 08:03 paused',
    'missed 08:04–09:05 ×62 paused',
    'resumed by person',
  ]);
  await second.close();
});

test('all paused together: nothing starts, over a restart too; resuming starts from now', async () => {
  const { hands, world, scheduler } = await scene(everyMinute);
  world.put('b', everyMinute);
  await hands.pass(SECOND);
  await scheduler.pause([ScheduleId.parse('b')], 'Its own.');
  await scheduler.pauseAll('Holiday.');
  expect(scheduler.summary()).toEqual({ next: null, allPaused: true, scheduled: 0 });
  const second = await away(hands, world, scheduler, 5 * MINUTE);
  await hands.pass(MINUTE);
  expect((await second.list()).allPaused?.note).toBe('Holiday.');
  expect(world.starts).toHaveLength(0);
  await second.resumeAll();
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['missed 08:01–08:06 ×6 paused', 'resumed by all', 'fired 08:07 onTime']);
  expect(world.story('b')).toEqual(['paused by person']);
  await second.close();
});

test('editing and enabling again start from now; what had passed is missed, not run', async () => {
  const { hands, world, scheduler } = await scene(hourly);
  world.put('a', { ...hourly, enabled: false });
  await hands.pass(3 * HOUR);
  expect((await scheduler.list()).schedules[0]?.status).toBe('disabled');
  world.put('a', { ...hourly, misfire: 'all' });
  await hands.pass(SECOND);
  expect(world.story()).toEqual(['edited', 'missed 09:00–11:00 ×3 paused', 'edited']);
  const second = await away(hands, world, scheduler, 0);
  await second.close();
  await hands.pass(2 * HOUR);
  world.put('a', { ...hourly, overlap: 'allowAll' });
  const third = await world.open();
  await hands.pass(SECOND);
  expect(world.story().slice(3)).toEqual(['missed 12:00–13:00 ×2 notRunning', 'edited']);
  await third.close();
});

test('another name of the workflow is written down and changes no time', async () => {
  const { hands, world, scheduler } = await scene(hourly);
  await scheduler.close();
  await hands.pass(2 * HOUR + 10 * MINUTE);
  world.put('a', hourly, { name: 'Renamed' });
  const second = await world.open();
  await hands.pass(SECOND);
  expect(world.story()).toEqual(['edited', 'missed 09:00 notRunning', 'buffered 10:00 catchUp', 'fired 10:00 catchUp']);
  await second.close();
});

test('a schedule goes with its file or its key, and stays where the folder or the file can’t be read', async () => {
  const { hands, world, scheduler } = await scene([{ ...hourly, key: 'x' }, { ...hourly, key: 'y' }]);
  world.put('a', [{ ...hourly, key: 'x' }]);
  await hands.pass(SECOND);
  expect([world.story('a:x'), world.story('a:y')]).toEqual([[], ['deleted']]);
  world.unreadable(new StudioError('io', 'The drive is gone.'));
  world.remove('a');
  await hands.pass(2 * SECOND);
  expect(world.story('a:x')).toEqual([]);
  world.unreadable(null);
  world.put('file:a.json', undefined, { revision: null, path: '/flows/a.json' });
  await hands.pass(2 * MINUTE);
  expect(world.story('a:x')).toEqual([]);
  world.remove('file:a.json');
  await hands.pass(SECOND);
  expect(world.story('a:x')).toEqual(['deleted']);
  world.put('a', [{ ...hourly, key: 'x' }]);
  await hands.pass(HOUR);
  expect(world.story('a:x')).toEqual(['deleted', 'fired 09:00 onTime']);
  await scheduler.close();
});

test('a broken definition is refused and what was in force stays', async () => {
  const { hands, world, scheduler } = await scene(hourly);
  world.put('a', { ...hourly, expression: '0 25 * * *' });
  await hands.pass(HOUR);
  expect(world.story()).toEqual(['fired 09:00 onTime']);
  const { refused } = await scheduler.list();
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ workflowId: 'a', path: '/flows/a.json' });
  expect(refused[0]?.problems.some((one) => one.severity === 'error')).toBe(true);
  await scheduler.close();
});

test('a workflow that can’t be started is a skipped occurrence that says why, and counts as a failure', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, pauseOnFailure: true });
  world.put('a', { ...everyMinute, pauseOnFailure: true }, { invalid: 'The node “in” has no file.' });
  await hands.pass(3 * MINUTE);
  expect(world.story()).toEqual(['skipped 08:01 invalid', 'paused by failure']);
  const [view] = (await scheduler.list()).schedules;
  expect(view?.problem).toContain('The node “in” has no file.');
  expect(view?.paused?.note).toContain('The node “in” has no file.');
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

test('a pause that comes while a fire is in hand takes it back whole', async () => {
  const { hands, world, scheduler } = await scene(hourly);
  const library = hands.pass(HOUR);
  await library;
  expect(world.active()).toHaveLength(1);
  await world.endAll();
  const passing = hands.pass(HOUR);
  await scheduler.pause([A], '');
  await passing;
  expect(world.active()).toHaveLength(0);
  await scheduler.close();
});

test('missed runs wait for a person; skipped, latest or all; those that are not named go by their policy', async () => {
  const hands = handWound(START);
  const world = createWorld(hands);
  for (const id of ['a', 'b', 'c', 'd']) world.put(id, { ...hourly, misfire: 'last', label: id });
  const first = await world.open();
  const second = await away(hands, world, first, 2 * HOUR + 10 * MINUTE, 30_000);
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
  const second = await away(hands, world, scheduler, 10 * MINUTE + 15 * SECOND, 30_000);
  expect(world.story()).toEqual([]);
  await hands.pass(31 * SECOND);
  expect(second.away()).toBeNull();
  expect(world.story()).toEqual(['missed 08:01–08:10 ×10 notRunning', 'fired 08:11 onTime']);
  await second.close();
});

test('a studio that ends while missed runs are held loses none of them', async () => {
  const { hands, world, scheduler } = await scene({ ...hourly, misfire: 'all' });
  const second = await away(hands, world, scheduler, 3 * HOUR, 30_000);
  expect(second.away()?.schedules[0]?.count).toBe(2);
  const third = await away(hands, world, second, HOUR, 30_000);
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

test('an unknown schedule is refused by name', async () => {
  const { scheduler } = await scene(hourly);
  await expect(scheduler.pause([ScheduleId.parse('x')], '')).rejects.toMatchObject({ code: 'not_found' });
  await expect(scheduler.runNow(ScheduleId.parse('x'))).rejects.toMatchObject({ code: 'not_found' });
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
