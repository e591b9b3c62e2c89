import type { RowDifference } from '#shared/contract/runs';
import type { Sample } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { NodeId, RunId } from '#shared/ids';
import { isOpened } from '../run-file/opened.ts';
import type { Studio } from '../studio-types.ts';
import { openedRun, openedSample } from './opened-runs.ts';

interface Asked {
  readonly left: RunId;
  readonly right: RunId;
  readonly node: NodeId;
  readonly port: string;
  readonly limit: number;
}

/** Rows that two runs do not share. The executor compares runs of the journal; of one that was opened from a file there are only samples. */
export async function differenceOf(studio: Studio, { left, right, node, port, limit }: Asked): Promise<RowDifference> {
  if (!isOpened(left) && !isOpened(right)) return studio.executor.difference({ run: left, node, port }, { run: right, node, port }, limit);
  const sampleOf = async (run: RunId): Promise<Sample> => {
    const opened = await openedRun(studio, run);
    const sample = opened === null ? await studio.executor.sample(run, node, port) : openedSample(opened, node, port);
    if (sample === null) throw new StudioError('not_found', `The run has no rows of "${node}" (${port}).`, { place: run, remedy: 'Compare another node, or export the run with its data.' });
    return sample;
  };
  return sampleDifference(await sampleOf(left), await sampleOf(right), limit);
}

const typeIn = (sample: Sample, name: string): string | null => sample.columns.find((column) => column.name === name)?.type ?? null;

/** A row as far as it is compared. */
function keysOf(sample: Sample, names: readonly string[]): readonly string[] {
  const at = names.map((name) => sample.columns.findIndex((column) => column.name === name));
  return sample.rows.map((row) => JSON.stringify(at.map((index) => row[index] ?? null)));
}

/** The rows that the others do not have, as often as they do not have them. */
function alone(rows: Sample['rows'], keys: readonly string[], others: readonly string[]): Sample['rows'] {
  const left = new Map<string, number>();
  for (const key of others) left.set(key, (left.get(key) ?? 0) + 1);
  return rows.filter((_row, at) => {
    const key = keys[at] ?? '';
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
}

const firstOf = (sample: Sample, rows: Sample['rows'], limit: number): Sample => ({ columns: sample.columns, rows: rows.slice(0, limit), partial: sample.partial || rows.length > limit });

/** Two samples as bags of rows over the columns that both have; where they share none, every row is alone. */
export function sampleDifference(left: Sample, right: Sample, limit: number): RowDifference {
  const names = [...new Set([...left.columns, ...right.columns].map((column) => column.name))];
  const columns = names.map((name) => ({ name, left: typeIn(left, name), right: typeIn(right, name) }));
  const shared = columns.filter((column) => column.left !== null && column.right !== null).map((column) => column.name);
  const [leftKeys, rightKeys] = [keysOf(left, shared), keysOf(right, shared)];
  const onlyLeft = shared.length === 0 ? left.rows : alone(left.rows, leftKeys, rightKeys);
  const onlyRight = shared.length === 0 ? right.rows : alone(right.rows, rightKeys, leftKeys);
  return {
    basis: 'samples',
    leftRows: left.rows.length,
    rightRows: right.rows.length,
    same: left.rows.length - onlyLeft.length,
    onlyLeft: onlyLeft.length,
    onlyRight: onlyRight.length,
    columns,
    left: firstOf(left, onlyLeft, limit),
    right: firstOf(right, onlyRight, limit),
  };
}
