import * as fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { runStream } from '#shared/events';
import { PATIENCE } from '#shared/patience.testing';
import { createMemoryJournal } from '../journal/memory.ts';
import { doneWith, failedWith, heardBy, small, world } from './fake-worker.testing.ts';
import { pass } from './faked-time.testing.ts';

afterEach(() => void vi.useRealTimers());

const HOUR = 3_600_000;
const DELAY = 10_000;
const WORK = 700;
const jumps = fc.array(fc.record({ at: fc.integer({ min: 0, max: 2 * DELAY + 4 * WORK }), by: fc.integer({ min: -30 * HOUR, max: 30 * HOUR }) }), { maxLength: 4 });

const steady = (): number => performance.now();
/** A wall clock that is moved while a steady one goes on. */
function clocks(drawn: readonly { readonly at: number; readonly by: number }[]) {
  const began = steady();
  const wall = (): number => 1_700_000_000_000 + steady() + drawn.filter((jump) => jump.at <= steady() - began).reduce((sum, jump) => sum + jump.by, 0);
  return { wall, elapsed: () => steady() - began };
}

test('a clock that jumps neither hurries nor delays a retry, and durations stay what they were', async () => {
  await fc.assert(
    fc.asyncProperty(jumps, fc.boolean(), async (drawn, restarts) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
      const { wall, elapsed } = clocks(drawn);
      const begun: number[] = [];
      const script: Parameters<typeof world>[0] = {
        segment(worker, message, job) {
          if (message.segment !== 'sum') return worker.say(doneWith(message, job));
          begun.push(elapsed());
          setTimeout(() => worker.say(message.attempt < 3 ? failedWith(message, 'm', 'io') : doneWith(message, job)), WORK);
        },
      };
      const journal = createMemoryJournal();
      const one = () => world(script, { journal, clock: wall, steady });
      let studio = one();
      const id = await studio.start(small({ m: { retry: { attempts: 3, backoff: 'constant', initialMs: DELAY, maxMs: DELAY, jitter: 0 } } }, 'w', { timeoutMs: 30_000 }));
      // In the middle of the first delay another process may take the run up.
      await pass(WORK + DELAY / 2);
      if (restarts) {
        const closing = studio.close();
        await pass(1000);
        await closing;
        studio = one();
      }
      await pass(4 * DELAY);
      // The end is durable with the next commit, which no faked timer drives.
      while (journal.unfinished().length > 0) await new Promise((resolve) => void setImmediate(resolve));
      const run = journal.run(id);
      expect([run?.status, run?.error]).toEqual(['completed', null]);
      const [first = 0, second = 0, third = 0] = begun;
      // Whatever the wall says of the time in between, the delay is waited for at most once more and not at all at the least.
      if (restarts) expect(second).toBeLessThanOrEqual(WORK + DELAY / 2 + 1000 + DELAY + 50);
      else expect(second - first).toBeCloseTo(WORK + DELAY, -2);
      expect(third - second).toBeCloseTo(WORK + DELAY, -2);
      expect(run?.durationMs).toBeGreaterThanOrEqual(0);
      expect(run?.durationMs).toBeLessThan(60_000);
      if (!restarts) expect(run?.durationMs).toBeCloseTo(3 * WORK + 2 * DELAY, -2);
      expect(run?.workedMs).toBeGreaterThanOrEqual(0);
      expect(run?.workedMs).toBeLessThan(60_000);
      expect(journal.read(runStream(id)).every((event, index, all) => index === 0 || event.version === (all[index - 1]?.version ?? 0) + 1)).toBe(true);
      vi.useRealTimers();
      await studio.close();
    }),
    { numRuns: 40 },
  );
});

test('a clock that jumped before a crash does not use up the time that a run may take', async () => {
  const journal = createMemoryJournal();
  let at = 1_700_000_000_000;
  const before = world({ segment: (worker, message, job) => void (message.segment === 'sum' && worker.say(doneWith(message, job))) }, { journal, clock: () => (at += 3_600_000) });
  const id = await before.start(small({}, 'w', { timeoutMs: 60_000 }));
  await vi.waitFor(() => expect(journal.run(id)?.nodes['log']?.status).toBe('running'), PATIENCE);
  const after = world({}, { journal, clock: () => (at -= 3_600_000) });
  await heardBy(after.executor.watch(id));
  expect(journal.run(id)).toMatchObject({ status: 'completed', workedMs: 0 });
  expect(journal.run(id)?.durationMs).toBeLessThan(60_000);
  await after.close();
  await before.close().catch(() => undefined);
});
