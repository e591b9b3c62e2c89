import { useEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useText } from '../i18n/use-text.ts';
import { cx } from '../ui/index.ts';
import { ClockMark } from './clock-mark.tsx';
import { wallTime } from './days.ts';
import type { DayItems, Item } from './day-items.ts';
import { BandLink, ItemLink } from './item-link.tsx';
import { calendarText, scheduleText } from './text.ts';
import { HOUR_PX, layOut, wallOf } from './week-layout.ts';
import type { ZoneFormat } from './zone-format.ts';

const MOST_BANDS = 3;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const columns = 'grid grid-cols-[48px_repeat(7,minmax(0,1fr))]';
const percent = (part: number): string => `${String(part * 100)}%`;

interface WeekGridProps {
  readonly days: readonly DayItems[];
  readonly zone: string;
  readonly format: ZoneFormat;
  readonly collides: ReadonlySet<Item>;
  readonly now: number;
  readonly onDay: (wall: number) => void;
}

/** Seven days side by side on the clock of a zone; bars are as long as the runs are expected to take. */
export function WeekGrid({ days, zone, format, collides, now, onDay }: WeekGridProps) {
  const { t } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const start = days[0]?.day.wall;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const all = [...(scroller.current?.querySelectorAll<HTMLElement>('[data-day]') ?? [])];
    const next = step === 0 ? undefined : all[all.indexOf(event.currentTarget) + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  useEffect(() => {
    // The morning, or what is going on now.
    const today = days.find((one) => one.isToday);
    const hour = today === undefined ? 6 : wallOf(zone, today, now) / 3_600_000 - 2;
    scroller.current?.scrollTo({ top: Math.max(0, hour) * HOUR_PX });
    // oxlint-disable-next-line react/exhaustive-deps -- only when another week is shown: it must not jump while one reads
  }, [start, zone]);
  const hasBands = days.some((one) => one.bands.length > 0);
  return (
    <div ref={scroller} role="group" aria-label={t(calendarText.week)} className="min-h-0 flex-1 overflow-auto">
      <div className="min-w-190">
        <div className="sticky top-0 z-30 border-b border-line bg-surface">
          <div className={columns}>
            <span />
            {days.map(({ day, isToday, clock }) => {
              const noon = day.from + (day.to - day.from) / 2;
              return (
                <div key={day.wall} className="flex min-w-0 items-center gap-1.5 border-l border-line px-1.5 py-1.5">
                  <button type="button" data-day onClick={() => onDay(day.wall)} onKeyDown={onKeyDown} aria-current={isToday ? 'date' : undefined} aria-label={t(calendarText.openDay, format.longDay(noon))} className={cx('flex items-center gap-1.5 rounded-md px-1 text-sm hover:bg-hover', isToday ? 'font-semibold text-accent-text' : 'text-ink-2')}>
                    {format.weekday(noon)}
                    <span className={cx(isToday && 'grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1 text-accent-ink')}>{format.date(noon)}</span>
                  </button>
                  <ClockMark changes={clock} />
                </div>
              );
            })}
          </div>
          {hasBands ? (
            <div className={cx(columns, 'border-t border-line')}>
              <span />
              {days.map(({ day, bands }) => (
                <div key={day.wall} className="flex min-w-0 flex-col gap-0.5 border-l border-line p-1">
                  {bands.slice(0, MOST_BANDS).map((band, n) => (
                    <BandLink key={n} band={band} />
                  ))}
                  {bands.length > MOST_BANDS ? (
                    <button type="button" onClick={() => onDay(day.wall)} className="rounded-sm px-1 text-left text-2xs text-ink-2 hover:bg-hover">
                      {t(scheduleText.more, bands.length - MOST_BANDS)}
                    </button>
                  ) : null}
                </div>
              ))}
            </div>
          ) : null}
        </div>
        <div className={cx(columns, 'relative')} style={{ height: 24 * HOUR_PX }}>
          <div aria-hidden="true" className="relative text-2xs text-ink-3">
            {HOURS.slice(1).map((hour) => (
              <span key={hour} className="absolute right-1.5 -translate-y-1/2" style={{ top: hour * HOUR_PX }}>
                {String(hour).padStart(2, '0')}:00
              </span>
            ))}
          </div>
          {days.map((one) => (
            <Column key={one.day.wall} one={one} zone={zone} format={format} collides={collides} now={now} onDay={onDay} />
          ))}
        </div>
      </div>
    </div>
  );
}

interface ColumnProps extends Omit<WeekGridProps, 'days'> {
  readonly one: DayItems;
}

const lines = { backgroundImage: `repeating-linear-gradient(to bottom, transparent 0 ${String(HOUR_PX - 1)}px, var(--line) ${String(HOUR_PX - 1)}px ${String(HOUR_PX)}px)` };

function Column({ one, zone, format, collides, now, onDay }: ColumnProps) {
  const { t } = useText();
  const { bars, more } = useMemo(() => layOut(zone, one), [zone, one]);
  const gap = one.clock.find(({ timeZone, before, after }) => timeZone === zone && after > before);
  return (
    <div className={cx('relative border-l border-line', one.isToday && 'bg-accent-soft/35')} style={lines}>
      {gap === undefined ? null : (
        <p className="absolute inset-x-0 bg-active px-1.5 py-0.5 text-2xs text-ink-2" style={{ top: ((gap.before - one.day.wall) / 3_600_000) * HOUR_PX, height: ((gap.after - gap.before) / 3_600_000) * HOUR_PX }}>
          {wallTime(gap.before)} → {wallTime(gap.after)}
        </p>
      )}
      {bars.map(({ item, narrow, top, height, left, width }, n) => (
        <ItemLink key={n} item={item} format={format} collides={collides.has(item)} brief={narrow} className="absolute pr-0.5" style={{ top, height: height - 1, left: `calc(${percent(left)} + 1px)`, width: `calc(${percent(width)} - 2px)` }} />
      ))}
      {more.map(({ count, top, height, left, width }, n) => (
        <button key={n} type="button" onClick={() => onDay(one.day.wall)} aria-label={t(scheduleText.more, count)} title={t(scheduleText.more, count)} className="absolute z-10 truncate rounded-sm bg-active px-0.5 text-center text-2xs leading-4 text-ink-2 hover:text-ink" style={{ top, height: height - 1, left: percent(left), width: percent(width) }}>
          +{count}
        </button>
      ))}
      {one.isToday ? (
        <div aria-hidden="true" className="pointer-events-none absolute inset-x-0 z-20 h-px bg-failed before:absolute before:-top-0.75 before:-left-0.75 before:size-1.75 before:rounded-full before:bg-failed" style={{ top: (wallOf(zone, one, now) / 3_600_000) * HOUR_PX }} />
      ) : null}
    </div>
  );
}
