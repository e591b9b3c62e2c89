import { setImmediate as turn } from 'node:timers/promises';
import { StudioError } from '#shared/errors';
import { runStream } from '#shared/events';
import type { EventData, EventType, NewEvent } from '#shared/events';
import type { Settings } from '#shared/contract/studio';
import { RunId, WorkflowId } from '#shared/ids';
import type { Json } from '#shared/json';
import { isTerminal } from '#shared/run/run';
import { Workflow } from '#shared/workflow/workflow';
import type { Journal } from '../journal/journal.ts';
import { defaultSettings } from '../library/settings.ts';
import type { LibraryChange, ScheduledFile, Scheduler } from '../studio-types.ts';
import { Dead, mortal } from './mortal-journal.testing.ts';
import type { Doom } from './mortal-journal.testing.ts';
import type { SchedulerOptions } from './options.ts';

/** A time that the scheduler could not see, on the wall clock: a sleep, a time without a process, a clock that was put forward. */
export interface Unseen {
  readonly why: 'asleep' | 'notRunning' | 'clockJump';
  readonly from: number;
  readonly to: number;
}

export interface WorldOptions {
  readonly chance: () => number;
  /** Where the wall clock begins. */
  readonly wall: number;
  /** Opens the journal, for each life anew; a memory's is the same one again. */
  readonly open: () => Journal;
  /** What a life is left with: closes what a process would have taken with it. */
  readonly drop: (journal: Journal) => void;
  readonly create: (options: SchedulerOptions) => Scheduler;
  readonly askMissedMs?: number;
  /** How long a run takes, in ms, and whether it fails. */
  readonly run?: (workflow: WorkflowId) => { readonly ms: number; readonly fails: boolean };
}

/** Everybody who can go on now, does. */
const settle = async (): Promise<void> => {
  await turn();
  await turn();
};

interface Timer {
  readonly at: number;
  readonly act: () => void;
  readonly life: object;
}

/**
 * A machine whose clocks a test winds by hand, with one studio on it that can be closed, killed and started: the scheduler is the real
 * one, and so is the journal; the workflows' files are a table, and runs only take time.
 */
