import { assertNever } from '#shared/errors';
import { cronMeaning } from '#shared/schedule/cron-meaning';
import { spanMs } from '#shared/schedule/schedule';
import type { ScheduleDefinition, ScheduleTimes } from '#shared/schedule/schedule';
import { inChinese } from '#shared/schedule/sentence-zh';
import { inEnglish } from '#shared/schedule/sentence-en';
import type { Words } from '#shared/schedule/sentence-words';
import { localText } from '#shared/schedule/zone';

/**
 * What a schedule means, as one plain sentence: when it runs, and after semicolons what limits or delays it. Whether it is switched on or
 * paused is no part of it.
 */
export function describeSchedule({ times, policy }: ScheduleDefinition, language: 'en' | 'zh'): string {
  const words = language === 'en' ? inEnglish : inChinese;
  const more = [
    ...bounds(times, words),
    ...(policy.jitterSeconds > 0 && times.kind !== 'manual' ? [words.jitter(policy.jitterSeconds * 1000)] : []),
    ...(policy.remainingRuns === undefined ? [] : [words.runs(policy.remainingRuns)]),
  ];
  return [said(times, words), ...more].join(words.semicolon);
}

function said(times: ScheduleTimes, words: Words): string {
  switch (times.kind) {
    case 'manual':
      return words.manual;
    case 'once':
      return words.once(moment(times.timeZone ?? 'UTC', times.at), times.timeZone ?? 'UTC');
    case 'interval':
      return interval(spanMs(times.every) ?? 0, spanMs(times.phase) ?? 0, words);
    case 'delay':
      return words.delay(spanMs(times.every) ?? 0);
    case 'cron': {
      const { days, clock } = cronMeaning(times.expression, times.days);
      return words.zoned(words.cron(days, clock), times.timeZone);
    }
    case 'watch':
      return words.watch(times.path, times.glob, EVENTS.filter((event) => times.events.includes(event)), times.settleMs);
    default:
      return assertNever(times);
  }
}

const EVENTS = ['added', 'changed', 'removed'] as const;
const DAY = 86_400_000;

/** Counted from 1970: what divides a day, or is made of whole ones, is at the same time of day in UTC for ever. */
function interval(every: number, phase: number, words: Words): string {
  const first = phase % every;
  if (every % DAY === 0) return words.everyAt(every, moment('UTC', first).slice(every === DAY ? 11 : 0));
  if (first === 0) return words.every(every);
  return words.everyFrom(every, moment('UTC', first).slice(DAY % every === 0 ? 11 : 0));
}

function bounds(times: ScheduleTimes, words: Words): readonly string[] {
  if (times.kind === 'manual' || times.kind === 'once') return [];
  const at = (instant: number): string => moment(times.timeZone, instant);
  return [...(times.startAt === undefined ? [] : [words.from(at(times.startAt))]), ...(times.endAt === undefined ? [] : [words.until(at(times.endAt))])];
}

/** On the clock of the zone: 2026-01-31 08:00, with seconds where there are any. */
function moment(timeZone: string, at: number): string {
  const text = localText(timeZone, at);
  return `${text.slice(0, 10)} ${text.slice(11, text.startsWith(':00', 16) ? 16 : 19)}`;
}
