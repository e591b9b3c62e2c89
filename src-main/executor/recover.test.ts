import { expect, test, vi } from 'vitest';
import { StudioError } from '#shared/errors';
import type { RunId } from '#shared/ids';
import { PATIENCE } from '#shared/patience.testing';
import { createMemoryJournal } from '../journal/memory.ts';
import type { Journal } from '../journal/journal.ts';
import { heardBy, small, world } from './fake-worker.testing.ts';

const damage = (): never => {
  throw new StudioError('io', 'A page of the journal is damaged.');
};
/** Some of the journal's runs rest on a damaged page, or their payload is missing. */
function damaged(journal: Journal, runs: ReadonlySet<RunId>): Journal {
  return {
    ...journal,
    run: (id, at) => (runs.has(id) ? damage() : journal.run(id, at)),
    read: (stream, ...rest) => ([...runs].some((id) => stream === `run-${id}`) ? damage() : journal.read(stream, ...rest)),
  };
}

/** Two runs of which one goes and one waits when their process ends. */
async function unfinished(journal: Journal): Promise<readonly RunId[]> {
  const before = world({ segment: () => undefined }, { journal });
  const ids = [await before.start(small()), await before.start(small())];
  await before.close();
  return ids;
}

test('a run that can not be read is passed over with a warning: the studio opens, and all else goes on', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  for (const broken of [0, 1]) {
    warned.mockClear();
    const journal = createMemoryJournal();
    const ids = await unfinished(journal);
    const [bad, good] = [ids[broken] ?? expect.fail(), ids[1 - broken] ?? expect.fail()];
    const after = world({}, { journal: damaged(journal, new Set([bad])) });
    expect(warned.mock.calls).toEqual([[expect.stringContaining(`Run ${bad} can't be taken up: A page of the journal is damaged.`)]]);
    await heardBy(after.executor.watch(good));
    await heardBy(after.executor.watch(await after.start(small())));
    expect(() => after.executor.watch(bad)).toThrow('A page of the journal is damaged.');
    await expect(after.executor.cancel(bad, 'person')).rejects.toMatchObject({ code: 'io' });
    await after.close();
    expect([journal.run(good)?.status, journal.unfinished()]).toEqual(['completed', [bad]]);
    // Mended, it goes on.
    const mended = world({}, { journal });
    await heardBy(mended.executor.watch(bad));
    expect(journal.run(bad)?.status).toBe('completed');
    await mended.close();
  }
  warned.mockRestore();
});

test('a run that continues one that can not be read waits until it can; its worker and the rest go on', async () => {
  const journal = createMemoryJournal();
  const before = world({}, { journal });
  const first = await before.start(small());
  await heardBy(before.executor.watch(first));
  await before.close();
  const during = world({ segment: () => undefined }, { journal });
  await during.start(small());
  const id = await during.start(small(), { origin: { kind: 'rerun', run: first, version: 3, from: null } });
  await during.close();
  expect(journal.run(id)?.status).toBe('queued');
  const after = world({}, { journal: damaged(journal, new Set([first])) });
  await vi.waitFor(() => expect(journal.unfinished()).toEqual([id]), PATIENCE);
  await heardBy(after.executor.watch(await after.start(small())));
  expect(journal.run(id)?.status).toBe('queued');
  await after.close();
});

test('a raised limit counts at once, for workers as for runs at a time', async () => {
  for (const setting of ['workers', 'maxConcurrentRuns'] as const) {
    const settings = { workers: 3, maxConcurrentRuns: 3, [setting]: 1 };
    const listeners: (() => void)[] = [];
    const began: string[] = [];
    const studio = world({ segment: (_worker, { runId }) => void began.push(runId) }, { settings, onSettings: (listener) => (listeners.push(listener), () => undefined) });
    await studio.start(small());
    const second = await studio.start(small());
    expect(began).not.toContain(second);
    settings[setting] = 2;
    for (const changed of listeners) changed();
    expect(began).toContain(second);
    await studio.close();
  }
});
