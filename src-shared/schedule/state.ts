import type { EventData, NewEvent, ScheduleEventType } from '#shared/events';
import { isOfASchedule } from '#shared/events';
import type { RunId, ScheduleId, WorkflowId } from '#shared/ids';
import type { ScheduleDefinition } from '#shared/schedule/schedule';

/** An occurrence that waits for the run before it to end. */
export interface Buffered {
  readonly nominalTime: number;
  readonly how: EventData<'OccurrenceBuffered'>['how'];
}

/** What a schedule is after its events: a fold, like a run. Instants are ms since 1970. */
export interface ScheduleState {
  readonly id: ScheduleId;
  readonly workflowId: WorkflowId;
  readonly workflowName: string;
  readonly definition: ScheduleDefinition;
  /** Null while it is not paused. */
  readonly paused: { readonly by: EventData<'SchedulePaused'>['by']; readonly note: string; readonly at: number } | null;
  /** All before and at it is settled. */
  readonly cursor: number;
  /** By nominal time, oldest first. */
  readonly buffered: readonly Buffered[];
  /** Fires since it was first created, or given another number of `remainingRuns`: what that number is held against. */
  readonly fires: number;
  readonly lastFired: { readonly nominalTime: number; readonly runId: RunId; readonly at: number } | null;
  /** What a watch has found last; see ScheduleCreated. */
  readonly seen: string | null;
  readonly deleted: boolean;
  readonly version: number;
}

type Fold<T extends ScheduleEventType> = (state: ScheduleState, data: EventData<T>, at: number) => Partial<ScheduleState>;

const seenIn = (data: { readonly seen?: string | undefined }): Partial<ScheduleState> => (data.seen === undefined ? {} : { seen: data.seen });
const without = (state: ScheduleState, nominalTime: number): readonly Buffered[] => state.buffered.filter((one) => one.nominalTime !== nominalTime);
/** A cursor never goes back: nothing is settled twice. */
const forward = (state: ScheduleState, cursor: number): number => Math.max(state.cursor, cursor);

/** Another number of remaining runs counts from its beginning. */
const firesOf = (state: ScheduleState, data: { readonly definition: ScheduleDefinition }): Partial<ScheduleState> => (data.definition.policy.remainingRuns === state.definition.policy.remainingRuns ? {} : { fires: 0 });

/** One entry an event: an event without one does not compile. */
const folds: { readonly [T in ScheduleEventType]: Fold<T> } = {
  // One that comes again, as a file does when another branch is looked at and left, is as paused and as spent as it was.
  ScheduleCreated: (state, data) => ({ workflowName: data.workflowName, definition: data.definition, cursor: data.cursor, buffered: [], deleted: false, ...firesOf(state, data), ...seenIn(data) }),
  ScheduleEdited: (state, data) => ({
    workflowName: data.workflowName,
    definition: data.definition,
    cursor: forward(state, data.cursor),
    ...firesOf(state, data),
    ...seenIn(data),
  }),
  SchedulePaused: (_state, data, at) => ({ paused: { by: data.by, note: data.note, at } }),
  ScheduleResumed: (state, data) => ({ paused: null, cursor: forward(state, data.cursor), ...seenIn(data) }),
  ScheduleDeleted: () => ({ deleted: true, buffered: [] }),
  ScheduleFired: (state, data, at) => ({
    cursor: forward(state, data.cursor),
    fires: state.fires + 1,
    lastFired: { nominalTime: data.nominalTime, runId: data.runId, at },
    buffered: without(state, data.nominalTime),
    ...seenIn(data),
  }),
  OccurrenceSkipped: (state, data) => ({ cursor: forward(state, data.cursor), buffered: without(state, data.nominalTime), ...seenIn(data) }),
  OccurrenceMissed: (state, data) => ({ cursor: forward(state, data.cursor), ...seenIn(data) }),
  OccurrenceBuffered: (state, data) => ({
    cursor: forward(state, data.cursor),
    buffered: [...without(state, data.nominalTime), { nominalTime: data.nominalTime, how: data.how }].toSorted((a, b) => a.nominalTime - b.nominalTime),
    ...seenIn(data),
  }),
};

/** The fold that a schedule is. `null` is one that was never created; events of other streams leave the state as it is. */
export function evolveSchedule(state: ScheduleState | null, event: NewEvent & { readonly version?: number }): ScheduleState | null {
  if (!isOfASchedule(event)) return state;
  const version = event.version ?? (state?.version ?? 0) + 1;
  if (event.type === 'ScheduleCreated' && state === null) return { ...begin(event.data), version };
  if (state === null) return null;
  return { ...state, ...(folds[event.type] as Fold<ScheduleEventType>)(state, event.data, event.at), version };
}

const begin = (data: EventData<'ScheduleCreated'>): ScheduleState => ({
  id: data.scheduleId,
  workflowId: data.workflowId,
  workflowName: data.workflowName,
  definition: data.definition,
  paused: null,
  cursor: data.cursor,
  buffered: [],
  fires: 0,
  lastFired: null,
  seen: data.seen ?? null,
  deleted: false,
  version: 1,
});

/** Has it no fires left to give? */
export const isSpent = ({ definition, fires }: Pick<ScheduleState, 'definition' | 'fires'>): boolean => definition.policy.remainingRuns !== undefined && fires >= definition.policy.remainingRuns;
