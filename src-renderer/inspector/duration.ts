import type { Language } from '../i18n/format.ts';

const UNITS = [
  { ms: 86_400_000, en: 'd', zh: '天' },
  { ms: 3_600_000, en: 'h', zh: '小时' },
  { ms: 60_000, en: 'min', zh: '分' },
  { ms: 1000, en: 's', zh: '秒' },
  { ms: 1, en: 'ms', zh: '毫秒' },
] as const;

/** Milliseconds as a person writes them, nothing rounded away: `1 min 30.5 s`. `readDuration` reads it back. */
export function writeDuration(ms: number, language: Language): string {
  if (ms === 0) return `0 ${UNITS[3][language]}`;
  const parts: string[] = [];
  let left = ms;
  for (const unit of UNITS) {
    // From a second on, what is below it stands behind the point.
    const count = unit.ms === 1000 && left >= 1000 ? left / 1000 : Math.floor(left / unit.ms);
    if (count === 0) continue;
    parts.push(`${String(count)} ${unit[language]}`);
    left -= count * unit.ms;
    if (left <= 0) break;
  }
  return parts.join(' ');
}

const WORDS: Readonly<Record<string, number>> = {
  ms: 1, 毫秒: 1,
  '': 1000, s: 1000, sec: 1000, second: 1000, seconds: 1000, 秒: 1000, 秒钟: 1000,
  m: 60_000, min: 60_000, minute: 60_000, minutes: 60_000, 分: 60_000, 分钟: 60_000,
  h: 3_600_000, hour: 3_600_000, hours: 3_600_000, 时: 3_600_000, 小时: 3_600_000,
  d: 86_400_000, day: 86_400_000, days: 86_400_000, 天: 86_400_000,
};

/** A time as it was typed: `90`, `90 s`, `1.5 h`, `1 min 30 s`, in either language. Null for nothing, undefined for what is no time. */
export function readDuration(text: string): number | null | undefined {
  let rest = text.trim().toLowerCase();
  if (rest === '') return null;
  let sum = 0;
  while (rest !== '') {
    const [whole = '', count = '', word = ''] = /^(\d{1,12}(?:[.,]\d{1,6})?)\s*([a-z]+|[毫秒分钟小时天]+)?\s*/u.exec(rest) ?? [];
    const unit = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    // A number without a unit is seconds, and stands alone.
    if (whole === '' || unit === undefined || (word === '' && whole.length < text.trim().length)) return undefined;
    sum += Number(count.replace(',', '.')) * unit;
    rest = rest.slice(whole.length);
  }
  return Number.isSafeInteger(Math.round(sum)) ? Math.round(sum) : undefined;
}
