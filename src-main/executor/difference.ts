import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '#shared/data';
import { StudioError } from '#shared/errors';
import type { Run } from '#shared/run/run';
import { keptOutputs } from '#shared/run/run';
import type { RowsSource } from '../dataplane/protocol.ts';
import type { RowsOf } from '../studio-types.ts';

/** Where an output rests by its content: `<outputs>/ab/abcd….parquet`; null for what is no SHA-256, which would be a path of somebody's choosing. */
export const keptFile = (outputs: string, hash: string): string | null => (/^[0-9a-f]{64}$/u.test(hash) ? join(outputs, hash.slice(0, 2), `${hash}.parquet`) : null);

export interface Shelves {
  readonly outputs: string;
  readonly run: (of: RowsOf) => Run | null;
  readonly sample: (of: RowsOf) => Promise<Sample | null>;
}

/** The rows of both sides: whole where both were kept, else the samples. Throws not_found where one has none. */
export async function sides(left: RowsOf, right: RowsOf, shelves: Shelves): Promise<{ readonly basis: 'outputs' | 'samples'; readonly left: RowsSource; readonly right: RowsSource }> {
  const [whole, other] = [left, right].map((side) => keptOf(side, shelves));
  if (whole != null && other != null) return { basis: 'outputs', left: { kind: 'file', path: whole }, right: { kind: 'file', path: other } };
  return { basis: 'samples', left: await sampleOf(left, shelves), right: await sampleOf(right, shelves) };
}

function keptOf(of: RowsOf, { outputs, run }: Shelves): string | null {
  const nodes = run(of)?.nodes ?? {};
  const node = Object.hasOwn(nodes, of.node) ? nodes[of.node] : undefined;
  const kept = node === undefined ? undefined : keptOutputs(node).find((one) => one.port === of.port);
  const path = kept === undefined ? null : keptFile(outputs, kept.hash);
  return path !== null && existsSync(path) ? path : null;
}

async function sampleOf(of: RowsOf, { run, sample }: Shelves): Promise<RowsSource> {
  const found = await sample(of);
  if (found !== null) return { kind: 'sample', sample: found };
  if (run(of) === null) throw new StudioError('not_found', `There is no run "${of.run}".`, { place: of.run });
  throw new StudioError('not_found', `No rows of "${of.node}" were kept of that run.`, { place: of.run, remedy: 'Run it again, or turn on "checkpoint" for the node to keep all of its rows.' });
}
