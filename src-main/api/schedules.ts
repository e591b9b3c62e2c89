import { previewSchedule } from '#shared/schedule/preview';
import { api } from './context.ts';
import { latest } from './stream.ts';

/** Schedules: what is asked of the scheduler, and what the journal remembers of occurrences. */
export const schedules = api.schedules.router({
  list: api.schedules.list.handler(async ({ context }) => {
    const { schedules: found, refused, ...rest } = await context.studio.scheduler.list();
    return { ...rest, schedules: [...found], refused: [...refused] };
  }),
  preview: api.schedules.preview.handler(({ context, input }) => {
    const { problems, times, ...rest } = previewSchedule(input.schedule, input.from ?? context.now(), input.count);
    return { ...rest, problems: [...problems], times: [...times] };
  }),
  pause: api.schedules.pause.handler(async ({ context, input }) => {
    await context.studio.scheduler.pause(input.ids, input.note);
    return {};
  }),
  resume: api.schedules.resume.handler(async ({ context, input }) => {
    await context.studio.scheduler.resume(input.ids);
    return {};
  }),
  pauseAll: api.schedules.pauseAll.handler(async ({ context, input }) => {
    await context.studio.scheduler.pauseAll(input.note);
    return {};
  }),
  resumeAll: api.schedules.resumeAll.handler(async ({ context }) => {
    await context.studio.scheduler.resumeAll();
    return {};
  }),
  runNow: api.schedules.runNow.handler(async ({ context, input }) => ({ runId: await context.studio.scheduler.runNow(input.id) })),
  history: api.schedules.history.handler(({ context, input }) => {
    const { offset, limit, scheduleId, outcomes, from, to } = input;
    const filter = { ...(scheduleId === undefined ? {} : { scheduleId }), ...(outcomes === undefined ? {} : { outcomes }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const { rows, total } = context.studio.journal.occurrences(filter, offset, limit);
    return { rows: [...rows], total };
  }),
  runMissed: api.schedules.runMissed.handler(async ({ context, input }) => ({ runs: await context.studio.scheduler.runMissed(input.id, input.from, input.to, input.latestOnly) })),
  away: api.schedules.away.handler(({ context }) => context.studio.scheduler.away()),
  settleAway: api.schedules.settleAway.handler(async ({ context, input }) => {
    await context.studio.scheduler.settleAway(input.choices);
    return {};
  }),
  changes: api.schedules.changes.handler(async function* ({ context, signal }) {
    for await (const what of latest<'schedules' | 'away'>((listener) => context.studio.scheduler.subscribe(listener), (one) => one, signal)) yield { what };
  }),
});
