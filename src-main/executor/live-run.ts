import { assertNever, StudioError } from '#shared/errors';
import { runStream } from '#shared/events';
import type { NewEvent } from '#shared/events';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import type { Standing } from '../dataplane/protocol.ts';
import { hold } from '../engine/advance.ts';
import type { Command } from '../engine/command.ts';
import { abandon } from '../engine/decide.ts';
import { answer } from './answer.ts';
import { createAudience } from './audience.ts';
import { OVER_CEILING } from './ceiling.ts';
import { createEnding } from './ending.ts';
import { lostFacts, untold } from './facts.ts';
import { overCeiling } from './failure.ts';
import { createHearing, workerEnded } from './hearing.ts';
import { FRUITLESS, interrupt, lookAgain } from './interruption.ts';
import type { Interruption } from './interruption.ts';
import { jobOf } from './job.ts';
import { createPages } from './pages.ts';
import { part } from './part.ts';
import { answersIn, pastOf } from './past.ts';
import type { Past } from './past.ts';
import type { Lease } from './pool.ts';
import type { Prepared } from './prepare.ts';
import { resume } from './resume.ts';
import type { By } from './resume.ts';
import { createRunClock } from './run-clock.ts';
import type { Delay } from './run-clock.ts';
import { createSegmentWatch } from './segment-watch.ts';
import type { Expired } from './segment-watch.ts';
import { createSettling } from './settling.ts';
import { createTimers } from './timers.ts';
import type { LiveRun, World } from './world.ts';

/** A worker that is told to stop because the studio closes has this long. */
const GRACE_MS = 400;
const CLOSED = 'The studio was closed.';
export const CRASHED = 'The studio ended while this run was going.';
const NOTHING: Standing = { steady: [], restored: [] };

/** A run as it comes into the executor's hands. */
export interface Begun {
  readonly run: Run;
  /** The event that `run` is the fold of, not written yet; null where the run was found in the journal. */
  readonly requested: NewEvent | null;
  readonly prepared: Prepared;
  /** Of a run that was found: what is left of the delays of its retries, and how long it was worked on before its process ended. */
  readonly delays?: readonly Delay[];
  readonly workedMs?: number;
}

