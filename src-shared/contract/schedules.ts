import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { FiredHow, MissedReason } from '#shared/events';
import { RunId, ScheduleId, WorkflowId } from '#shared/ids';
import { Json } from '#shared/json';
import { ScheduleDefinition } from '#shared/schedule/schedule';
import { Problem } from '#shared/workflow/workflow';

/** Instants are ms since 1970 throughout. */
const instant = z.number();

/** `scheduled`: it has a next time, or waits for a file. `done`: no time is left, or no fire. `disabled`: its file says so. */
export const SCHEDULE_STATUSES = ['scheduled', 'running', 'paused', 'disabled', 'manual', 'done'] as const;

/** A line of the Schedules place. */
export const ScheduleView = z.object({
  id: ScheduleId,
  workflowId: WorkflowId,
  workflowName: z.string(),
  definition: ScheduleDefinition,
  status: z.enum(SCHEDULE_STATUSES),
  paused: z.object({ by: z.enum(['person', 'failure', 'all']), note: z.string(), at: instant }).nullable(),
  /** When it starts its next run, jitter included; null where that is not known. `nextNominal`: the time its definition names. */
  next: instant.nullable(),
  nextNominal: instant.nullable(),
  /** Occurrences that wait for a run to end. */
  buffered: z.int(),
  /** Its runs that have not ended. */
  active: z.array(RunId),
  fires: z.int(),
  lastFired: z.object({ nominalTime: instant, runId: RunId, at: instant, status: z.string().nullable() }).nullable(),
  /** Median duration of the workflow's last completed runs, in ms; null where there was none. */
  expectedMs: z.number().nullable(),
  /** Why a watch can't watch, or the workflow could not be started at its last time. */
  problem: z.string().nullable(),
});
export type ScheduleView = z.infer<typeof ScheduleView>;

/** Why a workflow file's schedule is not in force: what stands there is refused, what was in force before stays. */
export const RefusedSchedule = z.object({ workflowId: WorkflowId, workflowName: z.string(), path: z.string(), problems: z.array(Problem) });
export type RefusedSchedule = z.infer<typeof RefusedSchedule>;

/** One occurrence that came to something, or several in a row that were missed for one reason (`count` of them, up to `lastNominalTime`). */
export const OccurrenceRow = z.object({
  scheduleId: ScheduleId,
  workflowId: WorkflowId,
  workflowName: z.string(),
  outcome: z.enum(['fired', 'skipped', 'missed', 'buffered']),
  nominalTime: instant,
  lastNominalTime: instant,
  count: z.int(),
  /** When that was decided. */
  at: instant,
  runId: RunId.nullable(),
  how: FiredHow.nullable(),
  reason: MissedReason.nullable(),
  detail: z.string().nullable(),
});
export type OccurrenceRow = z.infer<typeof OccurrenceRow>;

/** What a schedule missed while nobody was there. `policy`: what happens at `deadline` unless a person says otherwise. */
export const AWAY_CHOICES = ['run', 'latest', 'skip'] as const;
export const AwayChoice = z.enum(AWAY_CHOICES);
export type AwayChoice = z.infer<typeof AwayChoice>;
export const AwaySchedule = z.object({
  scheduleId: ScheduleId,
  workflowId: WorkflowId,
  workflowName: z.string(),
  label: z.string(),
  timeZone: z.string(),
  reason: MissedReason,
  count: z.int(),
  /** The first and last hundred nominal times at most. */
  times: z.array(instant),
  first: instant,
  last: instant,
  /** So many of them are older than the catch-up window and can't be run any more. */
  tooOld: z.int(),
  policy: AwayChoice,
});
export type AwaySchedule = z.infer<typeof AwaySchedule>;
/** `deadline`: then the policies decide; nothing waits for ever. */
export const Away = z.object({ since: instant, until: instant, deadline: instant, schedules: z.array(AwaySchedule) });
export type Away = z.infer<typeof Away>;

