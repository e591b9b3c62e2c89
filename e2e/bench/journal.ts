import { join } from 'node:path';
import { benchDurability, benchLarge } from '../../src-main/journal/bench-large.testing.ts';
import { benchJournal } from '../../src-main/journal/bench.testing.ts';

/** Prints what the journal does beside bare better-sqlite3, and what a million events cost. */
export function printJournal(folder: string): void {
  console.log('\nThe journal against bare better-sqlite3 with the same table, indices and transactions: events a second');
  const { figures, runsPerSecond, list } = benchJournal({ folder: join(folder, 'journal') });
  console.table(figures);
  console.log(`${runsPerSecond} ten-node runs a second, one append an event; run list over ${list.runs.toLocaleString('en')} runs: slowest question ${list.slowestMs} ms, opening ${list.openMs} ms`);
  console.log('\nEvents a second by durability');
  console.table(benchDurability({ folder: join(folder, 'durability') }));
  console.log('\nA journal of 1,000,000 events');
  console.table({ large: benchLarge({ folder: join(folder, 'large') }) });
}
