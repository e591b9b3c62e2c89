import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBatches, TableWriter } from './border.ts';
import { openSession } from './session.ts';

export interface BorderFigure {
  readonly batchRows: number;
  readonly rowsPerSecond: number;
  readonly peakMb: number;
}

/** What crosses: the columns of the bench's CSV. */
const rowsOf = (rows: number): string =>
  `SELECT range AS id, TIMESTAMP '2024-01-01' + INTERVAL (range) SECOND AS ts, 'cat' || (range % 20) AS category, (range % 100000) / 100 AS amount, 'note ' || range AS note FROM range(${rows})`;

/**
 * Rows a second out of DuckDB, through a JavaScript function that looks at one value of each row, and back into a table, by batch
 * size: the median of `times`. The figures chose BATCH_ROWS.
 */
export async function measureBorder({ rows = 500_000, sizes = [512, 2048, 8192, 16_384, 65_536], times = 3 } = {}): Promise<readonly BorderFigure[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'millrace-border-'));
  const session = await openSession({ reads: [], writes: [], scratch, memoryLimitMb: 1024, threads: 2 });
  const back = await session.connect();
  const measured = new Map<number, { seconds: number[]; peak: number }>(sizes.map((size) => [size, { seconds: [], peak: 0 }]));
  try {
    await session.run(`CREATE TABLE run.source AS ${rowsOf(rows)}`);
    for (let time = 0; time < times; time += 1) {
      for (const [size, figure] of measured) {
        const startedAt = performance.now();
        const writer = new TableWriter(back, 'run', 'target');
        for await (const batch of readBatches(await session.connection.stream('FROM run.source'), size)) {
          await writer.write({ columns: batch.columns, rows: batch.rows.filter((row) => row[3] !== null) });
          figure.peak = Math.max(figure.peak, process.memoryUsage.rss());
        }
        await writer.close([]);
        figure.seconds.push((performance.now() - startedAt) / 1000);
      }
    }
  } finally {
    back.closeSync();
    session.close();
    rmSync(scratch, { recursive: true, force: true });
  }
  return [...measured].map(([batchRows, { seconds, peak }]) => {
    const median = seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? 1;
    return { batchRows, rowsPerSecond: Math.round(rows / median), peakMb: Math.round(peak / 2 ** 20) };
  });
}
