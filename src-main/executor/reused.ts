import type { Sample } from '#shared/data';
import type { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { RunSamples, SampleStore } from './samples.ts';

type FindRun = (id: RunId) => Run | null;

const originOf = (run: Run | null, node: string): RunId | null => (run !== null && Object.hasOwn(run.nodes, node) ? (run.nodes[node]?.reusedFrom ?? null) : null);

/** A node's sample, from the run in which it really ran. */
export async function sampleOf(samples: SampleStore, find: FindRun, id: RunId, node: string, port: string): Promise<Sample | null> {
  for (let run: RunId | null = id; run !== null; run = originOf(find(run), node)) {
    const found = await samples.get(run, node, port);
    if (found !== null) return found;
  }
  return null;
}

/** The samples of the nodes that a run has reused, each from the run in which it really ran. */
export async function reusedSamples(samples: SampleStore, find: FindRun, run: Run): Promise<RunSamples> {
  const found: Record<string, RunSamples[string]> = Object.create(null) as Record<string, RunSamples[string]>;
  const shelves = new Map<RunId, { readonly kept: RunSamples; readonly run: Run | null }>();
  for (const node of Object.values(run.nodes)) {
    for (let from = node.reusedFrom; from !== null; ) {
      const shelf = shelves.get(from) ?? { kept: await samples.all(from), run: find(from) };
      shelves.set(from, shelf);
      const ports = Object.hasOwn(shelf.kept, node.id) ? shelf.kept[node.id] : undefined;
      if (ports !== undefined) found[node.id] = ports;
      from = ports === undefined ? originOf(shelf.run, node.id) : null;
    }
  }
  return found;
}