export function createWorld(options: WorldOptions) {
  const { chance, run: outcome = () => ({ ms: 500, fails: false }) } = options;
  let [wall, steady, up] = [options.wall, 1000, 5000];
  let timers: Timer[] = [];
  let ids = 0;
  const unseen: Unseen[] = [];
  const files = new Map<WorkflowId, ScheduledFile>();
  let settings: Settings = defaultSettings('/nowhere');
  /** Of the life that goes on, or null. */
  let life: { readonly journal: Journal; readonly scheduler: Scheduler; readonly end: () => void; readonly told: Set<(change: LibraryChange) => void>; readonly settingsTold: Set<(settings: Settings) => void>; readonly isDead: () => boolean; doom: Doom | null } | null = null;
  let goneSince = wall;

  const newId = (): string => `id-${(ids += 1)}`;
  const fact = <T extends EventType>(type: T, data: EventData<T>): NewEvent => ({ type, data, at: wall, id: newId() }) as NewEvent;
  const pass = (ms: number): void => {
    wall += ms;
    steady += ms;
    up += ms;
  };
  const after = (owner: object, ms: number, act: () => void): (() => void) => {
    const timer = { at: steady + Math.max(0, ms), act, life: owner };
    timers.push(timer);
    timers.sort((one, other) => one.at - other.at);
    return () => {
      timers = timers.filter((one) => one !== timer);
    };
  };
  /** Runs only take time, and are recovered as the real ones are. */
  function executorOn(journal: Journal, owner: object): SchedulerOptions['executor'] & { readonly recover: () => void } {
    const going = (id: RunId): boolean => {
      const run = journal.run(id);
      return run !== null && !isTerminal(run.status);
    };
    const goOn = (id: RunId, workflow: WorkflowId): void => {
      const { ms, fails } = outcome(workflow);
      after(owner, ms, () => {
        if (!going(id)) return;
        journal.append(runStream(id), 'any', [fails ? fact('WorkflowFailed', { durationMs: ms, error: { code: 'node_failed', message: 'It failed.' }, node: null }) : fact('WorkflowCompleted', { durationMs: ms })]);
      });
    };
    return {
      async start({ workflow, file, folder, trigger, scope, alongside }) {
        await Promise.resolve();
        if (workflow.nodes.length > 0) throw new StudioError('invalid_workflow', 'The workflow can’t run.');
        const id = RunId.parse(`r${newId()}`);
        const requested = fact('WorkflowRequested', { runId: id, workflowId: workflow.id, workflowName: workflow.name, revision: 'r', workflow: {}, file, folder, trigger, scope, priority: 0, origin: null });
        journal.atomic(() => {
          alongside?.(id);
          journal.append(runStream(id), 'none', [requested]);
        });
        after(owner, 30, () => {
          if (!going(id)) return;
          journal.append(runStream(id), 'any', [fact('WorkflowStarted', {})]);
          goOn(id, workflow.id);
        });
        return id;
      },
      async cancel(id, by) {
        await Promise.resolve();
        if (!going(id)) return;
        journal.append(runStream(id), 'any', [fact('WorkflowCancelRequested', { by })]);
        after(owner, 20, () => void (going(id) && journal.append(runStream(id), 'any', [fact('WorkflowCancelled', { durationMs: 1 })])));
      },
      recover() {
        for (const id of journal.unfinished()) {
          const run = journal.run(id);
          if (run === null) continue;
          if (run.status === 'queued') journal.append(runStream(id), 'any', [fact('WorkflowStarted', {})]);
          else journal.append(runStream(id), 'any', [fact('WorkflowInterrupted', { reason: 'It ended.', workedMs: 1 }), fact('WorkflowResumed', { by: 'recovery', repeat: [] })]);
          goOn(id, run.workflowId);
        }
      },
    };
  }

  const world = {
    unseen,
    wall: () => wall,
    files,
    scheduler(): Scheduler {
      if (life === null) throw new Error('No studio is running.');
      return life.scheduler;
    },
    /** Null while no studio is running. */
    journal: () => life?.journal ?? null,
    isRunning: () => life !== null && !life.isDead(),
    paused: () => settings.schedulesPaused !== null,

    /** Starts the studio and waits until its scheduler is ready. */
    async start(): Promise<void> {
      const inner = options.open();
      const state: { dead: boolean; doom: Doom | null } = { dead: false, doom: null };
      const own = {};
      const journal = mortal(inner, state);
      const told = new Set<(change: LibraryChange) => void>();
      const settingsTold = new Set<(settings: Settings) => void>();
      const executor = executorOn(journal, own);
      executor.recover();
      const scheduler = options.create({
        journal,
        executor,
        library: () =>
          Promise.resolve({
            open(id) {
              const file = files.get(id);
              if (file === undefined || state.dead) return Promise.reject(new StudioError('not_found', `There is no workflow "${id}".`));
              const workflow = Workflow.parse({ formatVersion: 1, id, name: file.name, nodes: [], edges: [] });
              return Promise.resolve({ workflow, revision: file.revision ?? '', path: file.path, draft: null });
            },
            schedules: () => Promise.resolve([...files.values()]),
            subscribe(listener) {
              told.add(listener);
              return () => void told.delete(listener);
            },
          }),
        settings: {
          get: () => settings,
          save(change) {
            if (state.dead) return Promise.reject(new Dead('The process is gone.'));
            settings = { ...settings, ...change };
            for (const listener of settingsTold) listener(settings);
            return Promise.resolve(settings);
          },
          subscribe(listener) {
            settingsTold.add(listener);
            return () => void settingsTold.delete(listener);
          },
        },
        askMissedMs: options.askMissedMs ?? 0,
        clock: () => wall,
        steady: () => steady,
        uptime: () => up,
        timers: { after: (ms, act) => after(own, ms, () => void (state.dead || act())) },
        id: newId,
        breathe: () => Promise.resolve(),
      });
      life = {
        journal,
        scheduler,
        told,
        settingsTold,
        isDead: () => state.dead,
        get doom() {
          return state.doom;
        },
        set doom(doom) {
          state.doom = doom;
        },
        end() {
          state.dead = true;
          timers = timers.filter((one) => one.life !== own);
          options.drop(inner);
        },
      };
      unseen.push({ why: 'notRunning', from: goneSince, to: wall });
      await settle();
      await scheduler.ready;
      await settle();
    },
    /** The process is gone at once: nothing is closed. */
    async kill(): Promise<void> {
      if (life === null) return;
      life.end();
      life = null;
      goneSince = wall;
      await settle();
    },
    /** It dies at its nth write from now on; `isRunning` tells whether it has. */
    doom(doom: Doom): void {
      if (life !== null) life.doom = doom;
    },
    async close(): Promise<void> {
      await life?.scheduler.close();
      life?.end();
      life = null;
      goneSince = wall;
      await settle();
    },
    /** Time goes by, awake. Timers are late now and then, by some ms. */
    async advance(ms: number): Promise<void> {
      const target = steady + ms;
      for (let [timer] = timers; timer !== undefined && timer.at <= target; [timer] = timers) {
        timers.shift();
        pass(Math.max(0, Math.min(target, timer.at + Math.floor(chance() * 15)) - steady));
        try {
          timer.act();
        } catch (thrown) {
          if (!(thrown instanceof Dead)) throw thrown;
        }
        await settle();
        if (life?.isDead() === true) {
          await world.kill();
        }
      }
      pass(target - steady);
    },
    /** The machine sleeps; `told`: whether its host hears of that. */
    async sleep(ms: number, told: boolean): Promise<void> {
      if (told) life?.scheduler.power('suspend');
      const from = wall;
      wall += ms;
      up += ms;
      if (life !== null) unseen.push({ why: 'asleep', from, to: wall });
      if (told) life?.scheduler.power('resume');
      await settle();
    },
    /** The machine sleeps, and all its clocks count that; or only the process stands still. */
    async freeze(ms: number): Promise<void> {
      const from = wall;
      pass(ms);
      if (life !== null) unseen.push({ why: 'asleep', from, to: wall });
      await settle();
    },
    /** Somebody puts the wall clock forward or back; `told`: whether the host hears of that. */
    async jump(ms: number, told: boolean): Promise<void> {
      const from = wall;
      wall += ms;
      if (life !== null && ms > 0) unseen.push({ why: 'clockJump', from, to: wall });
      if (told) life?.scheduler.power('clockChanged');
      await settle();
    },
    /** Saves, or with null removes, a workflow's file; a studio that runs hears of it. */
    async save(id: string, schedule: Json | null): Promise<void> {
      const workflowId = WorkflowId.parse(id);
      const known = files.has(workflowId);
      const revision = newId();
      if (schedule === null) files.delete(workflowId);
      else files.set(workflowId, { workflowId, name: id, path: `/flows/${id}.json`, revision, schedule });
      const change: LibraryChange = { id: workflowId, change: schedule === null ? 'removed' : known ? 'changed' : 'added', revision: schedule === null ? null : revision };
      for (const listener of life?.told ?? []) listener(change);
      await settle();
    },
    settle,
  };
  return world;
}
export type SimulatedWorld = ReturnType<typeof createWorld>;
