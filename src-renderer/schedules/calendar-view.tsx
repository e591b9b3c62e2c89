import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import type { ScheduleView } from '#shared/contract/schedules';
import { useInfo, useSettings } from '../app/queries.ts';
import { useText } from '../i18n/use-text.ts';
import { useNow } from '../runs/use-now.ts';
import { Button, IconButton, Segments, Select, Spinner } from '../ui/index.ts';
import { CalendarAside } from './calendar-aside.tsx';
import { grouped } from './collisions.ts';
import { setCalendar, shownDays, turn, useCalendarState } from './calendar-state.ts';
import { colliding, dayItems } from './day-items.ts';
import { DayList } from './day-list.tsx';
import { clockChanges, daysFrom, wallDay } from './days.ts';
import { zoneOf } from './list.ts';
import { MonthGrid } from './month-grid.tsx';
import { pastOf } from './past.ts';
import { planDays } from './plan.ts';
import { calendarText } from './text.ts';
import { usePast } from './use-history.ts';
import { useSliced } from './use-sliced.ts';
import { WeekGrid } from './week-grid.tsx';
import { ownZone, zoneFormat } from './zone-format.ts';

/** More zones than this are not looked through for changes of their clocks. */
const MOST_ZONES = 12;

const onDay = (wall: number): void => setCalendar({ span: 'day', at: wall });

interface CalendarViewProps {
  readonly schedules: readonly ScheduleView[];
  readonly allPaused: boolean;
}

/** What is to come and what has been, on the clock of the person's zone or another: a day, a week or a month. */
export function CalendarView({ schedules, allPaused }: CalendarViewProps) {
  const { t, f, language } = useText();
  const now = useNow(20_000);
  const { span, at, zone, withPaused } = useCalendarState();
  const { data: settings } = useSettings();
  const { data: info } = useInfo();
  const atOnce = settings?.maxConcurrentRuns ?? settings?.workers ?? info?.cores ?? 1;
  const today = wallDay(zone, now);
  const anchor = at ?? today;
  const { first, count } = shownDays(span, anchor);
  const days = useMemo(() => daysFrom(zone, first, count), [zone, first, count]);
  const zones = useMemo(() => [...new Set(schedules.flatMap((one) => zoneOf(one) ?? []))].toSorted(f.compare), [schedules, f]);
  const [from, to] = [days[0]?.from ?? 0, days.at(-1)?.to ?? 0];
  const clock = useMemo(() => clockChanges([zone, ...zones.slice(0, MOST_ZONES)], from, to), [zone, zones, from, to]);
  const live = useMemo(() => schedules.filter(({ status }) => status === 'scheduled' || status === 'running'), [schedules]);
  const paused = useMemo(() => schedules.filter(({ status }) => status === 'paused'), [schedules]);
  const planned = useMemo(() => (allPaused && !withPaused ? [] : withPaused ? [...live, ...paused] : live), [allPaused, withPaused, live, paused]);
  const work = useCallback(() => planDays(planned, days, now, atOnce), [planned, days, now, atOnce]);
  const { result: plan, busy } = useSliced(work);
  const past = usePast(from, Math.min(to - 1, Math.ceil(now / 60_000) * 60_000));
  const been = useMemo(() => pastOf(past.data?.rows ?? [], days), [past.data, days]);
  // A plan of other days says nothing about these.
  const fits = plan?.days.length === days.length ? plan : null;
  const items = useMemo(() => dayItems(days, fits, been, clock, now), [days, fits, been, clock, now]);
  const told = useMemo(() => grouped(fits?.collisions ?? []), [fits]);
  const collides = useMemo(() => colliding(fits), [fits]);
  const format = zoneFormat(language, zone);
  const own = ownZone();
  const title = span === 'day' ? format.longDay(from) : span === 'month' ? format.month((daysFrom(zone, anchor, 1)[0]?.from ?? anchor) + 43_200_000) : format.range(from, to - 1);
  const options = [{ value: own, label: t(calendarText.mine, own) }, ...[...new Set([...zones, 'UTC'])].filter((one) => one !== own).map((one) => ({ value: one, label: one }))];
  const hidden = (allPaused ? live.length : 0) + paused.length;
  const [one] = items;
  return (
    <>
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line px-5 py-2">
        <Button onClick={() => setCalendar({ at: null })} disabled={anchor === today}>
          {t(calendarText.today)}
        </Button>
        <div className="flex">
          <IconButton label={t(calendarText.previous)} icon={<ChevronLeft />} onClick={() => setCalendar({ at: turn(span, anchor, -1) })} />
          <IconButton label={t(calendarText.following)} icon={<ChevronRight />} onClick={() => setCalendar({ at: turn(span, anchor, 1) })} />
        </div>
        <h2 aria-live="polite" className="text-md font-medium">
          {title}
        </h2>
        {busy && fits === null ? (
          <span role="status" className="flex items-center gap-1.5 text-sm text-ink-3">
            <Spinner /> {t(calendarText.planning)}
          </span>
        ) : null}
        <div className="ml-auto flex items-center gap-2">
          {hidden === 0 ? null : (
            <label className="flex items-center gap-1.5 text-sm text-ink-2">
              <input type="checkbox" checked={withPaused} onChange={() => setCalendar({ withPaused: !withPaused })} className="size-3.5 accent-(--accent)" />
              {t(calendarText.pausedToo, hidden)}
            </label>
          )}
          <Select value={zone} onValue={(next) => setCalendar({ zone: next })} label={t(calendarText.zone)} className="max-w-56" options={options} />
          <Segments label={t(calendarText.span)} value={span} onValue={(next) => setCalendar({ span: next })} options={(['day', 'week', 'month'] as const).map((value) => ({ value, label: t(calendarText[value]) }))} />
        </div>
      </div>
      {past.data?.more === true ? <p className="border-b border-line bg-sunken px-5 py-1.5 text-xs text-ink-2">{t(calendarText.historyCut, past.data.rows.length)}</p> : null}
      <div className="flex min-h-0 flex-1">
        {span === 'day' ? one === undefined ? null : <DayList one={one} format={format} collides={collides} /> : span === 'week' ? <WeekGrid days={items} zone={zone} format={format} collides={collides} now={now} onDay={onDay} /> : <MonthGrid days={items} month={anchor} format={format} collides={collides} onDay={onDay} />}
        {clock.length === 0 && told.length === 0 ? null : <CalendarAside collisions={told} clock={clock} atOnce={atOnce} zone={zone} format={format} onDay={onDay} />}
      </div>
    </>
  );
}
