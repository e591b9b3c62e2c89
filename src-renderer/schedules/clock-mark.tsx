import { Clock } from 'lucide-react';
import { useText } from '../i18n/use-text.ts';
import { wallTime } from './days.ts';
import type { ClockChange } from './days.ts';
import { calendarText } from './text.ts';
import { cityOf } from './zone-format.ts';

/** The clock is moved on this day. */
export function ClockMark({ changes }: { readonly changes: readonly ClockChange[] }) {
  const said = useClockText();
  if (changes.length === 0) return null;
  const text = changes.map(said).join('\n');
  return (
    <span role="img" aria-label={text} title={text} className="inline-flex text-flow">
      <Clock className="size-3.5" />
    </span>
  );
}

/** What the clock does, in words. */
export function useClockText(): (change: ClockChange) => string {
  const { t } = useText();
  return ({ before, after, timeZone }) => t(calendarText.forward, wallTime(before), wallTime(after), cityOf(timeZone));
}
