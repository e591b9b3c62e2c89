import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ARENAS } from './databases.ts';
import { fight, runFlow } from './duel.ts';
import { makeRows } from './rows.ts';
import { SERVICES } from './services.ts';

/** What the worker of a long read may use. */
const LIMIT_MB = 512;
const whole = (value: number): number => Math.round(value);

/** Every connector against the tool that its server comes with, each in the same run; a server that is not installed is passed over, and said so. */
export async function printConnectors(folder: string, { rows, long, times, kinds }: { readonly rows: number; readonly long: number; readonly times: number; readonly kinds: readonly string[] | null }): Promise<void> {
  const place = mkdtempSync(join(folder, 'connectors-'));
  const csv = join(place, `rows-${rows}.csv`);
  await makeRows(csv, rows);
  console.log(`\n${rows.toLocaleString('en')} rows of 8 columns from and to each database, against its own bulk tool: rows a second, whole processes, medians of ${times}`);
  const memory: Record<string, object> = {};
  for (const [kind, open] of Object.entries(ARENAS)) {
    if (kinds !== null && !kinds.includes(kind)) continue;
    const arena = await open({ folder: place, csv, rows });
    if (typeof arena === 'string') {
      console.log(`${kind} is left out: ${arena}.`);
      continue;
    }
    try {
      for (const duel of arena.duels) {
        const { tool, millrace, ratio } = await fight(place, duel, times);
        console.table({ [duel.name]: { 'its tool, rows/s': whole(tool), 'millrace, rows/s': whole(millrace), 'times as long': Number(ratio.toFixed(2)) } });
      }
      if (arena.series === null) continue;
      for (const count of [long / 10, long]) {
        const { seconds, peakMb } = await runFlow(place, `long ${kind}`, [['source', 'sql.query', { connection: arena.connection, query: arena.series(count) }], ['transform', 'aggregate.count', {}], ['sink', 'console.log', {}]], LIMIT_MB);
        memory[`${arena.connection}, ${count.toLocaleString('en')} rows`] = { 'rows/s': whole(count / seconds), 'peak MB, all processes': whole(peakMb) };
      }
    } finally {
      await arena.stop();
    }
  }
  console.log(`Long reads under a limit of ${LIMIT_MB} MB: the memory of all of Millrace’s processes together`);
  console.table(memory);
  for (const [kind, open] of Object.entries(SERVICES)) {
    if (kinds !== null && !kinds.includes(kind)) continue;
    const arena = await open(place);
    if (typeof arena === 'string') {
      console.log(`${kind} is left out: ${arena}.`);
      continue;
    }
    try {
      for (const duel of arena.duels) {
        const { tool, millrace, ratio } = await fight(place, duel, times);
        console.table({ [duel.name]: { [`its tool, ${arena.unit}/s`]: whole(tool), [`millrace, ${arena.unit}/s`]: whole(millrace), 'times as long': Number(ratio.toFixed(2)) } });
      }
    } finally {
      await arena.stop();
    }
  }
  rmSync(place, { recursive: true, force: true });
}
