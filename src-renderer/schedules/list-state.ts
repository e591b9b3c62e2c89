import { create } from 'zustand';
import type { ScheduleStatus, Sorting } from './list.ts';

/** What the list of schedules is asked for, and the schedules chosen in it. */
interface ListState {
  readonly search: string;
  /** None is all. */
  readonly statuses: readonly ScheduleStatus[];
  readonly sorting: Sorting;
  readonly chosen: ReadonlySet<string>;
}

/** Stays while the window does: who looks at a run and comes back finds the list as it was. */
export const useListState = create<ListState>(() => ({ search: '', statuses: [], sorting: { key: 'next', descending: false }, chosen: new Set() }));
export const setListState = (change: Partial<ListState>): void => useListState.setState(change);

/** Adds one to what is chosen, or takes it out. */
export function toggleChosen(id: string): void {
  const chosen = new Set(useListState.getState().chosen);
  if (!chosen.delete(id)) chosen.add(id);
  setListState({ chosen });
}
