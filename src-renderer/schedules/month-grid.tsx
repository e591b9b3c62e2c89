import { useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useText } from '../i18n/use-text.ts';
import { cx } from '../ui/index.ts';
import { stateStyles } from '../ui/state-style.ts';
import { ClockMark } from './clock-mark.tsx';
import type { DayItems, Item } from './day-items.ts';
import { BandLink, ItemLink } from './item-link.tsx';
import { OUTCOME_TONES } from './status-style.ts';
import { calendarText } from './text.ts';
import type { ZoneFormat } from './zone-format.ts';

const LINES = 3;
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: -41, End: 41 };

interface MonthGridProps {
  readonly days: readonly DayItems[];
  /** The month that is meant: the days around it are paler. */
  readonly month: number;
  readonly format: ZoneFormat;
  readonly collides: ReadonlySet<Item>;
  readonly onDay: (wall: number) => void;
}

/** Six weeks. Arrow keys go from day to day, Enter opens one. */
export function MonthGrid({ days, month, format, collides, onDay }: MonthGridProps) {
  const { t } = useText();
  const grid = useRef<HTMLDivElement>(null);
  const [reached, setReached] = useState<number | null>(null);
  const today = days.findIndex((one) => one.isToday);
  const current = reached ?? Math.max(0, today);
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>): void => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(days.length - 1, current + step));
    setReached(next);
    grid.current?.querySelector<HTMLElement>(`[data-day="${String(next)}"]`)?.focus();
  };
  return (
    <div ref={grid} role="grid" aria-label={t(calendarText.month)} className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div role="row" className="sticky top-0 z-10 grid shrink-0 grid-cols-7 border-b border-line bg-surface text-xs font-medium text-ink-3">
        {days.slice(0, 7).map(({ day }) => (
          <div key={day.wall} role="columnheader" className="px-2 py-1.5">
            {format.weekday(day.from + (day.to - day.from) / 2)}
          </div>
        ))}
      </div>
      {Array.from({ length: days.length / 7 }, (_, week) => (
        <div key={week} role="row" className="grid min-h-26 flex-1 grid-cols-7">
          {days.slice(week * 7, week * 7 + 7).map((one, n) => (
            <Cell key={one.day.wall} index={week * 7 + n} one={one} outside={new Date(one.day.wall).getUTCMonth() !== new Date(month).getUTCMonth()} reachable={week * 7 + n === current} format={format} collides={collides} onDay={onDay} onKeyDown={onKeyDown} />
          ))}
        </div>
      ))}
    </div>
  );
}

interface CellProps {
  readonly index: number;
  readonly one: DayItems;
  readonly outside: boolean;
  readonly reachable: boolean;
  readonly format: ZoneFormat;
  readonly collides: ReadonlySet<Item>;
  readonly onDay: (wall: number) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLButtonElement>) => void;
}

function Cell({ index, one, outside, reachable, format, collides, onDay, onKeyDown }: CellProps) {
  const { t } = useText();
  const { day, items, bands, isToday, clock } = one;
  const noon = day.from + (day.to - day.from) / 2;
  const fits = items.length + bands.length <= LINES;
  const open = (): void => onDay(day.wall);
  return (
    <div role="gridcell" className={cx('flex min-w-0 flex-col gap-0.5 overflow-hidden border-r border-b border-line p-1 nth-[7n]:border-r-0', outside && 'bg-sunken')}>
      <div className="flex items-center gap-1">
        <button
          type="button"
          data-day={index}
          tabIndex={reachable ? 0 : -1}
          aria-label={t(calendarText.openDay, format.longDay(noon))}
          aria-current={isToday ? 'date' : undefined}
          onClick={open}
          onKeyDown={onKeyDown}
          className={cx('h-5 min-w-5 rounded-full px-1 text-xs hover:bg-active', isToday ? 'bg-accent font-semibold text-accent-ink hover:bg-accent-hover' : outside ? 'text-ink-3' : 'text-ink-2')}
        >
          {format.date(noon)}
        </button>
        <ClockMark changes={clock} />
      </div>
      {fits ? (
        <>
          {bands.map((band, n) => (
            <BandLink key={n} band={band} />
          ))}
          {items.map((item, n) => (
            <ItemLink key={n} item={item} format={format} collides={collides.has(item)} />
          ))}
        </>
      ) : (
        <Summary one={one} onOpen={open} />
      )}
    </div>
  );
}

/** A day with more than fits, in numbers; what comes many times is named. */
function Summary({ one, onOpen }: { readonly one: DayItems; readonly onOpen: () => void }) {
  const { t } = useText();
  const { counts, bands } = one;
  const outcomes = (['missed', 'fired', 'skipped', 'buffered'] as const).filter((outcome) => counts[outcome] > 0);
  const room = Math.max(0, LINES - outcomes.length - (counts.planned > 0 ? 1 : 0));
  return (
    <>
      <button type="button" tabIndex={-1} onClick={onOpen} className="flex shrink-0 flex-col items-start gap-0.5 rounded-sm px-1 text-left text-xs text-ink-2 hover:bg-hover">
        {outcomes.map((outcome) => (
          <Count key={outcome} dot={stateStyles[OUTCOME_TONES[outcome]].dot} text={t(calendarText.outcomes[outcome], counts[outcome])} />
        ))}
        {counts.planned > 0 ? <Count dot="bg-accent" text={t(calendarText.toCome, counts.planned)} /> : null}
      </button>
      {bands.slice(0, room).map((band, n) => (
        <BandLink key={n} band={band} />
      ))}
    </>
  );
}

function Count({ dot, text }: { readonly dot: string; readonly text: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden="true" className={cx('size-2 shrink-0 rounded-full', dot)} />
      {text}
    </span>
  );
}
