import type { Format } from '../i18n/format.ts';

/** How times of one zone are said in one language. */
export interface ZoneClock {
  /** Fri 27 Nov; with the year where it is not that of `now`. */
  readonly day: (at: number, now: number) => string;
  /** 08:00; with seconds where there are some. */
  readonly time: (at: number) => string;
}

const made = new Map<string, ZoneClock>();

/** The clock of a zone in the window's language; one is made only once. */
export function clockOf({ locale, language }: Pick<Format, 'locale' | 'language'>, timeZone: string): ZoneClock {
  const name = `${locale} ${timeZone}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  const day = { timeZone, weekday: 'short', day: 'numeric', month: language === 'zh' ? 'long' : 'short' } as const;
  const [short, long] = [new Intl.DateTimeFormat(locale, day), new Intl.DateTimeFormat(locale, { ...day, year: 'numeric' })];
  const year = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric' });
  const [minutes, seconds] = [new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }), new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })];
  const clock: ZoneClock = {
    day: (at, now) => (year.format(at) === year.format(now) ? short : long).format(at).replaceAll(',', ''),
    time: (at) => (at % 60_000 === 0 ? minutes : seconds).format(at),
  };
  made.set(name, clock);
  return clock;
}
