export type Language = 'en' | 'zh';

/** Which words a number takes; languages without plurals use `other` alone. */
export interface PluralForms {
  readonly one?: string;
  readonly other: string;
}

/** Everything that Intl knows about a language, ready made: building these objects is slow, using them is not. */
export interface Format {
  readonly language: Language;
  readonly locale: string;
  readonly number: (value: number, digits?: number) => string;
  /** 12,345,678 → 12.3M; for places where the digits don't fit. */
  readonly compact: (value: number) => string;
  readonly percent: (fraction: number, digits?: number) => string;
  /** Milliseconds → `4 ms`, `1.24 s`, `3 min 20 s`, `2 h 5 min`. */
  readonly duration: (ms: number) => string;
  /** Bytes in powers of 1024, named KB, MB, GB as people read them. */
  readonly bytes: (value: number) => string;
  readonly date: (at: number) => string;
  readonly dateTime: (at: number) => string;
  /** 14:05:31.123 where thousandths matter. */
  readonly time: (at: number, thousandths?: boolean) => string;
  /** `3 minutes ago`; the moment itself after a week. */
  readonly ago: (at: number, now: number) => string;
  /** `in 3 minutes`; the date itself beyond a week; `now` when the moment has come. */
  readonly until: (at: number, now: number) => string;
  readonly plural: (value: number, forms: PluralForms) => string;
  readonly list: (items: readonly string[]) => string;
  /** `a, b or c`. */
  readonly either: (items: readonly string[]) => string;
  readonly compare: (a: string, b: string) => number;
}

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN' };
const UNITS: Readonly<Record<Language, Readonly<Record<'ms' | 's' | 'min' | 'h' | 'd', string>>>> = {
  en: { ms: ' ms', s: ' s', min: ' min', h: ' h', d: ' d' },
  zh: { ms: ' 毫秒', s: ' 秒', min: ' 分', h: ' 小时', d: ' 天' },
};
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Builds the formats of one language. `timeZone` is for tests; people get their own. */
export function makeFormat(language: Language, timeZone?: string): Format {
  const locale = LOCALES[language];
  const unit = UNITS[language];
  const zone = timeZone === undefined ? {} : { timeZone };
  // en-GB shortens a million to `m`, which reads as milli beside units.
  const compact = new Intl.NumberFormat(language === 'en' ? 'en-US' : locale, { notation: 'compact', maximumFractionDigits: 1 });
  const plurals = new Intl.PluralRules(locale);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const choices = new Intl.ListFormat(locale, { type: 'disjunction' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...zone });
  const dateTime = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', ...zone });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', ...zone });
  const precise = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23', ...zone });
  const collator = new Intl.Collator(locale, { numeric: true });
  const whole = new Map<number, Intl.NumberFormat>();
  const fixed = (digits: number): Intl.NumberFormat => {
    const known = whole.get(digits) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
    whole.set(digits, known);
    return known;
  };
  const number = (value: number, digits = 0): string => fixed(digits).format(value);

  const duration = (ms: number): string => {
    if (ms < 1) return `${number(ms, 2)}${unit.ms}`;
    if (ms < 999.5) return `${number(ms, ms < 10 ? 1 : 0)}${unit.ms}`;
    if (ms < MINUTE) return `${number(ms / 1000, ms < 10_000 ? 2 : 1)}${unit.s}`;
    if (ms < HOUR) return `${number(Math.floor(ms / MINUTE))}${unit.min} ${number(Math.floor((ms % MINUTE) / 1000))}${unit.s}`;
    if (ms < DAY) return `${number(Math.floor(ms / HOUR))}${unit.h} ${number(Math.floor((ms % HOUR) / MINUTE))}${unit.min}`;
    return `${number(Math.floor(ms / DAY))}${unit.d} ${number(Math.floor((ms % DAY) / HOUR))}${unit.h}`;
  };

  const bytes = (value: number): string => {
    const names = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
    const power = value < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log2(value) / 10));
    const scaled = value / 1024 ** power;
    return `${number(scaled, power === 0 || scaled >= 100 ? 0 : 1)} ${names[power]}`;
  };

  const ago = (at: number, now: number): string => {
    const past = Math.max(0, now - at);
    if (past < 45_000) return relative.format(0, 'second');
    if (past < HOUR) return relative.format(-Math.max(1, Math.round(past / MINUTE)), 'minute');
    if (past < DAY) return relative.format(-Math.round(past / HOUR), 'hour');
    if (past < 7 * DAY) return relative.format(-Math.round(past / DAY), 'day');
    return date.format(at);
  };

  const until = (at: number, now: number): string => {
    const left = Math.max(0, at - now);
    if (left < 60_000) return relative.format(Math.ceil(left / 1000), 'second');
    if (left < HOUR) return relative.format(Math.round(left / MINUTE), 'minute');
    if (left < DAY) return relative.format(Math.round(left / HOUR), 'hour');
    if (left < 7 * DAY) return relative.format(Math.round(left / DAY), 'day');
    return date.format(at);
  };

  return {
    language,
    locale,
    number,
    compact: (value) => compact.format(value),
    percent: (fraction, digits = 0) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(fraction),
    duration,
    bytes,
    date: (at) => date.format(at),
    dateTime: (at) => dateTime.format(at),
    time: (at, thousandths = false) => (thousandths ? precise : time).format(at),
    ago,
    until,
    plural: (value, forms) => (plurals.select(value) === 'one' ? (forms.one ?? forms.other) : forms.other),
    list: (items) => lists.format(items),
    either: (items) => choices.format(items),
    compare: (a, b) => collator.compare(a, b),
  };
}
