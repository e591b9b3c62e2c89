import { dirname } from 'node:path';
import { StudioError } from '#shared/errors';
import { runStream } from '#shared/events';
import type { RunId, WorkflowId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import type { RunScope } from '#shared/events';
import type { Workflow } from '#shared/workflow/workflow';
import type { RunRequest, Studio } from '../studio-types.ts';
import { api } from './context.ts';
import type { ApiContext } from './context.ts';
import { present } from './plain.ts';
import { subscribeToRuns } from './run-changes.ts';
import { monitorStats } from './stats.ts';
import { latest } from './stream.ts';

/** Throws not_found in words that say where runs are found. */
function foundRun(studio: Studio, id: RunId, at?: number): Run {
  const run = studio.journal.run(id, at);
  if (run === null) throw new StudioError('not_found', `There is no run "${id}" in the journal.`, { place: id, remedy: 'It may have been removed by retention: look for it in the list of runs.' });
  return run;
}

interface StartInput {
  readonly workflowId?: WorkflowId | undefined;
  readonly workflow?: Workflow | undefined;
  readonly scope: RunScope;
}

/** A draft runs as it is given; a saved workflow as its file stands now. */
async function requestOf({ studio, trigger }: ApiContext, { workflowId, workflow, scope }: StartInput): Promise<RunRequest> {
  if (workflow !== undefined) return { workflow, ...(await studio.placeOf(workflowId ?? workflow.id)), trigger, scope };
  if (workflowId === undefined) throw new StudioError('invalid_input', 'A run needs a workflow.', { remedy: 'Give workflowId or workflow.' });
  const opened = await (await studio.library()).open(workflowId);
  return { workflow: opened.workflow, file: opened.path, folder: dirname(opened.path), trigger, scope };
}

/** Starting, stopping, finding and watching runs. */
export const runs = api.runs.router({
  start: api.runs.start.handler(async ({ context, input }) => ({ runId: await context.studio.executor.start(await requestOf(context, input)) })),
  cancel: api.runs.cancel.handler(async ({ context, input }) => {
    await context.studio.executor.cancel(input.runId, context.trigger.kind);
    return {};
  }),
  list: api.runs.list.handler(({ context, input }) => {
    const page = context.studio.journal.runs(present(input.filter), input.offset, input.limit);
    return { rows: [...page.rows], total: page.total, counts: page.counts };
  }),
  get: api.runs.get.handler(({ context, input }) => foundRun(context.studio, input.runId, input.at)),
  events: api.runs.events.handler(({ context, input }) => {
    const events = context.studio.journal.read(runStream(input.runId), input.after);
    if (events.length === 0) foundRun(context.studio, input.runId);
    return [...events];
  }),
  console: api.runs.console.handler(({ context, input }) => {
    const lines = context.studio.journal.logs(input.runId);
    if (lines.length === 0) foundRun(context.studio, input.runId);
    return [...lines];
  }),
  sample: api.runs.sample.handler(({ context, input }) => context.studio.executor.sample(input.runId, input.node, input.port)),
  watch: api.runs.watch.handler(async function* ({ context, input, signal }) {
    yield* context.studio.executor.watch(input.runId, signal);
  }),
  changes: api.runs.changes.handler(async function* ({ context, signal }) {
    yield* latest((listener) => subscribeToRuns(context.studio.journal, listener), (change) => change.runId, signal);
  }),
  stats: api.runs.stats.handler(({ context }) => monitorStats(context.studio, context.now())),
  workflow: api.runs.workflow.handler(({ context, input }) => foundRun(context.studio, input.runId).workflow),
});
