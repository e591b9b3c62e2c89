/**
 * `npm run bench [-- --only files,warm,many,border,journal,schedules,connectors] [--rows 10000000] [--times 5] [--folder F]
 * [--kinds postgresql,sqlite]`: each figure beside its reference
 * from the same run, because no absolute time is stable on a shared machine. Nothing here passes or fails.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBorder } from '../../src-main/dataplane/border.testing.ts';
import { printConnectors } from './connectors.ts';
import { benchFiles } from './files.ts';
import { printJournal } from './journal.ts';
import { benchIdle, benchSchedules } from './schedules.ts';
import { benchMany, benchWarm } from './studio.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'files,warm,many,border,journal,schedules,connectors' },
    rows: { type: 'string', default: '10000000' },
    times: { type: 'string', default: '5' },
    folder: { type: 'string' },
    kinds: { type: 'string' },
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
  if (only.has('connectors')) await printConnectors(folder, { rows: Number(values.rows) / 10, long: Number(values.rows), times: Number(values.times), kinds: values.kinds?.split(',') ?? null });
  if (only.has('schedules')) {
    console.log('\n10,000 schedules of mixed kinds in 1,000 workflows, against the same workflows without');
    const { first, again, without, wave, trickle } = await benchSchedules(folder, 10_000);
    const opening = ({ openMs, readyMs, rssMb, schedules }: typeof first): object => ({ schedules, 'open ms': round(openMs, 0), 'until in force ms': round(readyMs, 0), ratio: round(readyMs / without.readyMs), 'RSS MB': round(rssMb, 0), 'MB more': round(rssMb - without.rssMb, 0) });
    console.table({ 'first start': opening(first), 'start': opening(again), without: opening(without) });
    console.log('How late a start is after its time, among them, ms');
    console.table({ '200 due in one second': wave, 'five every two seconds': trickle });
    console.log('An idle studio with 1,000 schedules against one with none, 30 s each: per cent of a core');
    const idle = await benchIdle(folder, 1000, 30);
    console.table({ idle: { 'with schedules': round(idle.withSchedules), without: round(idle.without), more: round(idle.withSchedules - idle.without) } });
  }
} finally {
  if (!kept) rmSync(folder, { recursive: true, force: true });
}
