import type { CronClock, CronDays, Stride } from '#shared/schedule/cron-meaning';

/** What a sentence about a schedule is made of, in one language. Spans are ms; moments are texts such as 2026-01-31 08:00. */
export interface Words {
  readonly semicolon: string;
  readonly manual: string;
  readonly once: (moment: string, timeZone: string) => string;
  readonly every: (span: number) => string;
  readonly everyAt: (span: number, moment: string) => string;
  readonly everyFrom: (span: number, moment: string) => string;
  readonly delay: (span: number) => string;
  readonly cron: (days: CronDays, clock: CronClock) => string;
  readonly zoned: (sentence: string, timeZone: string) => string;
  readonly watch: (path: string, glob: string | undefined, events: readonly ('added' | 'changed' | 'removed')[], settleMs: number) => string;
  readonly from: (moment: string) => string;
  readonly until: (moment: string) => string;
  readonly jitter: (span: number) => string;
  readonly runs: (count: number) => string;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A time of day, in seconds since midnight: 08:00, with seconds where `precise`. */
export const clockText = (time: number, precise: boolean): string => [Math.floor(time / 3600), Math.floor(time / 60) % 60, ...(precise ? [time % 60] : [])].map(two).join(':');

export type Unit = 'day' | 'hour' | 'minute' | 'second' | 'millisecond';
const UNITS: readonly (readonly [Unit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
];

/** A span in the largest unit that divides it, days only where asked. */
export function inUnits(span: number, largest: 'day' | 'hour' = 'hour'): readonly [count: number, unit: Unit] {
  const [unit, size] = UNITS.find(([name, ms]) => span % ms === 0 && (name !== 'day' || largest === 'day')) ?? ['millisecond', 1];
  return [span / size, unit];
}

/** Is it every value from `from` to `to`, more than one? */
export const isRange = ({ from, to, step }: Stride): boolean => step === 1 && to > from;
