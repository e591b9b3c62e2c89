import { create } from 'zustand';
import { addDays, addMonths, monthStart, weekStart } from './days.ts';
import { ownZone } from './zone-format.ts';

export type CalendarSpan = 'day' | 'week' | 'month';

/** What the calendar shows. Stays while the window does. */
interface CalendarState {
  readonly span: CalendarSpan;
  /** The midnight of a day in it, as if the clock were UTC; null is today. */
  readonly at: number | null;
  readonly zone: string;
  readonly withPaused: boolean;
}
export const useCalendarState = create<CalendarState>(() => ({ span: 'week', at: null, zone: ownZone(), withPaused: false }));
export const setCalendar = (change: Partial<CalendarState>): void => useCalendarState.setState(change);

/** The first midnight that a span around a day shows, and how many days. */
export function shownDays(span: CalendarSpan, wall: number): { readonly first: number; readonly count: number } {
  if (span === 'day') return { first: wall, count: 1 };
  return span === 'week' ? { first: weekStart(wall), count: 7 } : { first: monthStart(wall), count: 42 };
}

/** One span later (1) or earlier (-1). */
export const turn = (span: CalendarSpan, wall: number, by: 1 | -1): number => (span === 'month' ? addMonths(wall, by) : addDays(wall, span === 'week' ? 7 * by : by));
