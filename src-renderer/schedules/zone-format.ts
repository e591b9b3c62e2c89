import type { Language } from '../i18n/format.ts';

/** Times as the clock of one zone shows them. */
export interface ZoneFormat {
  /** `Thu 26 Nov, 08:00` */
  readonly dayTime: (at: number) => string;
  /** `08:00`, with seconds where there are any. */
  readonly time: (at: number) => string;
  /** `Thu 26 Nov` */
  readonly day: (at: number) => string;
  /** `Thursday, 26 November 2026` */
  readonly longDay: (at: number) => string;
  /** `23–29 November 2026` */
  readonly range: (from: number, to: number) => string;
  /** `November 2026` */
  readonly month: (at: number) => string;
  /** `Thu` */
  readonly weekday: (at: number) => string;
  /** `26` */
  readonly date: (at: number) => string;
}

const made = new Map<string, ZoneFormat>();

/** The formats of a language on the clock of a zone, made once. */
export function zoneFormat(language: Language, timeZone: string): ZoneFormat {
  const key = `${language} ${timeZone}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const locale = language === 'en' ? 'en-GB' : 'zh-CN';
  const format = (options: Intl.DateTimeFormatOptions): ((at: number) => string) => {
    const one = new Intl.DateTimeFormat(locale, { ...options, timeZone });
    return (at) => one.format(at);
  };
  const short = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const exact = format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const day = format({ weekday: 'short', day: 'numeric', month: 'short' });
  const time = (at: number): string => (at % 60_000 === 0 ? short : exact)(at);
  const range = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone });
  const formats: ZoneFormat = {
    time,
    day,
    dayTime: (at) => `${day(at)}${language === 'en' ? ', ' : ' '}${time(at)}`,
    longDay: format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    range: (from, to) => range.formatRange(from, to),
    month: format({ month: 'long', year: 'numeric' }),
    weekday: format({ weekday: 'short' }),
    date: format({ day: 'numeric' }),
  };
  made.set(key, formats);
  return formats;
}

/** The zone of this window's machine. */
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `Europe/Zurich` as a person says it beside a time: Zurich. */
export const cityOf = (timeZone: string): string => (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ');
