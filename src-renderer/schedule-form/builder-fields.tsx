import { useMemo } from 'react';
import { assertNever } from '#shared/errors';
import { TypedField, WholeField } from '../inspector/typed-field.tsx';
import { useText } from '../i18n/use-text.ts';
import type { Format } from '../i18n/format.ts';
import { Field, Select } from '../ui/index.ts';
import { writePattern } from './builder.ts';
import type { MonthDay, Pattern } from './builder.ts';
import { readTime, writeTime } from './clock-text.ts';
import { useScheduleForm } from './form.ts';
import { words } from './words.ts';

/** Weekdays as people order them, by their numbers. */
const WEEK = [1, 2, 3, 4, 5, 6, 0];
const dayName = (f: Format, day: number, style: 'short' | 'long'): string => new Intl.DateTimeFormat(f.locale, { weekday: style, timeZone: 'UTC' }).format(Date.UTC(2023, 0, 1 + day));
const monthName = (f: Format, month: number): string => new Intl.DateTimeFormat(f.locale, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2023, month - 1, 1));
const divisors = (whole: number): readonly number[] => Array.from({ length: whole - 1 }, (_, n) => n + 1).filter((n) => whole % n === 0);

/** The controls of a common pattern; every change writes the expression. */
export function BuilderFields({ pattern }: { readonly pattern: Pattern }) {
  const { t, f } = useText();
  const { put } = useScheduleForm();
  const write = (next: Pattern): void => put({ expression: writePattern(next) }, 'expression');
  switch (pattern.kind) {
    case 'minutes':
      return <Count label={t(words.everyN)} id="every-minutes" value={pattern.every} of={divisors(60)} text={(n) => t(words.minutes, n)} onValue={(every) => write({ ...pattern, every })} />;
    case 'hourly':
      return (
        <div className="grid grid-cols-2 gap-3">
          <Count label={t(words.everyN)} id="every-hours" value={pattern.every} of={divisors(24)} text={(n) => t(words.hours, n)} onValue={(every) => write({ ...pattern, every })} />
          <WholeField id="schedule-minute" label={t(words.minute)} least={0} most={59} value={pattern.minute} onValue={(minute) => (minute === undefined ? undefined : write({ ...pattern, minute }))} />
        </div>
      );
    case 'daily':
      return null;
    case 'weekly':
      return (
        <Field label={t(words.onDays)}>
          <div role="group" aria-label={t(words.onDays)} className="flex rounded-md border border-line-strong">
            {WEEK.map((day) => {
              const chosen = pattern.days.includes(day);
              return (
                <button
                  key={day}
                  type="button"
                  aria-pressed={chosen}
                  aria-label={dayName(f, day, 'long')}
                  title={dayName(f, day, 'long')}
                  // A week without a day would be no schedule.
                  onClick={() => (chosen && pattern.days.length === 1 ? undefined : write({ ...pattern, days: chosen ? pattern.days.filter((one) => one !== day) : [...pattern.days, day] }))}
                  className="h-6.5 min-w-0 flex-1 border-l border-line text-xs text-ink-2 first:rounded-l-md first:border-l-0 last:rounded-r-md hover:bg-hover aria-pressed:bg-accent-soft aria-pressed:font-semibold aria-pressed:text-accent-text"
                >
                  {dayName(f, day, 'short').replace(/^周/u, '')}
                </button>
              );
            })}
          </div>
        </Field>
      );
    case 'monthly':
      return <MonthDayField on={pattern.on} onOn={(on) => write({ ...pattern, on })} />;
    case 'yearly':
      return (
        <div className="grid grid-cols-[1fr_88px] gap-3">
          <Field label={t(words.month)} htmlFor="schedule-month">
            <Select id="schedule-month" value={String(pattern.month)} onValue={(month) => write({ ...pattern, month: Number(month) })} options={Array.from({ length: 12 }, (_, n) => ({ value: String(n + 1), label: monthName(f, n + 1) }))} />
          </Field>
          <WholeField id="schedule-day" label={t(words.day)} least={1} most={31} value={pattern.day} onValue={(day) => (day === undefined ? undefined : write({ ...pattern, day }))} />
        </div>
      );
    default:
      return assertNever(pattern);
  }
}

interface CountProps {
  readonly label: string;
  readonly id: string;
  readonly value: number;
  readonly of: readonly number[];
  readonly text: (n: number) => string;
  readonly onValue: (n: number) => void;
}

const Count = ({ label, id, value, of, text, onValue }: CountProps) => (
  <Field label={label} htmlFor={`schedule-${id}`}>
    <Select id={`schedule-${id}`} value={String(value)} onValue={(next) => onValue(Number(next))} options={of.map((n) => ({ value: String(n), label: text(n) }))} />
  </Field>
);

/** The time of day of a pattern that has one. */
export function TimeField({ pattern }: { readonly pattern: Extract<Pattern, { time: unknown }> }) {
  const { t } = useText();
  const { put } = useScheduleForm();
  const take = (time: typeof pattern.time | undefined): void => (time === undefined ? undefined : put({ expression: writePattern({ ...pattern, time }) }, 'expression'));
  return <TypedField id="schedule-time" label={t(words.at)} value={pattern.time} read={readTime} write={writeTime} bad={t(words.badTime)} onValue={take} />;
}

const valueOf = (one: MonthDay): string => JSON.stringify(one);

/** Days of a month as one list: its ends, the days by number, then its weekdays. */
function MonthDayField({ on, onOn }: { readonly on: MonthDay; readonly onOn: (on: MonthDay) => void }) {
  const { t, f } = useText();
  const options = useMemo(() => {
    const days: MonthDay[] = Array.from({ length: 31 }, (_, n) => ({ kind: 'day', day: n + 1 }));
    const nth: MonthDay[] = ([1, 2, 3, 4, 'L'] as const).flatMap((place) => WEEK.map((weekday): MonthDay => ({ kind: 'nth', nth: place, weekday })));
    return [{ kind: 'last' } as const, { kind: 'lastWeekday' } as const, ...days, ...nth];
  }, []);
  const nameOf = (one: MonthDay): string => {
    if (one.kind === 'day') return t(words.monthDay, one.day);
    if (one.kind === 'nth') return t(words.nth, one.nth, dayName(f, one.weekday, 'long'));
    return t(one.kind === 'last' ? words.lastDay : words.lastWeekday);
  };
  const shown = options.some((one) => valueOf(one) === valueOf(on)) ? options : [...options, on];
  return (
    <Field label={t(words.onDays)} htmlFor="schedule-month-day">
      <Select
        id="schedule-month-day"
        value={valueOf(on)}
        onValue={(value) => {
          const chosen = shown.find((one) => valueOf(one) === value);
          if (chosen !== undefined) onOn(chosen);
        }}
        options={shown.map((one) => ({ value: valueOf(one), label: nameOf(one) }))}
      />
    </Field>
  );
}
