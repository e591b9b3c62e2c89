import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { createJournal } from '../../src-main/journal/sqlite.ts';
import { KINDS } from './jobs.ts';
import { newRound } from './round.ts';
import { newLedger, startLife } from './studio-process.ts';
import { judge, PROMISES } from './verdict.ts';

const HOURS = 3_600_000;

test.each([
  ['jumps two hours forth and back while runs are going', 2 * HOURS, 35],
  ['jumps by a minute all the time', 60_000, 3],
])('a clock that %s fails, holds up and hurries nothing', async (_what, jumpMs, everyMs) => {
  const built = inject('built');
  const kinds = [...KINDS, 'timed', 'patient'];
  const play = async (clock?: { readonly jumpMs: number; readonly everyMs: number }) => {
    const round = newRound(kinds);
    const ledger = newLedger();
    const life = startLife(built, { dataDir: round.dataDir, folder: round.work, kinds, atOnce: 5, ...(clock === undefined ? {} : { clock }) }, ledger, 0);
    const began = performance.now();
    expect([await life.gone, life.stderr.join('')]).toEqual([0, '']);
    return { ...round, kinds, ledger, kills: [], halves: [], openMs: 0, problems: [], ms: performance.now() - began };
  };
  const calm = await play();
  const round = await play({ jumpMs, everyMs });
  const verdict = await judge(round, calm);
  expect(PROMISES.flatMap((promise) => verdict[promise])).toEqual([]);
  const journal = createJournal({ path: join(round.dataDir, 'journal.sqlite'), readOnly: true });
  const events = journal.readAll(0, 1_000_000);
  journal.close();
  const stamps = events.map((event) => event.at);
  // It did jump.
  expect(Math.max(...stamps) - Math.min(...stamps)).toBeGreaterThan(jumpMs / 2);
  const durations = events.flatMap((event) => ('durationMs' in event.data ? [event.data.durationMs] : []));
  expect(durations.length).toBeGreaterThan(50);
  expect(durations.filter((ms) => ms < 0 || ms > round.ms)).toEqual([]);
  for (const { folder } of [round, calm]) rmSync(folder, { recursive: true, force: true });
});
