import { StudioError } from '#shared/errors';
import { isOfASchedule, runStream, scheduleStream } from '#shared/events';
import type { EventData, NewEvent, ScheduleEventType, StudioEvent } from '#shared/events';
import { RunId, ScheduleId, WorkflowId } from '#shared/ids';
import type { Json, JsonObject } from '#shared/json';
import { isTerminal } from '#shared/run/run';
import { Workflow } from '#shared/workflow/workflow';
import type { Journal } from '../journal/journal.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import { defaultSettings } from '../library/settings.ts';
import type { RunRequest, ScheduledFile, Scheduler, SettingsStore } from '../studio-types.ts';
import { handWound } from './hand-wound.testing.ts';
import type { HandWound } from './hand-wound.testing.ts';
import { createScheduler } from './scheduler.ts';

/** A studio's surroundings for a scheduler, made by hand: its runs end when a test says so. */
export interface World {
  readonly journal: Journal;
  readonly settings: SettingsStore;
  readonly starts: RunRequest[];
  readonly cancelled: string[];
  /** Puts a workflow file with such a `metadata.schedule` into the library, or takes it out. */
  put(workflow: string, schedule: Json | undefined, more?: Partial<ScheduledFile> & { readonly invalid?: string }): void;
  remove(workflow: string): void;
  /** From now on the folder can't be read; null: it can again. */
  unreadable(error: StudioError | null): void;
  /** From now on `start` throws this before it writes; null: no more. */
  refuse(error: StudioError | null): void;
  /** From now on `start` throws once all is written: the worker was gone. */
  failAfterWriting(fail: boolean): void;
  open(ask?: number): Promise<Scheduler>;
  /** Ends runs, the oldest first where none is named. */
  end(run?: string, how?: 'completed' | 'failed' | 'cancelled'): Promise<void>;
  /** Ends every run that goes. */
  endAll(): Promise<void>;
  active(): readonly string[];
  events(schedule?: string): readonly StudioEvent[];
  /** One line an event of the schedule but for those of its making: `fired 08:00 onTime`, `missed 01:00–07:00 ×7 asleep`. */
  story(schedule?: string): readonly string[];
}

let made = 0;
const eventId = (): string => `event-${(made += 1)}`;

const workflowOf = (id: string, schedule: Json | undefined): Workflow => Workflow.parse({ formatVersion: 1, id, name: id.toUpperCase(), nodes: [], edges: [], metadata: schedule === undefined ? {} : { schedule } });
const time = (at: number): string => {
  const text = new Date(at).toISOString();
  return text.slice(17, 23) === '00.000' ? text.slice(11, 16) : text.slice(11, 19);
};

