import type { RunUpdate } from '#shared/contract/runs';
import { StudioError } from '#shared/errors';
import { runStream } from '#shared/events';
import { NodeId } from '#shared/ids';
import type { RunId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { Journal } from '../journal/journal.ts';
import { createFeed } from './feed.ts';
import { reusedSamples } from './reused.ts';
import type { LiveRun } from './world.ts';
import type { RunSamples, SampleStore } from './samples.ts';

/** What has happened so far, in the shape of what is to come. Throws not_found for a run nobody asked for. */
function past(journal: Journal, id: RunId): readonly RunUpdate[] {
  const events = journal.read(runStream(id));
  if (events.length === 0) throw new StudioError('not_found', `There is no run "${id}" in the journal.`, { place: id, remedy: 'Look for it in the list of runs.' });
  const lines = journal.logs(id);
  const updates: RunUpdate[] = events.map((event) => ({ kind: 'event', event }));
  if (lines.length > 0) updates.push({ kind: 'console', lines: [...lines] });
  return updates;
}

const notices = (samples: RunSamples): readonly RunUpdate[] =>
  Object.entries(samples).flatMap(([node, ports]) => Object.keys(ports).map((port): RunUpdate => ({ kind: 'sample', node: NodeId.parse(node), port })));

/** A run that has ended: all there is of it. */
export async function* watchEnded(journal: Journal, samples: SampleStore, id: RunId): AsyncIterable<RunUpdate> {
  yield* past(journal, id);
  yield* notices(await samples.all(id));
  yield* reused(journal, samples, journal.run(id));
}

async function* reused(journal: Journal, samples: SampleStore, run: Run | null): AsyncIterable<RunUpdate> {
  if (run !== null && Object.values(run.nodes).some((node) => node.reusedFrom !== null)) yield* notices(await reusedSamples(samples, (id) => journal.run(id), run));
}

/** A run that is going: what was, then what comes. Between the two nothing can be lost or told twice, because neither reading waits. */
export function watchLive(journal: Journal, samples: SampleStore, live: LiveRun, signal?: AbortSignal): AsyncIterable<RunUpdate> {
  const feed = createFeed<RunUpdate>(() => stop(), signal);
  for (const update of past(journal, live.id)) feed.push(update);
  for (const notice of notices(samples.held(live.id))) feed.push(notice);
  const stop = live.listen(feed);
  return (async function* () {
    yield* feed;
    if (signal?.aborted !== true) yield* reused(journal, samples, live.run());
  })();
}
