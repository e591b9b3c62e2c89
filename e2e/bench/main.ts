/**
 * `npm run bench [-- --only files,warm,many,border,journal] [--rows 10000000] [--times 5] [--folder F]`: each figure beside its reference
 * from the same run, because no absolute time is stable on a shared machine. Nothing here passes or fails.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBorder } from '../../src-main/dataplane/border.testing.ts';
import { benchFiles } from './files.ts';
import { printJournal } from './journal.ts';
import { benchMany, benchWarm } from './studio.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'files,warm,many,border,journal' },
    rows: { type: 'string', default: '10000000' },
    times: { type: 'string', default: '5' },
    folder: { type: 'string' },
  },
});
const only = new Set(values.only.split(','));
const kept = values.folder !== undefined;
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'millrace-bench-'));
mkdirSync(folder, { recursive: true });
const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

try {
  if (only.has('files')) {
    console.log(`\nWhole \`millrace run\` against one fused DuckDB statement in a process of its own (${Number(values.rows).toLocaleString('en')} rows, medians of ${values.times})`);
    for (const which of ['W2', 'W3'] as const) {
      const figures = await benchFiles(which, folder, Number(values.rows), Number(values.times));
      console.table({ [which]: { 'reference s': round(figures.referenceSeconds), 'millrace s': round(figures.millraceSeconds), ratio: round(figures.ratio), 'peak MB, all processes': Math.round(figures.peakMb) } });
    }
  }
  if (only.has('warm')) {
    console.log('\n100 rows, file → filter → map → file, warm studio: request to terminal event in the journal, ms');
    const { p50, p99, bareP50 } = await benchWarm(folder, 500);
    console.table({ warm: { p50: round(p50), p99: round(p99), 'the statement alone, p50': round(bareP50) } });
  }
  if (only.has('many')) {
    console.log('\n1,000 runs of a ten-node workflow, every event journalled');
    const figures = await benchMany(folder, 1000);
    console.table({ many: { 'runs/s': round(figures.runsPerSecond, 0), 'CPU ms a run': round(figures.cpuMsPerRun), 'of main': round(figures.mainCpuMsPerRun), events: figures.events, 'events a run': figures.eventsPerRun, "window's call p99 ms": round(figures.callP99), 'max ms': round(figures.callMax) } });
  }
  if (only.has('border')) {
    console.log('\nA JavaScript node between two fused segments: rows a second across the border by batch size');
    console.table(await measureBorder());
  }
  if (only.has('journal')) printJournal(folder);
} finally {
  if (!kept) rmSync(folder, { recursive: true, force: true });
}
