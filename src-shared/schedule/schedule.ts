import { z } from 'zod';
import { cronMistake, cronMistakeText } from '#shared/schedule/cron-expression';
import { ScheduleId } from '#shared/ids';
import { isTimeZone } from '#shared/schedule/zone';

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** "30s", "15m", "1h", "1d" in ms; null when it is no such text. A day is 24 hours of elapsed time. */
export function spanMs(text: string): number | null {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/u.exec(text) ?? [];
  return unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? Number(count) * UNITS[unit] : null;
}

/** In ms since 1970, in the years that schedules know. */
const Instant = z.int().min(Date.UTC(1000, 0, 1)).max(Date.UTC(2999, 11, 31, 23, 59, 59, 999));
const Span = z.string().refine((text) => spanMs(text) !== null, 'This must be a number and a unit, such as 30s, 15m, 1h or 1d.');
const TimeZone = z.string().refine(isTimeZone, 'This must be the IANA name of a time zone, such as Europe/Zurich or UTC.');

/** Both ends belong to it. */
const bounds = { startAt: Instant.optional(), endAt: Instant.optional() };

/** One instant. The zone is what it is shown in: UTC where it is left out. */
const OnceTimes = z.strictObject({ kind: z.literal('once'), at: Instant, timeZone: TimeZone.optional() });

/** Every N of elapsed time, counted from 1970-01-01T00:00Z + phase, never from the activation. The zone is what it is shown in. */
const IntervalTimes = z.strictObject({
  kind: z.literal('interval'),
  every: Span.refine((text) => spanMs(text) !== 0, 'This must be at least 1s.'),
  phase: Span.default('0s'),
  timeZone: TimeZone,
  ...bounds,
});

/** 5 or 6 fields on the wall clock of a zone. `days`: whether day of month OR or AND day of week must match when both are given. */
const CronTimes = z.strictObject({
  kind: z.literal('cron'),
  expression: z.string().max(1000).superRefine((expression, context) => {
    const mistake = cronMistake(expression);
    if (mistake === null) return;
    const { message, remedy } = cronMistakeText(mistake, 'en');
    context.addIssue({ code: 'custom', message: `${message} ${remedy}`, params: { ...mistake } });
  }),
  timeZone: TimeZone,
  days: z.enum(['or', 'and']).default('or'),
  /** A time that the clock jumps over: once at the first instant after the gap, or not at all. */
  gap: z.enum(['nextValid', 'skip']).default('nextValid'),
  /** A time that comes twice. */
  repeat: z.enum(['first', 'second', 'both']).default('first'),
  ...bounds,
});

/** Runs only when a person asks. */
const ManualTimes = z.strictObject({ kind: z.literal('manual') });

/** N after the previous run ended, or after the schedule was switched on. The zone is what it is shown in. */
const DelayTimes = z.strictObject({
  kind: z.literal('delay'),
  every: Span.refine((text) => spanMs(text) !== 0, 'This must be at least 1s.'),
  timeZone: TimeZone,
  ...bounds,
});

/** A file or folder changed and has been quiet for `settleMs`. A relative path starts at the workflow's folder. The zone is what it is shown in. */
const WatchTimes = z.strictObject({
  kind: z.literal('watch'),
  path: z.string().min(1).max(4000),
  /** Of a folder: which names count, below it too where it says so; everything where it is left out. */
  glob: z.string().max(1000).optional(),
  events: z.array(z.enum(['added', 'changed', 'removed'])).min(1).default(['added', 'changed']),
  settleMs: z.int().min(100).max(3_600_000).default(2000),
  timeZone: TimeZone,
  ...bounds,
});

/** The kinds of schedule whose instants are known in advance: everything that `occurrences` answers. */
export const TimedSpec = z.discriminatedUnion('kind', [OnceTimes, IntervalTimes, CronTimes]);
export type TimedSpec = z.infer<typeof TimedSpec>;

/** When a schedule of any kind asks for runs. */
export const ScheduleTimes = z.discriminatedUnion('kind', [ManualTimes, OnceTimes, IntervalTimes, DelayTimes, CronTimes, WatchTimes]);
export type ScheduleTimes = z.infer<typeof ScheduleTimes>;
export type ScheduleKind = ScheduleTimes['kind'];

/** Are its instants known in advance? */
export const isTimed = (times: ScheduleTimes): times is TimedSpec => times.kind === 'once' || times.kind === 'interval' || times.kind === 'cron';
export type IntervalSpec = z.infer<typeof IntervalTimes>;
export type CronSpec = z.infer<typeof CronTimes>;

/** How a schedule of any kind treats what is late, overlaps or fails. Read from `{}` it is what a new schedule has. */
export const SchedulePolicy = z.strictObject({
  /** bufferAll holds at most 1000. */
  overlap: z.enum(['skip', 'bufferOne', 'bufferAll', 'cancelOther', 'allowAll']).default('skip'),
  misfire: z.enum(['skip', 'last', 'all']).default('last'),
  /** How many missed occurrences `all` runs at most. */
  misfireMax: z.int().min(1).max(1000).default(1000),
  /** Late by less counts as on time. */
  graceSeconds: z.int().min(0).default(60),
  /** Older occurrences are recorded as missed and never run. */
  catchupWindow: Span.refine((text) => (spanMs(text) ?? 0) >= 10 * UNITS.s && (spanMs(text) ?? 0) <= 365 * UNITS.d, 'This must lie between 10s and 365d.').default('24h'),
  jitterSeconds: z.int().min(0).default(0),
  /** Counts fires, not skips. */
  remainingRuns: z.int().min(0).optional(),
  /** Pause once a run has failed after its last retry. */
  pauseOnFailure: z.boolean().default(false),
  /** Why it is paused. */
  note: z.string().max(2000).optional(),
});
export type SchedulePolicy = z.infer<typeof SchedulePolicy>;

/** A schedule as a workflow's file says it, defaults filled in. `key` tells it from others of the same workflow; empty for one alone. */
export const ScheduleDefinition = z.strictObject({
  key: z.string().max(60).regex(/^[\w-]*$/u).default(''),
  label: z.string().max(200).default(''),
  enabled: z.boolean().default(true),
  times: ScheduleTimes,
  policy: SchedulePolicy.default(SchedulePolicy.parse({})),
});
export type ScheduleDefinition = z.infer<typeof ScheduleDefinition>;

/** The id of a schedule follows from its workflow's and its key, so that file and journal agree without either naming it. */
export const scheduleIdOf = (workflowId: string, key: string): ScheduleId => ScheduleId.parse(key === '' ? workflowId : `${workflowId}:${key}`);
