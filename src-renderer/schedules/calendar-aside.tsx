import { Clock, TriangleAlert } from 'lucide-react';
import { useText } from '../i18n/use-text.ts';
import { useClockText } from './clock-mark.tsx';
import type { Collision } from './collisions.ts';
import type { ClockChange } from './days.ts';
import { wallDay } from './days.ts';
import { wholeSpan } from './span.ts';
import { calendarText, scheduleText } from './text.ts';
import type { ZoneFormat } from './zone-format.ts';

const MOST = 40;

interface CalendarAsideProps {
  readonly collisions: readonly Collision[];
  readonly clock: readonly ClockChange[];
  readonly atOnce: number;
  readonly zone: string;
  readonly format: ZoneFormat;
  readonly onDay: (wall: number) => void;
}

/** What is worth knowing of the days that are shown: where runs get in each other's way, and where the clock is moved. */
export function CalendarAside({ collisions, clock, atOnce, zone, format, onDay }: CalendarAsideProps) {
  const { t, f, language } = useText();
  const clockText = useClockText();
  const sentence = ({ kind, peak, schedules, everyMs }: Collision): string => {
    const [first] = schedules;
    const name = first?.workflowName ?? '';
    if (kind === 'crowd') return t(calendarText.crowd, peak, atOnce);
    if (kind === 'self') return t(calendarText.self, name);
    return t(calendarText.slow, name, wholeSpan(first?.expectedMs ?? 0, f), wholeSpan(everyMs ?? 0, f));
  };
  const names = ({ schedules }: Collision): string => [...new Set(schedules.map((one) => one.workflowName))].join(language === 'en' ? ', ' : '、');
  const when = ({ from, to }: Collision): string => `${format.dayTime(from)} – ${format.day(from) === format.day(to) ? format.time(to) : format.dayTime(to)}`;
  return (
    <aside aria-label={t(calendarText.about)} className="flex w-72 shrink-0 flex-col gap-5 overflow-y-auto border-l border-line bg-surface px-3 py-3 text-sm">
      {collisions.length === 0 ? null : (
        <section>
          <h2 className="mb-1.5 flex items-center gap-1.5 px-1.5 font-medium">
            <TriangleAlert className="size-3.5 text-interrupted" />
            {t(calendarText.collisions)} <span className="font-normal text-ink-3">{f.number(collisions.length)}</span>
          </h2>
          <ul>
            {collisions.slice(0, MOST).map((one, n) => (
              <li key={n}>
                <button type="button" onClick={() => onDay(wallDay(zone, one.from))} className="flex w-full flex-col rounded-md px-1.5 py-1.5 text-left hover:bg-hover">
                  <span className="text-xs text-ink-3">
                    {when(one)}
                    {one.again === 0 ? null : ` · ${t(calendarText.again, one.again)}`}
                  </span>
                  <span>{sentence(one)}</span>
                  {one.kind === 'crowd' ? <span className="line-clamp-2 text-xs text-ink-2">{names(one)}</span> : null}
                </button>
              </li>
            ))}
            {collisions.length > MOST ? <li className="px-1.5 text-ink-3">{t(scheduleText.more, collisions.length - MOST)}</li> : null}
          </ul>
          <p className="mt-1 px-1.5 text-xs text-ink-3">{t(calendarText.noDurations)}</p>
        </section>
      )}
      {clock.length === 0 ? null : (
        <section>
          <h2 className="mb-1.5 flex items-center gap-1.5 px-1.5 font-medium">
            <Clock className="size-3.5 text-flow" />
            {t(calendarText.clock)}
          </h2>
          <ul>
            {clock.map((one) => (
              <li key={`${one.timeZone} ${String(one.at)}`}>
                <button type="button" onClick={() => onDay(wallDay(zone, one.at))} className="flex w-full flex-col rounded-md px-1.5 py-1.5 text-left hover:bg-hover">
                  <span className="text-xs text-ink-3">{format.day(one.at)}</span>
                  <span>{clockText(one)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}
