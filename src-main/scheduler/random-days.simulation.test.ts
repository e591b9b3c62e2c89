import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { seeded } from '#shared/seeded.testing';
import type { Journal } from '../journal/journal.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import { createJournal } from '../journal/sqlite.ts';
import { liveThroughDays } from './random-days.testing.ts';
import { createScheduler } from './scheduler.ts';

/** `DAYS_SEED=7 DAYS_LIVES=200 vitest run …`: so many lives, from that seed on. */
const SEED = Number(process.env['DAYS_SEED'] ?? 1);
const LIVES = Number(process.env['DAYS_LIVES'] ?? 12);
const STEPS = 50;
/** On a disk each write waits for it. */
const STEPS_ON_DISK = 15;

const sums = { days: 0, fired: 0, late: 0, buffered: 0, skipped: 0, missed: 0 };
afterAll(() => console.log(`Simulated: ${Math.round(sums.days).toLocaleString('en')} days; occurrences ${sums.fired.toLocaleString('en')} fired (${sums.late.toLocaleString('en')} of them late), ${sums.skipped.toLocaleString('en')} skipped, ${sums.missed.toLocaleString('en')} missed, each once.`));

/** What the journal knows of schedules and occurrences, all of it. */
const projected = (journal: Journal) => ({ schedules: journal.schedules(), occurrences: journal.occurrences({}, 0, 1_000_000) });

test.each(Array.from({ length: LIVES }, (_, n) => SEED + n))('life %i: every occurrence has one outcome, the one that its policy says', async (seed) => {
  const chance = seeded(seed);
  const onDisk = seed % 3 === 0;
  const folder = onDisk ? mkdtempSync(join(tmpdir(), 'millrace-days-')) : null;
  const memory = createMemoryJournal();
  const open = (): Journal => (folder === null ? memory : createJournal({ path: join(folder, 'journal.sqlite') }));
  const drop = (journal: Journal): void => (folder === null ? undefined : journal.close());
  try {
    const { problems, story, days, tally } = await liveThroughDays({ chance, create: createScheduler, open, drop, steps: onDisk ? STEPS_ON_DISK : STEPS, askMissedMs: seed % 2 === 0 ? 0 : 30_000 });
    expect(problems.length === 0 ? [] : [...story.slice(-30), ...problems.slice(0, 5)]).toEqual([]);
    for (const key of ['fired', 'late', 'buffered', 'skipped', 'missed'] as const) sums[key] += tally[key];
    sums.days += days;
    expect(tally.fired).toBeGreaterThan(0);
    const journal = open();
    const before = projected(journal);
    journal.rebuild();
    expect(projected(journal)).toEqual(before);
    expect(journal.verify().problems).toEqual([]);
    drop(journal);
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
