import { errorSentence, toErrorInfo } from '#shared/errors';
import type { RunId } from '#shared/ids';
import type { PowerEvent, Scheduler } from '../studio-types.ts';
import { createAgenda } from './agenda.ts';
import { runMissed, runNow } from './asks.ts';
import { createHolding } from './away.ts';
import { createCatchUp } from './catch-up.ts';
import { createCore } from './core.ts';
import { createEyes } from './eyes.ts';
import { createLimit } from './limit.ts';
import type { Live } from './live.ts';
import { moved, readClocks } from './observe.ts';
import type { Reading } from './observe.ts';
import type { SchedulerOptions } from './options.ts';
import { createSwitches, passedFacts } from './switches.ts';
import { createSync } from './sync.ts';
import { dueAt } from './next.ts';
import { look } from './turn.ts';
import { summaryOf, views } from './views.ts';

/** The longest that nobody looks at the clock: a machine that wakes without saying so is noticed after that. */
const LONGEST_MS = 30_000;
/** The first and the longest wait after the journal could not be written. */
const RETRY_MS = [500, 60_000] as const;
/** Schedules that start something at once: their requests share commits. */
const AT_ONCE = 32;
/** Several changes of the library come together. */
const QUIET_MS = 150;
/** A machine that goes on ticking does not sleep, whatever its host says. */
const TICKS_AWAKE = 10;
const SLICE = 100;
const nothing = (): void => undefined;

/**
 * The live clock around `occurrences`: one timer for all schedules, the journal as the only memory. What it decides is written before it
 * happens; a fire is one transaction with its run's request. Closed before its executor.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { journal, settings, clock, timers, breathe } = options;
  const agenda = createAgenda();
  const limit = createLimit(AT_ONCE);
  const listeners = new Set<(what: 'schedules' | 'away') => void>();
  const untold = new Set<'schedules' | 'away'>();
  let reading: Reading = readClocks(options);
  /** Since when nobody could see what passed. */
  let since = journal.readAll(journal.lastPosition() - 1, 1)[0]?.at ?? reading.wall;
  let synced = false;
  let sleeping: { readonly since: number; ticks: number } | null = null;
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
      if (live.state.deleted) holding.drop(live);
      if (synced) eyes.fit(live);
      if (live.turn === null) place(live);
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
    asleep: () => sleeping !== null,
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
    const mustWait = sleeping !== null || (!synced && live.observedAt !== null);
    return at === Number.POSITIVE_INFINITY || (mustWait && at <= clock()) ? null : at;
  };
  const place = (live: Live): void => agenda.put(live, instantOf(live));

  const goOn = async (live: Live): Promise<void> => {
    do {
      live.again = false;
      try {
        await look(core, live, around);
        live.tries = 0;
        live.retryAt = null;
        live.trouble = null;
      } catch (thrown) {
        const trouble = errorSentence(toErrorInfo(thrown));
        if (live.trouble === null) process.emitWarning(`The schedule ${live.state.id} could not go on: ${trouble} It is tried again.`);
        live.trouble = trouble;
        live.retryAt = clock() + Math.min(RETRY_MS[0] * 2 ** live.tries, RETRY_MS[1]);
        live.tries += 1;
        live.again = false;
        tell('schedules');
      }
      if (live.again) await breathe();
    } while (live.again && !core.closing && !live.state.deleted);
  };
  /** Has a schedule looked at; resolves when that is done. */
  const wake = (live: Live): Promise<void> => {
    if (live.turn !== null) {
      live.again = true;
      return live.turn;
    }
    if (core.closing) return Promise.resolve();
    const turn = async (): Promise<void> => {
      await limit(() => goOn(live));
      live.turn = null;
      place(live);
      pump();
    };
    live.turn = turn();
    return live.turn;
  };

  /** Soon, and once for all that has happened by then: whose turn has come is woken, and the timer is set anew. */
  function pump(): void {
    if (pumping) return;
    pumping = true;
    queueMicrotask(() => {
      pumping = false;
      if (core.closing) return;
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
    if (sleeping === null) observe();
    else {
      const before = reading;
      reading = readClocks(options);
      sleeping.ticks = moved(before, reading) === null ? sleeping.ticks + 1 : 0;
      if (sleeping.ticks >= TICKS_AWAKE) wakeUp();
    }
    pump();
  }
  function observe(): void {
    const before = reading;
    reading = readClocks(options);
    const why = moved(before, reading);
    if (why !== null) unseen(why, before.wall);
  }
  function wakeUp(): void {
    if (sleeping === null) return observe();
    const from = sleeping.since;
    sleeping = null;
    reading = readClocks(options);
    unseen('asleep', from);
  }
  /** Time has passed, or been skipped, that nobody saw. */
  function unseen(why: 'asleep' | 'clockJump', from: number): void {
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
  }
  async function release(choices: Parameters<Scheduler['settleAway']>[0]): Promise<void> {
    const all = holding.release(choices);
    tell('away');
    await Promise.all(all.map(wake));
  }

  let stopQuiet = nothing;
  const syncSoon = (ms = QUIET_MS): void => {
    stopQuiet();
    if (!core.closing) stopQuiet = timers.after(ms, () => void syncNow());
  };
  const syncNow = async (): Promise<void> => {
    try {
      await sync.look();
    } catch (thrown) {
      process.emitWarning(`The workflows could not be looked at for their schedules: ${errorSentence(toErrorInfo(thrown))} What was in force stays; it is tried again.`);
      syncSoon(RETRY_MS[1]);
    }
    for (const live of core.lives.values()) eyes.fit(live);
    tell('schedules');
    pump();
  };

  const stopSettings = settings.subscribe(({ schedulesPaused, folder }) => {
    const isPaused = schedulesPaused !== null;
    if (isPaused !== core.allPaused) {
      core.allPaused = isPaused;
      for (const live of core.lives.values()) {
        place(live);
        if (isPaused && live.state.buffered.length > 0) void wake(live);
      }
      tell('schedules');
      pump();
    }
    if (folder !== lastFolder) syncSoon();
    lastFolder = folder;
  });
  let lastFolder = settings.get().folder;
  let stopLibrary = nothing;

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
    stopLibrary = (await options.library()).subscribe(() => syncSoon());
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

  const ready = begin().catch((thrown: unknown) => process.emitWarning(`The scheduler could not start: ${errorSentence(toErrorInfo(thrown))}`));

  const settled = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    pump();
    return result;
  };
  return {
    running: true,
    list: async () => ({ schedules: views(core), refused: sync.refused, allPaused: settings.get().schedulesPaused, running: true }),
    pause: (ids, note) => settled(switches.pause(ids, note)),
    resume: (ids) => settled(switches.resume(ids)),
    pauseAll: (note) => settled(switches.pauseAll(note)),
    resumeAll: () => settled(switches.resumeAll()),
    runNow: (id) => runNow(core, id),
    runMissed: (id, from, to, latestOnly) => settled(runMissed(core, id, from, to, latestOnly)),
    away: () => holding.view(),
    settleAway: (choices) => release(choices),
    summary: () => summaryOf(core),
    power(event: PowerEvent) {
      if (core.closing) return;
      if (event === 'suspend') {
        observe();
        sleeping = { since: clock(), ticks: 0 };
      } else if (event === 'resume' || (event === 'unlock' && sleeping !== null)) wakeUp();
      else if (event === 'unlock' || event === 'clockChanged') observe();
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
