import { expect, test } from 'vitest';
import { StudioError } from '#shared/errors';
import type { Journal } from '../journal/journal.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import { handWound } from './hand-wound.testing.ts';
import { createWorld, everyMinute, HOUR, hourly, MINUTE, SECOND, START } from './scheduler.testing.ts';
import type { World } from './scheduler.testing.ts';

/** A journal whose process dies at its n-th write: before it, or right after it was durable. Nothing is written any more then. */
function mortal(journal: Journal): { readonly journal: Journal; dieAt(write: number, when: 'before' | 'after'): void; readonly dead: () => boolean } {
  let left = Number.POSITIVE_INFINITY;
  let when: 'before' | 'after' = 'before';
  let dead = false;
  let depth = 0;
  const guarded = <T>(work: () => T): T => {
    if (dead) throw new StudioError('io', 'The process is gone.');
    if (depth > 0) return work();
    left -= 1;
    if (left < 0 && when === 'before') {
      dead = true;
      throw new StudioError('io', 'The process is gone.');
    }
    depth += 1;
    try {
      return work();
    } finally {
      depth -= 1;
      if (left < 0) dead = true;
    }
  };
  return {
    journal: { ...journal, append: (...args) => guarded(() => journal.append(...args)), atomic: (work) => guarded(() => journal.atomic(work)) },
    dieAt(write, at) {
      left = write;
      when = at;
      dead = false;
    },
    dead: () => dead,
  };
}

/** Of all nominal times what became of them: none twice, none left out. */
function accounts(world: World): { readonly fired: readonly number[]; readonly other: number } {
  const fired = world.events().flatMap((event) => (event.type === 'ScheduleFired' ? [event.data.nominalTime] : []));
  const other = world.events().reduce((sum, event) => sum + (event.type === 'OccurrenceMissed' ? event.data.count : event.type === 'OccurrenceSkipped' && event.data.reason === 'overlap' ? 1 : 0), 0);
  return { fired, other };
}

test.each(['skip', 'bufferAll', 'allowAll', 'cancelOther'])('killed before and after each of its writes, a schedule with overlap %s starts no time twice and forgets none', async (overlap) => {
  for (const when of ['before', 'after'] as const) {
    for (let write = 0; write < 14; write += 1) {
      const hands = handWound(START);
      const memory = createMemoryJournal();
      const life = mortal(memory);
      const world = createWorld(hands, life.journal);
      world.put('a', { ...everyMinute, overlap, misfire: 'all' });
      const first = await world.open();
      life.dieAt(write, when);
      for (let n = 0; n < 4 && !life.dead(); n += 1) {
        await hands.pass(MINUTE);
        if (!life.dead() && world.active().length > 0) await world.end().catch(() => undefined);
      }
      life.dieAt(Number.POSITIVE_INFINITY, 'before');
      await first.close();
      const second = await world.open();
      for (let n = 0; n < 30; n += 1) {
        await hands.pass(SECOND);
        await world.endAll();
      }
      const { fired, other } = accounts(world);
      expect(new Set(fired).size).toBe(fired.length);
      const until = Math.floor(hands.clock() / MINUTE) * MINUTE;
      expect(fired.length + other).toBe((until - (START - 30 * SECOND)) / MINUTE);
      // Each fire has its run, and each run its fire.
      const runs = memory.runs({}, 0, 1000).rows.map((row) => row.id).toSorted();
      const named = world.events().flatMap((event) => (event.type === 'ScheduleFired' ? [event.data.runId] : [])).toSorted();
      expect(named).toEqual(runs);
      await second.close();
    }
  }
});

test('a fire whose worker refuses it after it was written is not fired again', async () => {
  const hands = handWound(START);
  const world = createWorld(hands);
  world.put('a', hourly);
  const scheduler = await world.open();
  world.failAfterWriting(true);
  await hands.pass(HOUR + 5 * MINUTE);
  expect(world.story()).toEqual(['fired 09:00 onTime']);
  expect(world.active()).toHaveLength(1);
  await scheduler.close();
});

test('the clock set back, and the schedule taken out and put in again: its times do not come again', async () => {
  const hands = handWound(START);
  const world = createWorld(hands);
  world.put('a', { ...hourly, overlap: 'allowAll' });
  const scheduler = await world.open();
  await hands.pass(2 * HOUR);
  world.remove('a');
  await hands.pass(SECOND);
  await hands.set(-90 * MINUTE);
  world.put('a', { ...hourly, overlap: 'allowAll' });
  await hands.pass(3 * HOUR);
  expect(world.story()).toEqual(['fired 09:00 onTime', 'fired 10:00 onTime', 'deleted', 'fired 11:00 onTime']);
  await scheduler.close();
});
