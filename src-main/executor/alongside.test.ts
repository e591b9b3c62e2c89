import { expect, test } from 'vitest';
import { StudioError } from '#shared/errors';
import { runStream, scheduleStream } from '#shared/events';
import type { RunId } from '#shared/ids';
import { ScheduleId } from '#shared/ids';
import { scheduleEvents } from '#shared/schedule/history.testing';
import { createMemoryJournal } from '../journal/memory.ts';
import type { Journal } from '../journal/journal.ts';
import { createJournal } from '../journal/sqlite.ts';
import { temporaryFolder } from '../journal/temporary.testing.ts';
import { heardBy, small, world } from './fake-worker.testing.ts';

const S = ScheduleId.parse('orders');

function scheduled(journal: Journal) {
  const { created, fired } = scheduleEvents('orders');
  journal.append(scheduleStream(S), 'none', [created()]);
  const studio = world({}, { journal });
  let ids = 0;
  /** As the scheduler starts the run of an occurrence. */
  const fire = (minute: number): Promise<RunId> =>
    studio.start(small(), { alongside: (run) => void journal.append(scheduleStream(S), 'any', [{ ...fired(minute, run), id: `fired-${(ids += 1)}` }]) });
  const state = (): unknown => [journal.lastPosition(), journal.schedule(S), journal.runs({}, 0, 99).total];
  return { studio, fire, state };
}

const journals: readonly (readonly [string, () => Journal])[] = [
  ['memory', createMemoryJournal],
  ['a file', () => createJournal({ path: `${temporaryFolder()}/journal.sqlite` })],
];

test.each(journals)('what belongs to a request is written in one with it, before anything happens (%s)', async (_where, make) => {
  const journal = make();
  const { studio, fire } = scheduled(journal);
  const heard: string[] = [];
  journal.subscribe((events) => heard.push(events.map((event) => event.type).join()));
  const id = await fire(1);
  expect(heard.slice(0, 2)).toEqual(['ScheduleFired', 'WorkflowRequested']);
  expect(journal.occurrences({}, 0, 9).rows).toMatchObject([{ outcome: 'fired', runId: id }]);
  await heardBy(studio.executor.watch(id));
  expect(journal.run(id)?.status).toBe('completed');
  expect(journal.read(runStream(id))[0]?.type).toBe('WorkflowRequested');
  await studio.close();
});

test.each(journals)('where it fails there is no run, in the journal or in memory, and everybody else goes on (%s)', async (_where, make) => {
  const journal = make();
  const { studio, fire, state } = scheduled(journal);
  await heardBy(studio.executor.watch(await fire(1)));
  const before = state();
  const started: RunId[] = [];
  await expect(
    studio.start(small(), {
      alongside: (run) => {
        started.push(run);
        journal.append(scheduleStream(S), 'any', [scheduleEvents('orders').paused('half')]);
        throw new StudioError('cancelled', 'Not now.');
      },
    }),
  ).rejects.toMatchObject({ code: 'cancelled', message: 'Not now.' });
  await expect(fire(1)).rejects.toMatchObject({ code: 'conflict' });
  expect(state()).toEqual(before);
  expect(studio.executor.load()).toMatchObject({ running: 0, queued: 0 });
  await expect(heardBy(studio.executor.watch(started[0] as RunId))).rejects.toMatchObject({ code: 'not_found' });
  // Its place and its worker are free.
  await heardBy(studio.executor.watch(await studio.start(small())));
  expect(studio.workers).toHaveLength(1);
  await studio.close();
});

test.each(journals)('of many at once each occurrence has one run, whoever else starts it, and plain runs between them start too (%s)', async (_where, make) => {
  const journal = make();
  const { studio, fire } = scheduled(journal);
  const minutes = Array.from({ length: 60 }, (_, n) => 1 + (n % 40));
  const [fires, plain] = await Promise.all([Promise.allSettled(minutes.map(fire)), Promise.all(Array.from({ length: 20 }, () => studio.start(small())))]);
  const won = fires.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(won).toHaveLength(40);
  expect(fires.flatMap((one) => (one.status === 'rejected' ? [(one.reason as StudioError).code] : []))).toEqual(Array.from({ length: 20 }, () => 'conflict'));
  expect(journal.occurrences({ outcomes: ['fired'] }, 0, 99).rows.map((row) => String(row.runId)).toSorted()).toEqual(won.toSorted());
  await Promise.all([...won, ...plain].map((id) => heardBy(studio.executor.watch(id))));
  expect(journal.runs({ status: ['completed'] }, 0, 1).total).toBe(60);
  expect(journal.verify().problems).toEqual([]);
  await studio.close();
});

test('a journal that refuses has neither, and the run is not kept for later', async () => {
  const journal = createMemoryJournal();
  const { fire, state, studio } = scheduled({
    ...journal,
    append(stream, ...rest) {
      if (stream.startsWith('run-')) throw new StudioError('io', 'The disk is full.');
      return journal.append(stream, ...rest);
    },
    // What is taken back is what the journal underneath has written.
    atomic: (work) => journal.atomic(work),
  });
  const before = state();
  await expect(fire(1)).rejects.toMatchObject({ code: 'io', message: 'The disk is full.' });
  expect(state()).toEqual(before);
  expect(studio.executor.load()).toMatchObject({ running: 0, queued: 0 });
  await studio.close();
});

test('a studio that closes starts nothing more, and writes nothing of it', async () => {
  const { studio, fire, state } = scheduled(createMemoryJournal());
  const before = state();
  const late = fire(1);
  const closing = studio.close();
  await expect(late).rejects.toMatchObject({ code: 'cancelled' });
  await closing;
  expect(state()).toEqual(before);
});