export function createLiveRun({ run: begun, requested, prepared, delays = [], workedMs = 0 }: Begun, world: World): LiveRun {
  const { journal } = world;
  const { id } = begun;
  const { plan, graph } = prepared;
  const audience = createAudience();
  const { tell } = audience;
  const timers = createTimers();
  const clock = createRunClock(world, { workedMs: begun.workedMs + workedMs }, delays);
  const { stamp } = clock;
  const held = hold(begun, plan);
  const run = (): Run => held.run();
  const pages = createPages(journal, id, requested === null ? begun.version : 0, tell);
  const { append, write } = pages;
  let lease: Lease | null = null;
  /** Its worker is asked what of this still stands. */
  let opening: Past | null = null;
  /** Workers lost while the run had not begun. */
  let failedOpenings = 0;
  /** Its worker has been told of it. */
  let isOpen = false;
  /** Who had it go on. */
  let by: By = 'recovery';
  let closing = false;

  const letGo = (): Lease | null => {
    const had = lease;
    lease = null;
    opening = null;
    isOpen = false;
    settling.forget();
    return had;
  };
  const ending = createEnding({ id, world, audience, timers, append, letGo });
  /** Whatever goes wrong in here is this run's end, not the studio's. */
  const guarded = <A extends readonly unknown[]>(action: (...args: A) => void) => (...args: A): void => {
    if (ending.over) return;
    try {
      action(...args);
    } catch (error) {
      ending.giveUp(error);
    }
  };
  const settling = createSettling({ id, held, pages, stamp, lease: () => lease, step: (facts, first) => step(facts, first) });
  const segments = createSegmentWatch({
    timers,
    cancel: () => lease?.send({ kind: 'cancel', runId: id }),
    kill: () => lease?.kill(),
    idle: guarded((expired: Expired) => (settling.going() ? undefined : step([], (state) => abandon(state, expired.error)))),
  });

  /** One step: what has happened and what follows is written, then done. */
  const step = (facts: readonly NewEvent[], first?: (run: Run) => readonly Command[]): void => {
    const next = held.step(facts, clock.instant(), first);
    const fresh = pages.version === 0;
    settling.over();
    if (isTerminal(run().status) && !fresh && lease !== null) return ending.commit(next.events, lease);
    try {
      write(fresh && requested !== null ? [requested, ...next.events] : next.events);
    } catch (error) {
      if (fresh) throw error;
      return ending.giveUp(error);
    }
    for (const command of next.commands) perform(command);
    if (isTerminal(run().status)) return ending.finish();
    if (run().status === 'paused') return pause();
    if (run().status === 'running' && held.running().length === 0) waitForRetries();
  };

  const waitForRetries = (): void => {
    const due = held.waiting().flatMap((node) => (node.retryAt === null ? [] : [{ id: node.id, ms: clock.until(node.retryAt) }]));
    if (due.length === 0) return;
    const wake = (): void => {
      for (const node of held.waiting()) if (node.retryAt !== null && clock.until(node.retryAt) === 0) held.wake(node.id);
      step([]);
    };
    timers.set('retry', Math.min(...due.map((one) => one.ms)), guarded(wake));
  };

  const open = (past: Past | null): void => {
    isOpen = true;
    lease?.send({ kind: 'open', job: jobOf(begun, prepared, past, world.job) });
  };

  const perform = (command: Command): void => {
    switch (command.kind) {
      case 'Begin':
      case 'Resume':
        if (!isOpen) open(null);
        clock.work();
        if (prepared.timeoutMs !== undefined) segments.patience('run', prepared.timeoutMs - run().workedMs, prepared.timeoutMs, null);
        return;
      case 'StartSegment':
        timers.drop('retry');
        segments.start(command);
        return lease?.send({ kind: 'segment', runId: id, segment: command.segment, attempt: command.attempt });
      case 'StopSegment':
        return segments.stop();
      case 'Settle':
        return settling.start(command);
      case 'Divert':
        return lease?.send({ kind: 'divert', runId: id, node: command.node, error: command.error });
      case 'Pause':
      case 'Reuse':
      case 'Skip':
      case 'ScheduleRetry':
      case 'Complete':
      case 'Fail':
      case 'Cancel':
        return;
      default:
        return assertNever(command);
    }
  };

  /** It stands still, or has ended without a worker: what is to be written of that is, and it goes on when its time comes. */
  const stand = ({ facts, first }: Interruption, who: By): void => {
    segments.ended();
    timers.clear();
    clock.rest();
    by = who;
    step(facts, first);
    if (!ending.over && run().status === 'interrupted') world.wants(live, who === 'worker');
  };
  const interrupted = (reason: string, facts: readonly NewEvent[] = []): void => {
    const found = interrupt(run(), untold(held.running(), facts), { plan, graph, recovery: prepared.recovery }, { reason, workedMs: clock.worked() }, world.look, stamp);
    stand({ facts: [...facts, ...found.facts], first: found.first }, 'worker');
  };

  /** Its worker is of use to others until a person has answered. */
  const pause = (): void => {
    timers.clear();
    segments.ended();
    clock.rest();
    const had = letGo();
    if (had !== null) part(had, id, world);
    world.leaves(id);
  };

  const opened = (standing: Standing): void => {
    const past = opening;
    opening = null;
    if (past === null) return;
    const found = resume(run(), plan, past, standing, by, { answers: () => answersIn(journal.read(runStream(id))), find: world.origin });
    if (found.kind === 'fail') step([], (state) => abandon(state, found.error));
    else step([], () => (found.kind === 'ask' ? [{ kind: 'Pause', question: found.question }] : found.commands));
  };

  /** The studio closes: the run stands still with what has come of it. */
  const shut = (facts: readonly NewEvent[]): void => {
    timers.clear();
    try {
      write(held.step([...facts, ...lostFacts(untold(held.running(), facts), CLOSED, stamp), { type: 'WorkflowInterrupted', data: { reason: CLOSED, workedMs: clock.worked(), orderly: true }, ...stamp() }], clock.instant()).events);
    } catch (error) {
      return ending.giveUp(error);
    }
    ending.rest();
  };

  const { message, unsuccessful } = createHearing({ id, prepared, world, held, clock, pages, segments, ending, settling, tell, lease: () => lease, isClosing: () => closing, step, opened, interrupted, shut });

  /** The worker ended. */
  const lost = (how: string): void => {
    const wasOpening = opening;
    letGo();
    if (isTerminal(run().status)) return ending.finish();
    world.clean(graph, run());
    if (wasOpening === null && run().status === 'running') return unsuccessful(null, how);
    failedOpenings += 1;
    const reason = workerEnded(how);
    if (how === OVER_CEILING) return step([], (state) => abandon(state, overCeiling(null)));
    if (run().status !== 'queued') return interrupted(reason);
    if (failedOpenings >= FRUITLESS) return step([], (state) => abandon(state, { code: 'worker_lost', message: reason, remedy: 'Run it again.' }));
    world.wants(live, true);
  };

  /** Its first steps on a worker: from its past, where it has one. */
  const begin = (): void => {
    const begunBefore = run().startedAt !== null;
    const origin = begunBefore || begun.origin === null ? null : world.origin(begun.origin);
    const past = begunBefore || origin !== null ? pastOf(run(), plan, origin) : null;
    if (past === null) return step([]);
    if (pages.version === 0) live.request();
    if (begunBefore) world.samples.resume(id);
    opening = past;
    open(past);
    if (past.nodes.length === 0 && past.diverted.length === 0) guarded(opened)(NOTHING);
  };

  const live: LiveRun = {
    id,
    workflowId: begun.workflowId,
    priority: begun.priority,
    limit: prepared.limit,
    run,
    closed: ending.closed,
    request: () => write(requested === null ? [] : [requested]),
    begin(taken) {
      lease = taken;
      lease.hold({ message: guarded(message), lost: guarded(lost) });
      // Whoever asked for it hears why it could not begin; nobody is there to hear of one that was found.
      if (pages.version === 0) begin();
      else guarded(begin)();
    },
    recover() {
      if (run().status === 'queued') return world.wants(live, false);
      if (run().status === 'paused') return;
      world.clean(graph, run());
      stand(run().status === 'running' ? interrupt(run(), held.running(), { plan, graph, recovery: prepared.recovery }, { reason: CRASHED, workedMs }, world.look, stamp) : lookAgain(run(), prepared, world.look, stamp), 'recovery');
    },
    cancel: guarded((who: string) => {
      if (isTerminal(run().status) || run().cancelRequested) return;
      opening = null;
      step([{ type: 'WorkflowCancelRequested', data: { by: who }, ...stamp() }]);
    }),
    answer(said, who) {
      const found = answer(run(), prepared, said, who, stamp);
      const { version } = pages;
      guarded(() => stand(found, 'person'))();
      if (pages.version === version) throw new StudioError('io', 'The answer could not be written down.', { place: id, remedy: 'Make room on the disk, then answer again.' });
    },
    async close() {
      if (ending.over) return;
      closing = true;
      const going = run().status === 'running' && lease !== null;
      if (!going && !isTerminal(run().status)) ending.rest();
      else if (going && held.running().length === 0) guarded(shut)([]);
      else if (going && !run().cancelRequested) lease?.send({ kind: 'cancel', runId: id });
      // What does not answer in time is not waited for: neither a worker that is to stop, nor the last samples.
      const impatient = setTimeout(() => {
        guarded(() => (run().status === 'running' ? unsuccessful(null, CLOSED) : undefined))();
        ending.rest();
      }, GRACE_MS);
      await ending.closed;
      clearTimeout(impatient);
    },
    listen: audience.add,
  };
  return live;
}
