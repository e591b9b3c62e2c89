import { rmSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import { liveThrough, tryAll } from './exact.ts';
import type { Death } from './exact.ts';

const SIDES = ['before', 'after'] as const;
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Every commit of events is once the last thing a studio did, and once the thing it could not do; some die again while they recover. */
const EVENTFUL = ['kept', 'append', 'late', 'volatile', 'fails'];
/** Every rename, copy and sync of a worker is once the last thing it did, and once the thing it could not do. */
const FILED = ['plain', 'append', 'lines', 'kept', 'volatile', 'arrow', 'moved'];

describe('a studio killed at each commit of events', () => {
  test.each(EVENTFUL)('%s: ends as it does undisturbed, wherever it was killed', async (kind) => {
    const built = inject('built');
    const calm = await liveThrough(built, [kind], [], 'die-at-commit');
    expect(calm.problems).toEqual([]);
    expect(calm.count).toBeGreaterThan(1);
    const deaths = upTo(calm.count).flatMap((at) => SIDES.map((side): readonly Death[] => {
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
    expect(calm.count).toBeGreaterThan(0);
    const deaths = upTo(calm.count).flatMap((at) => SIDES.map((side, index): readonly Death[] => [{ preload: 'die-at-file', at, side, with: (at + index) % 2 === 0 ? 'studio' : 'worker' }]));
    const result = await tryAll(built, calm, 'die-at-file', deaths);
    rmSync(calm.folder, { recursive: true, force: true });
    expect(result.wrong).toEqual([]);
    expect(result.deaths).toBeGreaterThan(result.cases * 0.7);
  });
});
