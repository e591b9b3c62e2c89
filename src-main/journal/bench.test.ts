import { expect, it } from 'vitest';
import { benchDurability, benchLarge } from './bench-large.testing.ts';
import { benchJournal } from './bench.testing.ts';
import { temporaryFolder } from './temporary.testing.ts';

it('the figures are taken of journals that work, whatever they are', () => {
  const { figures, list, runsPerSecond } = benchJournal({ folder: temporaryFolder(), rounds: 1, events: 100, readEvents: 500, listedRuns: 1_000 });
  expect(figures).toHaveLength(7);
  for (const { journal, bare, ratio } of figures) expect(Math.min(journal, bare, ratio)).toBeGreaterThan(0);
  expect(runsPerSecond).toBeGreaterThan(0);
  expect(list.runs).toBe(1_000);
});

it('durability and size are measured of journals that work, whatever the figures are', () => {
  const figures = benchDurability({ folder: temporaryFolder(), rounds: 1, transactions: 4 });
  expect(figures.map(({ what }) => what)).toEqual(['FULL', 'NORMAL'].flatMap((durability) => [1, 10, 100].map((batch) => `${durability}, ${batch} a transaction`)));
  for (const { journal, bare, ratio } of figures) expect(Math.min(journal, bare, ratio)).toBeGreaterThan(0);
  expect(benchLarge({ folder: temporaryFolder(), events: 2_000 })).toMatchObject({ events: 2_001, runs: 87 });
});
