import type { OccurrenceRow } from '#shared/contract/schedules';
import type { StateTone } from '../ui/state-style.ts';
import type { ScheduleStatus } from './list.ts';

/** The colours of schedules' states: those of runs, so that one colour means one thing. */
export const STATUS_TONES: Readonly<Record<ScheduleStatus, StateTone>> = { scheduled: 'completed', running: 'running', paused: 'interrupted', disabled: 'skipped', manual: 'queued', done: 'cancelled' };
export const OUTCOME_TONES: Readonly<Record<OccurrenceRow['outcome'], StateTone>> = { fired: 'completed', missed: 'interrupted', skipped: 'skipped', buffered: 'queued' };
