import { create } from 'zustand';
import type { OccurrenceRow } from '#shared/contract/schedules';
import type { ScheduleId } from '#shared/ids';

/** Which schedules a note is asked for: those named, or all together. */
export type Pausing = { readonly kind: 'all' } | { readonly kind: 'some'; readonly ids: readonly ScheduleId[]; readonly name: string };

/** The dialogs of the Schedules place, opened from rows, menus and bars. */
export const useScheduleDialogs = create<{ readonly pausing: Pausing | null; readonly missed: OccurrenceRow | null }>(() => ({ pausing: null, missed: null }));
export const askPause = (pausing: Pausing): void => useScheduleDialogs.setState({ pausing });
export const askMissed = (missed: OccurrenceRow): void => useScheduleDialogs.setState({ missed });
