import type { EventData, NewEvent, ScheduleEventType, StudioEvent } from '#shared/events';
import { isOfASchedule, scheduleStream } from '#shared/events';
import type { RunId, ScheduleId } from '#shared/ids';
import { evolveSchedule } from '#shared/schedule/state';
import type { ScheduleState } from '#shared/schedule/state';
import { createLive } from './live.ts';
import type { Live } from './live.ts';
import { nextMoment } from './next.ts';
import type { Moment } from './next.ts';
import type { SchedulerOptions } from './options.ts';

/** An event of a schedule, but for whose it is and when. */
export type Fact = { readonly [T in ScheduleEventType]: { readonly type: T; readonly data: Omit<EventData<T>, 'scheduleId' | 'workflowId'> } }[ScheduleEventType];

/** Every schedule in hand, kept as the journal's events say. */
export interface Core {
  readonly options: SchedulerOptions;
  readonly lives: ReadonlyMap<ScheduleId, Live>;
  /** The schedules of a workflow. */
  siblings(workflowId: string): readonly Live[];
  /** Those of which occurrences wait. */
  readonly waiting: ReadonlySet<Live>;
  event(owner: Pick<ScheduleState, 'id' | 'workflowId'>, fact: Fact): NewEvent;
  /** Writes what follows from `state`; throws conflict where that is no longer how things stand. */
  write(state: ScheduleState, facts: readonly Fact[]): void;
  /** Reads a schedule anew: somebody else has written. */
  reload(live: Live): void;
  nextOf(live: Live): Moment | null;
  /** Neither does it start anything by itself, nor does what passes count as missed yet. */
  halted(live: Live): boolean;
  closing: boolean;
  /** All are paused together, or about to go on. */
  allPaused: boolean;
  close(): void;
}

export interface CoreListener {
  /** A schedule's state has changed, or it is new. */
  changed(live: Live): void;
  /** One of its runs has ended. */
  ended(live: Live, run: RunId, event: StudioEvent): void;
}

const TERMINAL = ['WorkflowCompleted', 'WorkflowFailed', 'WorkflowCancelled'] as const;
const isTerminalEvent = (event: StudioEvent): boolean => TERMINAL.some((type) => type === event.type);

export function createCore(options: SchedulerOptions, listener: CoreListener): Core {
  const { journal, clock, id } = options;
  const lives = new Map<ScheduleId, Live>();
  const byWorkflow = new Map<string, Set<Live>>();
  const byRun = new Map<RunId, Live>();
  const waiting = new Set<Live>();

  const take = (state: ScheduleState): Live => {
    const live = createLive(state);
    lives.set(state.id, live);
    byWorkflow.set(state.workflowId, (byWorkflow.get(state.workflowId) ?? new Set()).add(live));
    // One that comes again, with a file that was moved perhaps, still has the runs that it started.
    for (const [run, before] of byRun) {
      if (before.state.id !== state.id) continue;
      live.active.set(run, before.active.get(run) ?? 'onTime');
      byRun.set(run, live);
    }
    return live;
  };
  const keep = (live: Live, state: ScheduleState): void => {
    live.state = state;
    live.next = undefined;
    if (state.buffered.length > 0) waiting.add(live);
    else waiting.delete(live);
    if (state.deleted) {
      lives.delete(state.id);
      waiting.delete(live);
      const siblings = byWorkflow.get(state.workflowId);
      siblings?.delete(live);
      if (siblings?.size === 0) byWorkflow.delete(state.workflowId);
    }
  };
  const put = (live: Live, state: ScheduleState): void => {
    keep(live, state);
    listener.changed(live);
  };
  const startRun = (live: Live, run: RunId): void => {
    live.active.set(run, live.lastHow?.run === run ? live.lastHow.how : 'onTime');
    byRun.set(run, live);
    live.next = undefined;
  };

  const hear = (event: StudioEvent): void => {
    if (isOfASchedule(event)) {
      const known = lives.get(event.data.scheduleId);
      if (known !== undefined && event.version <= known.state.version) return;
      const before = known?.state ?? (event.type === 'ScheduleCreated' ? null : journal.schedule(event.data.scheduleId));
      const state = evolveSchedule(before, event);
      if (state === null || (known === undefined && state.deleted)) return;
      const live = known ?? take(state);
      if (event.type === 'ScheduleFired') {
        const { runId, how } = event.data;
        live.lastHow = { run: runId, how };
        if (live.active.has(runId)) live.active.set(runId, how);
        live.problem = null;
      }
      put(live, state);
    } else if (event.type === 'WorkflowRequested') {
      const { trigger, runId } = event.data;
      const live = trigger.kind === 'schedule' ? lives.get(trigger.scheduleId as ScheduleId) : undefined;
      if (live === undefined) return;
      startRun(live, runId);
      listener.changed(live);
    } else if (isTerminalEvent(event)) {
      const run = event.stream.slice('run-'.length) as RunId;
      const live = byRun.get(run);
      if (live === undefined) return;
      byRun.delete(run);
      live.active.delete(run);
      live.next = undefined;
      live.lastEndedAt = Math.max(live.lastEndedAt ?? event.at, event.at);
      listener.ended(live, run, event);
    }
  };

  for (const state of journal.schedules()) keep(take(state), state);
  for (const run of journal.unfinished()) {
    const [asked] = journal.read(`run-${run}`, 0, 1);
    const trigger = asked?.type === 'WorkflowRequested' ? asked.data.trigger : null;
    const live = trigger?.kind === 'schedule' ? lives.get(trigger.scheduleId as ScheduleId) : undefined;
    if (live === undefined || trigger?.kind !== 'schedule') continue;
    const nominal = Date.parse(trigger.nominalTime);
    const how = live.state.definition.policy.overlap === 'allowAll' ? journal.occurrences({ scheduleId: live.state.id, outcomes: ['fired'], from: nominal, to: nominal }, 0, 1).rows[0]?.how : null;
    if (how !== null && how !== undefined) live.lastHow = { run, how };
    startRun(live, run);
  }
  const stop = journal.subscribe((events) => {
    for (const event of events) hear(event);
  });

  const core: Core = {
    options,
    lives,
    waiting,
    closing: false,
    allPaused: options.settings.get().schedulesPaused !== null,
    siblings: (workflowId) => [...(byWorkflow.get(workflowId) ?? [])],
    event: (owner, fact) => ({ type: fact.type, at: clock(), id: id(), data: { scheduleId: owner.id, workflowId: owner.workflowId, ...fact.data } }) as NewEvent,
    write(state, facts) {
      if (facts.length > 0) journal.append(scheduleStream(state.id), state.version, facts.map((fact) => core.event(state, fact)));
    },
    reload(live) {
      const state = journal.schedule(live.state.id);
      if (state !== null && state.version > live.state.version) put(live, state);
    },
    nextOf: (live) => (live.next === undefined ? (live.next = nextMoment(live.state, { active: live.active.size, lastEndedAt: live.lastEndedAt })) : live.next),
    halted: (live) => core.allPaused || live.state.paused !== null || !live.state.definition.enabled,
    close: stop,
  };
  return core;
}
