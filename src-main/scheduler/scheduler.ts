import { errorSentence, toErrorInfo } from '#shared/errors';
import type { RunId } from '#shared/ids';
import type { PowerEvent, Scheduler } from '../studio-types.ts';
import { createAgenda } from './agenda.ts';
import { runMissed, runNow } from './asks.ts';
import { createHolding } from './away.ts';
import { createCatchUp } from './catch-up.ts';
import { createCore } from './core.ts';
import { createEyes } from './eyes.ts';
import type { Live } from './live.ts';
import type { SchedulerOptions } from './options.ts';
import { createSwitches, passedFacts } from './switches.ts';
import { createSync } from './sync.ts';
import { dueAt } from './next.ts';
import { createTurns } from './turns.ts';
import { createVigil } from './vigil.ts';
import { summaryOf, views } from './views.ts';

/** The longest that nobody looks at the clock: a machine that wakes without saying so is noticed after that. */
const LONGEST_MS = 30_000;
/** After the library could not be looked at. */
const AGAIN_MS = 60_000;
/** Several changes of the library come together. */
const QUIET_MS = 150;
const SLICE = 100;
const nothing = (): void => undefined;
const warnOf = (what: string) => (thrown: unknown): void => process.emitWarning(`${what}. ${errorSentence(toErrorInfo(thrown))}`);

