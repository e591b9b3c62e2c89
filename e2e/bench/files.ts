import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeInput } from './input.ts';
import { measure, median } from './process.ts';
import { workflow } from './statements.ts';
import type { Case } from './statements.ts';

export interface FileFigures {
  readonly case: Case;
  readonly rows: number;
  readonly referenceSeconds: number;
  readonly millraceSeconds: number;
  readonly ratio: number;
  readonly peakMb: number;
}

/** W2 and W3: the whole `millrace run` against the one fused statement, in turn, so that both see the same machine. */
export async function benchFiles(which: Case, folder: string, rows: number, times: number): Promise<FileFigures> {
  const input = join(folder, `input-${rows}.csv`);
  await makeInput(input, rows);
  const data = join(folder, `data-${which}`);
  mkdirSync(data, { recursive: true });
  const expected = join(folder, `${which}-reference.csv`);
  const output = join(folder, `${which}-millrace.csv`);
  const file = join(folder, `${which}.json`);
  writeFileSync(file, JSON.stringify(workflow(which, input, output)));
  const here = import.meta.dirname;
  const reference: number[] = [];
  const ours: number[] = [];
  for (let index = 0; index <= times; index += 1) {
    rmSync(output, { force: true });
    const bare = await measure(process.execPath, [join(here, 'reference.js'), which, input, expected]);
    const run = await measure(process.execPath, [join(here, '../main/cli.js'), 'run', file, '--data-dir', data, '--json']);
    if (run.code !== 0) throw new Error(`millrace run ended with ${run.code}: ${run.stdout}`);
    if (statSync(output).size === 0) throw new Error('millrace run wrote nothing');
    // The first pair warms the file cache.
    if (index === 0) continue;
    reference.push(bare.seconds);
    ours.push(run.seconds);
  }
  // Memory apart: looking at /proc costs time.
  const { peakMb } = await measure(process.execPath, [join(here, '../main/cli.js'), 'run', file, '--data-dir', data, '--json'], { memory: true });
  const ratios = ours.map((seconds, index) => seconds / (reference[index] ?? Number.NaN));
  return { case: which, rows, referenceSeconds: median(reference), millraceSeconds: median(ours), ratio: median(ratios), peakMb };
}

