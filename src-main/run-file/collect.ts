import type { Sample } from '#shared/data';
import { StudioError } from '#shared/errors';
import { runStream } from '#shared/events';
import type { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { Journal } from '../journal/journal.ts';
import { fileEvent } from './format.ts';
import type { RunContent, RunSamples } from './format.ts';

export type SampleOf = (run: RunId, node: string, port: string) => Promise<Sample | null>;

async function samplesOf(run: Run, sampleOf: SampleOf): Promise<RunSamples> {
  const samples = new Map<string, RunSamples[string]>();
  for (const node of Object.values(run.nodes)) {
    const ports: (readonly [string, Sample])[] = [];
    for (const port of Object.keys(node.rowsOut)) {
      const sample = await sampleOf(run.id, node.id, port);
      if (sample !== null) ports.push([port, sample]);
    }
    if (ports.length > 0) samples.set(node.id, Object.fromEntries(ports));
  }
  return Object.fromEntries(samples);
}

/** All there is of a run of the journal, as it stands now. Throws not_found for one that is not there. */
export async function collectRun(journal: Pick<Journal, 'read' | 'run' | 'logs'>, id: RunId, sampleOf: SampleOf | null): Promise<RunContent> {
  const events = journal.read(runStream(id));
  const run = journal.run(id);
  if (run === null || events.length === 0) throw new StudioError('not_found', `There is no run "${id}" in the journal.`, { place: id, remedy: 'Look for it in the list of runs.' });
  const console = journal.logs(id).map(({ node, at, level, text, attempt, version }) => ({ node, at, level, text, attempt, version }));
  return { run: id, events: events.map(fileEvent), console, samples: sampleOf === null ? {} : await samplesOf(run, sampleOf) };
}