/** `localTime`: on the clock of the schedule's zone, with its offset. `nominalLocal`: the wall time that the schedule names there. `clockChange`: what the clock does on that day there. */
export const PreviewTime = z.object({ at: instant, nominalLocal: z.string(), localTime: z.string(), dst: z.enum(['gap', 'repeat']).nullable(), clockChange: z.enum(['forward', 'back']).nullable() });
export type PreviewTime = z.infer<typeof PreviewTime>;

const ids = z.object({ ids: z.array(ScheduleId).min(1).max(100_000) });

export const schedulesContract = {
  list: oc.route({ method: 'GET', path: '/schedules', summary: 'Every schedule' }).output(
    z.object({
      schedules: z.array(ScheduleView),
      refused: z.array(RefusedSchedule),
      /** Set while all are paused together. */
      allPaused: z.object({ note: z.string(), at: instant }).nullable(),
      /** Whether this host runs schedules at all. */
      running: z.boolean(),
    }),
  ),
  /** What a schedule means and when it runs next, as `metadata.schedule` of a workflow's file would say it. Writes nothing. */
  preview: oc
    .route({ method: 'POST', path: '/schedules/preview', summary: 'What a schedule means' })
    .input(z.object({ schedule: Json, from: instant.optional(), count: z.int().min(1).max(1000).default(10) }))
    .output(z.object({ definition: ScheduleDefinition.nullable(), problems: z.array(Problem), sentence: z.object({ en: z.string(), zh: z.string() }).nullable(), times: z.array(PreviewTime) })),
  pause: oc.route({ method: 'POST', path: '/schedules/pause', summary: 'Pause schedules' }).input(ids.extend({ note: z.string().max(2000).default('') })).output(z.object({})),
  /** From now on; nothing fires for the time of the pause. */
  resume: oc.route({ method: 'POST', path: '/schedules/resume', summary: 'Resume schedules' }).input(ids).output(z.object({})),
  /** All together, without touching which of them are paused by themselves. */
  pauseAll: oc.route({ method: 'POST', path: '/schedules/pause-all', summary: 'Pause every schedule' }).input(z.object({ note: z.string().max(2000).default('') })).output(z.object({})),
  resumeAll: oc.route({ method: 'POST', path: '/schedules/resume-all', summary: 'Resume every schedule' }).output(z.object({})),
  /** The workflow of a schedule, now; its times stay as they are. */
  runNow: oc.route({ method: 'POST', path: '/schedules/{id}/run', summary: 'Run now' }).input(z.object({ id: ScheduleId })).output(z.object({ runId: RunId })),
  /** Occurrences that came to something, newest first. */
  history: oc
    .route({ method: 'GET', path: '/schedules/history', summary: 'What became of occurrences' })
    .input(
      z.object({
        scheduleId: ScheduleId.optional(),
        outcomes: z.array(z.enum(['fired', 'skipped', 'missed', 'buffered'])).optional(),
        from: instant.optional(),
        to: instant.optional(),
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(1000).default(100),
      }),
    )
    .output(z.object({ rows: z.array(OccurrenceRow), total: z.int() })),
  /** Runs missed or skipped occurrences after all, in nominal order, one after the other. Those that have fired stay as they are. */
  runMissed: oc
    .route({ method: 'POST', path: '/schedules/{id}/run-missed', summary: 'Run what was missed' })
    .input(z.object({ id: ScheduleId, from: instant, to: instant, latestOnly: z.boolean().default(false) }))
    .output(z.object({ runs: z.int() })),
  away: oc.route({ method: 'GET', path: '/schedules/away', summary: 'What was missed while you were away' }).output(Away.nullable()),
  /** Schedules that are not named go by their policy. */
  settleAway: oc
    .route({ method: 'POST', path: '/schedules/away', summary: 'Decide on what was missed' })
    .input(z.object({ choices: z.record(ScheduleId, AwayChoice) }))
    .output(z.object({})),
  /** Told after every change of what `list`, `history` or `away` answer; several changes may be told as one. */
  changes: oc.route({ method: 'GET', path: '/schedules/changes', summary: 'Watch the schedules' }).output(eventIterator(z.object({ what: z.enum(['schedules', 'away']) }))),
};
