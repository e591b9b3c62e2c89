import { expect, it } from 'vitest';
import { benchJournal } from './bench.testing.ts';
import { temporaryFolder } from './temporary.testing.ts';

it('the figures are taken of journals that work, whatever they are', () => {
  const { figures, list, runsPerSecond } = benchJournal({ folder: temporaryFolder(), rounds: 1, events: 100, readEvents: 500, listedRuns: 1_000 });
  expect(figures).toHaveLength(7);
  for (const { journal, bare, ratio } of figures) expect(Math.min(journal, bare, ratio)).toBeGreaterThan(0);
  expect(runsPerSecond).toBeGreaterThan(0);
  expect(list.runs).toBe(1_000);
});
