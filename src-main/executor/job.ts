import type { Run } from '#shared/run/run';
import type { Job } from '../dataplane/protocol.ts';
import type { Past } from './past.ts';
import type { Prepared } from './prepare.ts';
import type { World } from './world.ts';

/** A run as its worker gets it: with what it can build on, where there is something. */
export function jobOf(run: Pick<Run, 'id' | 'requestedAt'>, prepared: Prepared, past: Past | null, place: World['job']): Job {
  const { graph, plan } = prepared;
  return {
    runId: run.id,
    requestedAt: run.requestedAt,
    graph,
    plan: { segments: plan.segments, skipped: plan.skipped },
    memoryLimitMb: prepared.memoryLimitMb ?? place.memoryLimitMb(),
    threads: place.threads,
    outputs: place.outputs,
    past: past?.nodes ?? [],
    diverted: past?.diverted ?? [],
    scratch: place.scratch,
  };
}
