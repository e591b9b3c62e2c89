import { create } from 'zustand';
import type { RunRow } from '#shared/contract/runs';
import type { RunStatus } from '#shared/run/run';
import type { Days, Range } from './time-range.ts';

/** What the list of runs is asked for, and the runs chosen in it. */
interface ListState {
  readonly statuses: readonly RunStatus[];
  /** null is any. */
  readonly trigger: string | null;
  readonly range: Range;
  readonly days: Days;
  readonly search: string;
  readonly chosen: readonly RunRow[];
}

const all: Omit<ListState, 'chosen'> = { statuses: [], trigger: null, range: 'any', days: { from: '', to: '' }, search: '' };

/** Stays while the window does: who looks at a run and comes back finds the list as it was. */
export const useListState = create<ListState>(() => ({ ...all, chosen: [] }));
export const setListState = (change: Partial<ListState>): void => useListState.setState(change);

/** Asks for all runs again; what was chosen stays. */
export const clearFilters = (): void => useListState.setState(all);

/** Adds a run to those to compare, or takes it out. Two are compared: a third takes the place of the first. */
export function chooseRun(chosen: readonly RunRow[], row: RunRow): readonly RunRow[] {
  const rest = chosen.filter((one) => one.id !== row.id);
  return rest.length < chosen.length ? rest : [...rest, row].slice(-2);
}
