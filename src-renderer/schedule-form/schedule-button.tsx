import { CalendarClock } from 'lucide-react';
import { describeSchedule } from '#shared/schedule/sentence';
import { useSession, useView } from '../editor/session.ts';
import { useText } from '../i18n/use-text.ts';
import { closeSchedule, openSchedule } from '../stores/view.ts';
import { Button, cx } from '../ui/index.ts';
import { glanceOf } from './standing.ts';
import type { Glance } from './standing.ts';
import { useOpenSchedules } from './use-schedules.ts';
import { words } from './words.ts';

const LOOKS: Readonly<Record<Glance, string>> = { none: '', set: 'text-ink', off: '', paused: 'text-interrupted', broken: 'text-failed' };

/** Its id: closing the form leads back to it. */
export const SCHEDULE_BUTTON = 'schedule-button';

/** Opens the form of the workflow's schedules, and says at a glance how they stand. */
export function ScheduleButton() {
  const { t, language } = useText();
  const session = useSession();
  const open = useView((state) => state.schedule !== null);
  const { schedules } = useOpenSchedules();
  const glance = glanceOf(
    schedules.map((one) => one.definition),
    schedules.filter(({ view, definition }) => view?.paused != null && definition?.enabled === true).length,
  );
  const [first, ...others] = schedules;
  const sentence = first?.definition == null ? '' : others.length > 0 ? t(words.several, schedules.length) : describeSchedule(first.definition, language);
  const said: Readonly<Record<Glance, string>> = { none: t(words.schedule), broken: t(words.broken), off: t(words.off), paused: `${t(words.paused)} · ${sentence}`, set: sentence };
  return (
    <Button
      id={SCHEDULE_BUTTON}
      variant="ghost"
      aria-expanded={open}
      aria-label={glance === 'none' ? t(words.schedule) : `${t(words.schedule)}: ${said[glance]}`}
      title={sentence === '' ? undefined : sentence}
      icon={<CalendarClock />}
      className="min-w-0 shrink"
      onClick={() => (open ? closeSchedule(session.view) : openSchedule(session.view))}
    >
      <span className={cx('max-w-72 truncate', LOOKS[glance])}>{said[glance]}</span>
    </Button>
  );
}
