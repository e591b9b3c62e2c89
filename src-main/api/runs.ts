import { runStream } from '#shared/events';
import type { RunId } from '#shared/ids';
import { collectRun } from '../run-file/collect.ts';
import { runFileName, runFileText } from '../run-file/write.ts';
import { api } from './context.ts';
import type { ApiContext } from './context.ts';
import { differenceOf } from './difference.ts';
import { openedConsole, openedEvents, openedIn, openedRun, openedSample, openedState, openedUpdates, refuseOpened } from './opened-runs.ts';
import { present } from './plain.ts';
import { subscribeToRuns } from './run-changes.ts';
import { forkOf, foundRun, requestOf, rerunOf } from './run-requests.ts';
import { monitorStats } from './stats.ts';
import { latest } from './stream.ts';

/** A run as one file, whether it is of the journal or was opened from a file itself. */
async function exported({ studio, now }: ApiContext, id: RunId, data: boolean): Promise<{ readonly text: string; readonly fileName: string }> {
  const opened = await openedRun(studio, id);
  const content = opened ?? (await collectRun(studio.journal, id, data ? (run, node, port) => studio.executor.sample(run, node, port) : null));
  const state = opened === null ? foundRun(studio, id) : openedState(opened, id);
  const text = await runFileText(content, { data, version: studio.info.version, now: now() });
  return { text, fileName: runFileName(state.workflowName, content.run, state.requestedAt) };
}

/** Starting, stopping, answering, finding and watching runs; looking at one that was opened from a file. */
export const runs = api.runs.router({
  start: api.runs.start.handler(async ({ context, input }) => ({ runId: await context.studio.executor.start(await requestOf(context, input)) })),
  cancel: api.runs.cancel.handler(async ({ context, input }) => {
    refuseOpened(input.runId);
    await context.studio.executor.cancel(input.runId, context.trigger.kind);
    return {};
  }),
  answer: api.runs.answer.handler(async ({ context, input }) => {
    refuseOpened(input.runId);
    await context.studio.executor.answer(input.runId, input.answer, context.trigger.kind);
    return {};
  }),
  rerun: api.runs.rerun.handler(async ({ context, input }) => {
    refuseOpened(input.runId);
    return { runId: await context.studio.executor.start(rerunOf(context, input.runId, input.from)) };
  }),
  fork: api.runs.fork.handler(async ({ context, input }) => {
    refuseOpened(input.runId);
    return { runId: await context.studio.executor.start(forkOf(context, input.runId, input.version, input.workflow)) };
  }),
  difference: api.runs.difference.handler(({ context, input }) => differenceOf(context.studio, input)),
  export: api.runs.export.handler(({ context, input }) => exported(context, input.runId, input.data)),
  openFile: api.runs.openFile.handler(async ({ context, input }) => ({ runId: await openedIn(context.studio).open(input.text) })),
  list: api.runs.list.handler(({ context, input }) => {
    const page = context.studio.journal.runs(present(input.filter), input.offset, input.limit);
    return { rows: [...page.rows], total: page.total, counts: page.counts };
  }),
  get: api.runs.get.handler(async ({ context, input }) => {
    const opened = await openedRun(context.studio, input.runId);
    return opened === null ? foundRun(context.studio, input.runId, input.at) : openedState(opened, input.runId, input.at);
  }),
  events: api.runs.events.handler(async ({ context, input }) => {
    const opened = await openedRun(context.studio, input.runId);
    if (opened !== null) return openedEvents(opened, input.runId, input.after);
    const events = context.studio.journal.read(runStream(input.runId), input.after);
    if (events.length === 0) foundRun(context.studio, input.runId);
    return [...events];
  }),
  console: api.runs.console.handler(async ({ context, input }) => {
    const opened = await openedRun(context.studio, input.runId);
    if (opened !== null) return openedConsole(opened);
    const lines = context.studio.journal.logs(input.runId);
    if (lines.length === 0) foundRun(context.studio, input.runId);
    return [...lines];
  }),
  sample: api.runs.sample.handler(async ({ context, input }) => {
    const opened = await openedRun(context.studio, input.runId);
    return opened === null ? context.studio.executor.sample(input.runId, input.node, input.port) : openedSample(opened, input.node, input.port);
  }),
  watch: api.runs.watch.handler(async function* ({ context, input, signal }) {
    const opened = await openedRun(context.studio, input.runId);
    if (opened === null) yield* context.studio.executor.watch(input.runId, signal);
    else yield* openedUpdates(opened, input.runId);
  }),
  changes: api.runs.changes.handler(async function* ({ context, signal }) {
    yield* latest((listener) => subscribeToRuns(context.studio.journal, listener), (change) => change.runId, signal);
  }),
  stats: api.runs.stats.handler(({ context }) => monitorStats(context.studio, context.now())),
  workflow: api.runs.workflow.handler(async ({ context, input }) => {
    const opened = await openedRun(context.studio, input.runId);
    return opened === null ? foundRun(context.studio, input.runId).workflow : openedState(opened, input.runId).workflow;
  }),
});
