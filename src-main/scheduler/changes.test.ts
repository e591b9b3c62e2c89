import { expect, test } from 'vitest';
import { StudioError } from '#shared/errors';
import { ScheduleId } from '#shared/ids';
import { A, everyMinute, HOUR, hourly, MINUTE, reopen, scene, SECOND } from './scheduler.testing.ts';

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
  const third = await reopen(hands, world, second, MINUTE);
  expect(world.story()).toEqual(['fired 09:00 onTime', 'paused by failure', 'resumed by person']);
  await third.close();
});

test('pausing skips what waits, and what passes meanwhile is missed for that reason', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, overlap: 'bufferAll' });
  await hands.pass(3 * MINUTE);
  await scheduler.pause([A], 'Month end.');
  await world.endAll();
  await hands.pass(2 * MINUTE);
  const second = await reopen(hands, world, scheduler, HOUR);
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
  const second = await reopen(hands, world, scheduler, 5 * MINUTE);
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
  const second = await reopen(hands, world, scheduler, 0);
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

test('an unknown schedule is refused by name', async () => {
  const { scheduler } = await scene(hourly);
  await expect(scheduler.pause([ScheduleId.parse('x')], '')).rejects.toMatchObject({ code: 'not_found' });
  await expect(scheduler.runNow(ScheduleId.parse('x'))).rejects.toMatchObject({ code: 'not_found' });
  await scheduler.close();
});

test('somebody else who lifts the pause of all finds nothing run for its time either', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, misfire: 'all' });
  await scheduler.pauseAll('');
  await hands.pass(5 * MINUTE);
  await world.settings.save({ schedulesPaused: null });
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['missed 08:01–08:05 ×5 paused', 'resumed by all', 'fired 08:06 onTime']);
  await scheduler.close();
});

test('a schedule that is switched off in its file lets go what waited', async () => {
  const { hands, world, scheduler } = await scene({ ...everyMinute, overlap: 'bufferAll' });
  await hands.pass(2 * MINUTE);
  world.put('a', { ...everyMinute, overlap: 'bufferAll', enabled: false });
  await hands.pass(SECOND);
  expect(world.story()).toEqual(['fired 08:01 onTime', 'buffered 08:02 buffered', 'edited', 'skipped 08:02 paused']);
  await scheduler.close();
});

test('a schedule that goes and comes again knows its run that still goes', async () => {
  const { hands, world, scheduler } = await scene(everyMinute);
  await hands.pass(MINUTE);
  world.remove('a');
  await hands.pass(SECOND);
  world.put('a', everyMinute);
  await hands.pass(MINUTE);
  expect(world.story()).toEqual(['fired 08:01 onTime', 'deleted', 'skipped 08:02 overlap']);
  await world.end();
  await hands.pass(MINUTE);
  expect(world.story().at(-1)).toBe('fired 08:03 onTime');
  await scheduler.close();
});

test('files that change without end are looked at all the same', async () => {
  const { hands, world, scheduler } = await scene(hourly);
  for (let n = 0; n < 30; n += 1) {
    world.put('a', { ...hourly, label: `now ${n}` });
    await hands.pass(100);
  }
  expect(world.story().length).toBeGreaterThan(5);
  await hands.pass(SECOND);
  expect((await scheduler.list()).schedules[0]?.definition.label).toBe('now 29');
  await scheduler.close();
});
