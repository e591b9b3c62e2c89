import { CronPattern } from 'croner';

/** Values that follow each other at equal distances; one alone has the distance 1. */
export interface Stride {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** A weekday (0 is Sunday): each of them, or only the n-th of a month, 6 being the last. */
export interface Weekday {
  readonly day: number;
  readonly nth: readonly number[] | null;
}

/** On which days: of the month, of the week, or both together. Null is no such condition. */
export interface CronDays {
  readonly dates: { readonly days: readonly Stride[]; readonly nearest: readonly number[]; readonly lastWeekday: boolean; readonly last: boolean } | null;
  readonly weekdays: readonly Weekday[] | null;
  /** Where both are given: either is enough, or both must hold. */
  readonly both: 'or' | 'and';
  readonly months: readonly Stride[] | null;
}

/** At which times of a day, in seconds since its midnight: a few, all at equal distances, or those that three fields make together. */
export type CronClock =
  | { readonly kind: 'at'; readonly times: readonly number[] }
  | { readonly kind: 'every'; readonly from: number; readonly to: number; readonly step: number; readonly allDay: boolean }
  | { readonly kind: 'fields'; readonly seconds: readonly Stride[] | null; readonly minutes: readonly Stride[]; readonly hours: readonly Stride[] | null };

const DAY = 86_400;
/** So many times are listed rather than described. */
const FEW = 3;
const SOME = 8;

/** What a sound cron expression means, whatever way it is written in: `1-5`, `MON-FRI` and `1,2,3,4,5` are the same. */
export function cronMeaning(expression: string, days: 'or' | 'and'): { readonly days: CronDays; readonly clock: CronClock } {
  const pattern = new CronPattern(expression.trim(), undefined, { mode: '5-or-6-parts' });
  return { days: daysOf(pattern, days), clock: clockOf(valuesOf(pattern.second), valuesOf(pattern.minute), valuesOf(pattern.hour)) };
}

const valuesOf = (flags: readonly number[], first = 0): readonly number[] => flags.flatMap((flag, index) => (flag === 0 ? [] : [index + first]));

function daysOf(pattern: CronPattern, both: 'or' | 'and'): CronDays {
  const days = valuesOf(pattern.day, 1);
  const weekdays = pattern.dayOfWeek.flatMap((bits, day): readonly Weekday[] => (bits === 0 ? [] : [{ day, nth: nthOf(bits) }]));
  const months = valuesOf(pattern.month, 1);
  const anyDate = days.length === 31;
  const anyWeekday = weekdays.length === 7 && weekdays.every(({ nth }) => nth === null);
  // Where either is enough and one of the two is always true, the other says nothing.
  const always = both === 'or' && !pattern.starDOM && !pattern.starDOW && (anyDate || anyWeekday);
  return {
    dates: always || anyDate ? null : { days: strides(days), nearest: valuesOf(pattern.nearestWeekdays, 1), lastWeekday: pattern.lastWeekday, last: pattern.lastDayOfMonth },
    weekdays: always || anyWeekday ? null : weekdays,
    both,
    months: months.length === 12 ? null : strides(months),
  };
}

/** croner holds a bit for each of the first to the fifth, and one for the last; a month has five at most. */
const nthOf = (bits: number): readonly number[] | null => ((bits & 31) === 31 ? null : [1, 2, 3, 4, 5, 6].filter((nth) => (bits & (1 << (nth - 1))) !== 0));

function clockOf(seconds: readonly number[], minutes: readonly number[], hours: readonly number[]): CronClock {
  const count = seconds.length * minutes.length * hours.length;
  const times = hours.flatMap((hour) => minutes.flatMap((minute) => seconds.map((second) => hour * 3600 + minute * 60 + second)));
  const [from = 0, next = 0] = times;
  const to = times.at(-1) ?? 0;
  if (count <= FEW) return { kind: 'at', times };
  const step = next - from;
  // Once an hour or a minute is better said by the minute or the second.
  const isOnce = from !== 0 && (step === 3600 || step === 60) && to + step === DAY + from;
  if (!isOnce && times.every((time, index) => time === from + index * step)) return { kind: 'every', from, to, step, allDay: from === 0 && to + step === DAY };
  if (count <= SOME && !isOnce) return { kind: 'at', times };
  return { kind: 'fields', seconds: seconds.length === 1 && seconds[0] === 0 ? null : strides(seconds), minutes: strides(minutes), hours: hours.length === 24 ? null : strides(hours) };
}

/** Ascending values in as few words as can be: all at equal distances, or else singles, pairs and unbroken ranges. */
export function strides(values: readonly number[]): readonly Stride[] {
  const [first = 0, second = 0] = values;
  const step = second - first;
  if (values.length > FEW && values.every((value, index) => value === first + index * step)) return [{ from: first, to: values.at(-1) ?? first, step }];
  const found: Stride[] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last !== undefined && value === last.to + 1) found.splice(-1, 1, { ...last, to: value });
    else found.push({ from: value, to: value, step: 1 });
  }
  return found.flatMap((one) => (one.to === one.from + 1 ? [{ ...one, to: one.from }, { ...one, from: one.to }] : [one]));
}