/**
 * The live clock around `occurrences`: one timer for all schedules, the journal as the only memory. What it decides is written before it
 * happens; a fire is one transaction with its run's request. Closed before its executor.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { journal, settings, clock, timers, breathe } = options;
  const agenda = createAgenda();
  const listeners = new Set<(what: 'schedules' | 'away') => void>();
  const untold = new Set<'schedules' | 'away'>();
  /** Since when nobody could see what passed. */
  let since = journal.readAll(journal.lastPosition() - 1, 1)[0]?.at ?? clock();
  let synced = false;
  let stopTimer = nothing;
  let pumping = false;

  const tell = (what: 'schedules' | 'away'): void => {
    if (untold.size === 0) {
      setImmediate(() => {
        const all = [...untold];
        untold.clear();
        if (!core.closing) for (const one of all) for (const listener of listeners) listener(one);
      });
    }
    untold.add(what);
  };

  const core = createCore(options, {
    changed(live) {
      // What was held may be settled now, or gone: it is looked at again.
      if (live.held !== null) holding.drop(live);
      if (synced) eyes.fit(live);
      if (live.turn === null) place(live);
      // What waits may start now, or waits for nothing any more.
      if (live.turn === null && core.waiting.has(live)) void wake(live);
      tell('schedules');
      pump();
    },
    ended(live, run, event) {
      if (event.type === 'WorkflowFailed') live.failure = failureNote(run, errorSentence(event.data.error));
      void wake(live);
      tell('schedules');
      pump();
    },
  });
  const holding = createHolding(core, () => since);
  const catchUp = createCatchUp(core);
  const eyes = createEyes(core, {
    pathOf: (workflow) => sync.pathOf(workflow),
    noticed(live) {
      place(live);
      pump();
    },
    told: () => tell('schedules'),
    starting: () => !synced,
  });
  const switches = createSwitches(core, holding, (live) => eyes.seen(live.state.definition, sync.pathOf(live.state.workflowId)));
  const sync = createSync(core, { passed: (live) => passedFacts(core, live, 'misfire'), seen: (definition, path) => eyes.seen(definition, path) });
  const around = {
    synced: () => synced,
    asleep: () => vigil.asleep(),
    hold(live: Live, held: NonNullable<Live['held']>) {
      if ((held.reason !== 'notRunning' && held.reason !== 'asleep') || !holding.hold(live)) return false;
      live.held = held;
      tell('away');
      return true;
    },
  };

  /** When a schedule is to be looked at again, as things stand. */
  const instantOf = (live: Live): number | null => {
    if (core.closing || live.state.deleted || live.held !== null) return null;
    if (live.retryAt !== null) return live.retryAt;
    if (core.halted(live)) return null;
    const changed = live.changed === null ? Number.POSITIVE_INFINITY : dueAt(live.state, live.changed.at);
    const at = Math.min(core.nextOf(live)?.at ?? Number.POSITIVE_INFINITY, changed);
    const mustWait = vigil.asleep() || (!synced && live.observedAt !== null);
    return at === Number.POSITIVE_INFINITY || (mustWait && at <= clock()) ? null : at;
  };
  const place = (live: Live): void => agenda.put(live, instantOf(live));

  const { wake } = createTurns(core, around, (live) => {
    place(live);
    tell('schedules');
    pump();
  });

  /** Soon, and once for all that has happened by then: whose turn has come is woken, and the timer is set anew. */
  function pump(): void {
    if (pumping) return;
    pumping = true;
    queueMicrotask(() => {
      pumping = false;
      if (core.closing) return;
      // Whoever is woken by something else than the clock may be the first to see that time has passed.
      vigil.look();
      for (const live of agenda.take(clock())) void wake(live);
      if (holding.until() === 0) void release({});
      const late = catchUp.grant();
      if (late !== null) void wake(late);
      stopTimer();
      const waits = [LONGEST_MS, (agenda.first() ?? Number.POSITIVE_INFINITY) - clock(), holding.until() ?? LONGEST_MS, catchUp.until() ?? LONGEST_MS];
      stopTimer = timers.after(Math.max(0, Math.ceil(Math.min(...waits))), tick);
    });
  }

  function tick(): void {
    if (core.closing) return;
    for (const live of core.lives.values()) live.watching?.poll(false);
    vigil.tick();
    pump();
  }
  /** Time has passed, or been skipped, that nobody saw. */
  const vigil = createVigil(options, (why, from) => {
    const now = clock();
    if (holding.until() === null) since = from;
    for (const live of core.lives.values()) {
      live.retryAt = null;
      if (live.observedAt !== null || (core.nextOf(live)?.at ?? Number.POSITIVE_INFINITY) <= now) live.unseen ??= why;
      // What was seen in time, but not settled, has to be looked at again from here.
      if (live.observedAt !== null) live.observedAt = now;
      if (live.held !== null) holding.drop(live);
      live.watching?.poll(true);
      place(live);
    }
    tell('away');
  });
  async function release(choices: Parameters<Scheduler['settleAway']>[0]): Promise<void> {
    const all = holding.release(choices);
    tell('away');
    await Promise.all(all.map(wake));
  }

  let lastFolder = settings.get().folder;
  let stopLibrary = nothing;
  let stopQuiet = nothing;
  /** When the next look at the library is, by the steady clock. */
  let lookAt = Number.POSITIVE_INFINITY;
  const syncSoon = (ms = QUIET_MS): void => {
    const at = options.steady() + ms;
    // Not put off by what comes meanwhile: changes that never end would never be seen.
    if (core.closing || lookAt <= at) return;
    stopQuiet();
    lookAt = at;
    stopQuiet = timers.after(ms, () => {
      lookAt = Number.POSITIVE_INFINITY;
      void syncNow();
    });
  };
  const syncNow = async (): Promise<void> => {
    vigil.look();
    try {
      if (stopLibrary === nothing) stopLibrary = (await options.library()).subscribe(() => syncSoon());
      await sync.look();
    } catch (thrown) {
      warnOf('The workflows could not be looked at for their schedules: what was in force stays, and it is tried again')(thrown);
      syncSoon(AGAIN_MS);
    }
    for (const live of core.lives.values()) eyes.fit(live);
    tell('schedules');
    pump();
  };

  const allGoOn = (isPaused: boolean): void => {
    core.allPaused = isPaused;
    for (const live of core.lives.values()) {
      place(live);
      if (core.waiting.has(live)) void wake(live);
    }
    tell('schedules');
    pump();
  };
  const stopSettings = settings.subscribe(({ schedulesPaused, folder }) => {
    if (schedulesPaused !== null && !core.allPaused) allGoOn(true);
    else if (schedulesPaused === null && core.allPaused) {
      switches.goOn().catch(warnOf('What passed during the pause could not be written down')).finally(() => allGoOn(settings.get().schedulesPaused !== null));
    }
    if (folder !== lastFolder) syncSoon();
    lastFolder = folder;
  });

  const begin = async (): Promise<void> => {
    const began = clock();
    let n = 0;
    for (const live of core.lives.values()) {
      rememberRuns(live);
      if ((core.nextOf(live)?.at ?? Number.POSITIVE_INFINITY) <= began) live.unseen = 'notRunning';
      place(live);
      if (live.failure !== null || live.state.buffered.length > 0) void wake(live);
      n += 1;
      if (n % SLICE === 0) await breathe();
      if (core.closing) return;
    }
    pump();
    await syncNow();
    synced = true;
    await Promise.all([...core.lives.values()].filter((live) => live.observedAt !== null || live.unseen !== null || live.turn !== null).map(wake));
  };

  /** What is known of its last run: when it ended, and a failure that the studio's end kept from being answered. */
  function rememberRuns(live: Live): void {
    const { lastFired, definition, cursor, paused } = live.state;
    if (lastFired === null || live.active.has(lastFired.runId) || (definition.times.kind !== 'delay' && !definition.policy.pauseOnFailure)) return;
    const run = journal.run(lastFired.runId);
    live.lastEndedAt = run?.endedAt ?? lastFired.at;
    live.next = undefined;
    if (paused === null && run?.status === 'failed' && live.lastEndedAt > cursor) live.failure = failureNote(run.id, run.error === null ? '' : errorSentence(run.error));
  }

  const ready = begin().catch(warnOf('The scheduler could not start'));

  const settled = async <T>(work: () => Promise<T>): Promise<T> => {
    vigil.look();
    const result = await work();
    pump();
    return result;
  };
  return {
    running: true,
    list: async () => ({ schedules: views(core), refused: sync.refused, allPaused: settings.get().schedulesPaused, running: true }),
    pause: (ids, note) => settled(() => switches.pause(ids, note)),
    resume: (ids) => settled(() => switches.resume(ids)),
    pauseAll: (note) => settled(() => switches.pauseAll(note)),
    resumeAll: () => settled(() => switches.resumeAll()),
    runNow: (id) => runNow(core, id),
    runMissed: (id, from, to, latestOnly) => settled(() => runMissed(core, id, from, to, latestOnly)),
    away: () => holding.view(),
    settleAway: (choices) => release(choices),
    summary: () => summaryOf(core),
    power(event: PowerEvent) {
      if (core.closing) return;
      if (event === 'suspend') vigil.suspend();
      else if (event === 'resume' || event === 'unlock') vigil.wake();
      else if (event === 'clockChanged') vigil.look();
      pump();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ready,
    async close() {
      core.closing = true;
      stopTimer();
      stopQuiet();
      stopSettings();
      stopLibrary();
      await Promise.all([...core.lives.values()].flatMap((live) => live.turn ?? []));
      await Promise.all([...core.lives.values()].flatMap((live) => live.watching?.close() ?? []));
      core.close();
      listeners.clear();
    },
  };
}

const failureNote = (run: RunId, sentence: string): string => `Run ${run} failed. ${sentence}`.trim();