export function createWorld(hands: HandWound, journal: Journal = createMemoryJournal()): World {
  const { clock } = hands;
  const files = new Map<string, ScheduledFile & { readonly invalid?: string }>();
  const listeners = new Set<() => void>();
  const starts: RunRequest[] = [];
  const cancelled: string[] = [];
  let folderError: StudioError | null = null;
  let refusal: StudioError | null = null;
  let failsAfter = false;
  let settingsNow = defaultSettings('/data');
  const settingsListeners = new Set<(settings: typeof settingsNow) => void>();
  const settings: SettingsStore = {
    get: () => settingsNow,
    save(change) {
      settingsNow = { ...settingsNow, ...change };
      for (const listener of settingsListeners) listener(settingsNow);
      return Promise.resolve(settingsNow);
    },
    subscribe(listener) {
      settingsListeners.add(listener);
      return () => void settingsListeners.delete(listener);
    },
  };
  const append = (run: string, events: readonly Pick<NewEvent, 'type' | 'data'>[]): void => void journal.append(runStream(run), 'any', events.map((event) => ({ ...event, at: clock(), id: eventId() }) as NewEvent));
  const active = (): readonly string[] => journal.runs({}, 0, 10_000).rows.filter((row) => !isTerminal(row.status)).map((row) => row.id).toReversed();

  const world: World = {
    journal,
    settings,
    starts,
    cancelled,
    put(workflow, schedule, more = {}) {
      files.set(workflow, { workflowId: WorkflowId.parse(workflow), name: workflow.toUpperCase(), path: `/flows/${workflow}.json`, revision: 'r', schedule, ...more });
      for (const listener of listeners) listener();
    },
    remove(workflow) {
      files.delete(workflow);
      for (const listener of listeners) listener();
    },
    unreadable: (error) => void (folderError = error),
    refuse: (error) => void (refusal = error),
    failAfterWriting: (fail) => void (failsAfter = fail),
    async open(ask = 0) {
      const scheduler = createScheduler({
        journal,
        settings,
        askMissedMs: ask,
        clock,
        steady: hands.steady,
        uptime: hands.uptime,
        timers: hands.timers,
        id: eventId,
        breathe: () => new Promise((resolve) => setImmediate(resolve)),
        library: () =>
          Promise.resolve({
            schedules: () => (folderError === null ? Promise.resolve([...files.values()]) : Promise.reject(folderError)),
            subscribe(listener) {
              const own = (): void => listener({ id: WorkflowId.parse('any'), change: 'changed', revision: null });
              listeners.add(own);
              return () => void listeners.delete(own);
            },
            open(id) {
              const file = files.get(id);
              if (file === undefined) return Promise.reject(new StudioError('not_found', `There is no workflow “${id}” in the library.`));
              if (file.invalid !== undefined) return Promise.reject(new StudioError('invalid_workflow', file.invalid));
              return Promise.resolve({ workflow: workflowOf(id, file.schedule), revision: 'r', path: file.path, draft: null });
            },
          }),
        executor: {
          start(request) {
            if (refusal !== null) return Promise.reject(refusal);
            const id = RunId.parse(`run-${String(journal.lastPosition()).padStart(6, '0')}`);
            const { workflow, file, folder, trigger, scope } = request;
            try {
              journal.atomic(() => {
                append(id, [{ type: 'WorkflowRequested', data: { runId: id, workflowId: workflow.id, workflowName: workflow.name, revision: 'r', workflow: workflow as unknown as JsonObject, file, folder, trigger, scope, priority: 0, origin: null } }]);
                request.alongside?.(id);
              });
            } catch (thrown) {
              return Promise.reject(thrown);
            }
            starts.push(request);
            if (failsAfter) return Promise.reject(new StudioError('worker_lost', 'The worker was gone.'));
            append(id, [{ type: 'WorkflowStarted', data: {} }]);
            return Promise.resolve(id);
          },
          cancel(run) {
            cancelled.push(run);
            return Promise.resolve();
          },
        },
      });
      await hands.settle();
      return scheduler;
    },
    async end(run = active()[0], how = 'completed') {
      if (run === undefined) throw new Error('No run goes.');
      if (how === 'completed') append(run, [{ type: 'WorkflowCompleted', data: { durationMs: 1000 } }]);
      else if (how === 'cancelled') append(run, [{ type: 'WorkflowCancelled', data: { durationMs: 1000 } }]);
      else append(run, [{ type: 'WorkflowFailed', data: { durationMs: 1000, error: { code: 'node_failed', message: 'It broke.' }, node: null } }]);
      await hands.settle();
    },
    async endAll() {
      for (const run of active()) await world.end(run);
    },
    active,
    events: (schedule = 'a') => journal.read(scheduleStream(ScheduleId.parse(schedule))),
    story: (schedule = 'a') => world.events(schedule).flatMap(lineOf),
  };
  return world;
}

type Line<T extends ScheduleEventType> = (data: EventData<T>) => string | null;
const lines: { readonly [T in ScheduleEventType]: Line<T> } = {
  ScheduleCreated: () => null,
  ScheduleEdited: () => 'edited',
  ScheduleDeleted: () => 'deleted',
  SchedulePaused: (data) => `paused by ${data.by}`,
  ScheduleResumed: (data) => `resumed by ${data.by}`,
  ScheduleFired: (data) => `fired ${time(data.nominalTime)} ${data.how}`,
  OccurrenceSkipped: (data) => `skipped ${time(data.nominalTime)} ${data.reason}`,
  OccurrenceMissed: (data) => `missed ${time(data.nominalTime)}${data.count === 1 ? '' : `–${time(data.lastNominalTime)} ×${data.count}`} ${data.reason}`,
  OccurrenceBuffered: (data) => `buffered ${time(data.nominalTime)} ${data.how}`,
};

function lineOf(event: StudioEvent): readonly string[] {
  if (!isOfASchedule(event)) return [];
  const line = (lines[event.type] as Line<ScheduleEventType>)(event.data);
  return line === null ? [] : [line];
}

export const START = Date.UTC(2026, 2, 2, 8, 0, 30);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const A = ScheduleId.parse('a');
export const everyMinute = { kind: 'interval', every: '1m', timeZone: 'UTC' };
export const hourly = { kind: 'cron', expression: '0 * * * *', timeZone: 'UTC' };

/** A studio whose workflow `a` has such a schedule, at half a minute past eight. */
export async function scene(schedule: Json, ask = 0): Promise<{ readonly hands: HandWound; readonly world: World; readonly scheduler: Scheduler }> {
  const hands = handWound(START);
  const world = createWorld(hands);
  world.put('a', schedule);
  return { hands, world, scheduler: await world.open(ask) };
}

/** The process ends, time passes, and another one opens the same data. */
export async function reopen(hands: HandWound, world: World, scheduler: Scheduler, ms: number, ask = 0): Promise<Scheduler> {
  await scheduler.close();
  await hands.pass(ms);
  const next = await world.open(ask);
  await hands.settle();
  return next;
}
