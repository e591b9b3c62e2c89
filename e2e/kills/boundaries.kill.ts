import { rmSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import { liveThrough, tryAll } from './exact.ts';
import type { Death } from './exact.ts';

const SIDES = ['before', 'after'] as const;

/** Every commit of events is once the last thing a studio did, and once the thing it could not do; some die again while they recover. */
const EVENTFUL = ['kept', 'append', 'late'];
/** Every rename, copy and sync of a worker is once the thing it could not do, and every rename once the last thing it did. */
const FILED = ['plain', 'append', 'lines', 'kept', 'volatile', 'arrow', 'moved'];

describe('a studio killed at each commit of events', () => {
  test.each(EVENTFUL)('%s: ends as it does undisturbed, wherever it was killed', async (kind) => {
    const built = inject('built');
    const calm = await liveThrough(built, [kind], [], 'die-at-commit');
    expect(calm.problems).toEqual([]);
    expect(calm.done.length).toBeGreaterThan(1);
    const deaths = calm.done.flatMap((_, index) => SIDES.map((side): readonly Death[] => {
      const at = index + 1;
      const first: Death = { preload: 'die-at-commit', at, side };
      // The second dies at its first, second or third commit: in the midst of recovery.
      return at % 3 === 0 ? [first, { preload: 'die-at-commit', at: 1 + ((at / 3) % 3), side }] : [first];
    }));
    const result = await tryAll(built, calm, 'die-at-commit', deaths);
    rmSync(calm.folder, { recursive: true, force: true });
    expect(result.wrong).toEqual([]);
    // It could not be killed at a commit that, this time, it shared with another.
    expect(result.deaths).toBeGreaterThan(result.cases * 0.7);
  });
});

describe('a worker, or the studio with it, killed at each thing that is done to files', () => {
  test.each(FILED)('%s: ends as it does undisturbed, wherever it was killed', async (kind) => {
    const built = inject('built');
    const calm = await liveThrough(built, [kind], [], 'die-at-file');
    expect(calm.problems).toEqual([]);
    expect(calm.done.length).toBeGreaterThan(0);
    const deaths = calm.done.flatMap((what, index): readonly (readonly Death[])[] => {
      const own = { preload: 'die-at-file', at: index + 1 } as const;
      const [one, other] = index % 2 === 0 ? (['studio', 'worker'] as const) : (['worker', 'studio'] as const);
      return [[{ ...own, side: 'before', with: one }], ...(what.startsWith('rename') ? [[{ ...own, side: 'after', with: other }] as const] : [])];
    });
    const result = await tryAll(built, calm, 'die-at-file', deaths);
    rmSync(calm.folder, { recursive: true, force: true });
    expect(result.wrong).toEqual([]);
    expect(result.deaths).toBeGreaterThan(result.cases * 0.7);
  });
});
