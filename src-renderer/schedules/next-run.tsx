import type { ScheduleView } from '#shared/contract/schedules';
import type { Text } from '#shared/node-spec';
import { href } from '../app/router.ts';
import { useText } from '../i18n/use-text.ts';
import { zoneOf } from './list.ts';
import { scheduleText, statusText } from './text.ts';
import { cityOf, ownZone, zoneFormat } from './zone-format.ts';

/** Why there is no next time to name. */
function withoutNext({ definition, status }: ScheduleView): Text | null {
  if (status === 'done') return scheduleText.nothingLeft;
  if (status !== 'scheduled' && status !== 'running' && status !== 'manual') return null;
  const { kind } = definition.times;
  return kind === 'manual' ? scheduleText.onlyByHand : kind === 'watch' ? scheduleText.onFile : kind === 'delay' ? scheduleText.afterRun : null;
}

interface NextRunProps {
  readonly schedule: ScheduleView;
  readonly now: number;
  readonly allPaused: boolean;
}

/** When a schedule runs next: how long until then, the time in its zone, and the person's own beside it where that is another. */
export function NextRun({ schedule, now, allPaused }: NextRunProps) {
  const { t, f, language } = useText();
  const { next, status } = schedule;
  const why = withoutNext(schedule);
  if (allPaused && status !== 'manual' && status !== 'done' && status !== 'disabled') return <span className="text-ink-3">{t(scheduleText.allPausedNext)}</span>;
  if (next === null) return <span className="text-ink-3">{why === null ? '–' : t(why)}</span>;
  const own = ownZone();
  const zone = zoneOf(schedule) ?? own;
  const [there, here] = [zoneFormat(language, zone), zoneFormat(language, own)];
  const differs = there.dayTime(next) !== here.dayTime(next);
  return (
    <>
      <p className="truncate">{f.until(next, now)}</p>
      <p className="truncate text-xs text-ink-3" title={`${there.longDay(next)} ${there.time(next)} ${zone}${differs ? `\n${here.longDay(next)} ${here.time(next)} ${own}` : ''}`}>
        {there.dayTime(next)}
        {differs ? ` ${cityOf(zone)} · ${t(scheduleText.here, there.day(next) === here.day(next) ? here.time(next) : `${here.weekday(next)} ${here.time(next)}`)}` : ''}
      </p>
    </>
  );
}

/** The same in one line, for the library: a way to the schedule. */
export function NextRunLink({ schedule, now, allPaused }: NextRunProps) {
  const { t, f, language } = useText();
  const { next, status } = schedule;
  const why = withoutNext(schedule);
  const zone = zoneOf(schedule) ?? ownZone();
  const waits = status === 'paused' || status === 'disabled' ? t(statusText[status]) : allPaused && status !== 'manual' && status !== 'done' ? t(statusText.paused) : next === null ? (why === null ? null : t(why)) : null;
  if (waits === null && next === null) return null;
  const format = zoneFormat(language, zone);
  return (
    <a href={href({ place: 'schedules', schedule: schedule.id })} className="relative block truncate rounded-sm text-ink-2 hover:underline" title={next === null || waits !== null ? undefined : `${format.longDay(next)} ${format.time(next)} ${zone}`}>
      {waits ?? f.until(next ?? now, now)}
    </a>
  );
}
