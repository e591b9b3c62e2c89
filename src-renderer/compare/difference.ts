import type { Format } from '../i18n/format.ts';

/** How much more or less the second is: `+120 ms (+35%)`; null where there is nothing to tell. */
export function signed(before: number, after: number, say: (value: number) => string, f: Format): string | null {
  const by = after - before;
  if (by === 0) return null;
  const sign = by > 0 ? '+' : '−';
  const share = before === 0 ? '' : ` (${sign}${f.percent(Math.abs(by) / before)})`;
  return `${sign}${say(Math.abs(by))}${share}`;
}
