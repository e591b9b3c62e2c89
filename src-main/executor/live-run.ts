import { assertNever, errorSentence } from '#shared/errors';
import type { ErrorInfo } from '#shared/errors';
import { runStream } from '#shared/events';
import type { NewEvent, StudioEvent } from '#shared/events';
import type { NodeId } from '#shared/ids';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import type { FromWorker } from '../dataplane/protocol.ts';
import { advance } from '../engine/advance.ts';
import type { Step } from '../engine/advance.ts';
import type { Command } from '../engine/command.ts';
import { abandon } from '../engine/decide.ts';
import type { LogLine } from '../journal/journal.ts';
import { createAudience } from './audience.ts';
import { doneFacts, failedFacts, lostFacts, running, stoppedFacts } from './facts.ts';
import type { Lease } from './pool.ts';
import type { Prepared } from './prepare.ts';
import { createTimers } from './timers.ts';
import type { LiveRun, World } from './world.ts';

/** A worker that was told to stop has this long; then it is ended. Together with the ending: within a second. */
const CANCEL_MS = 900;
/** Looking at rows after the end takes a second or two at the most; a worker that takes longer is stuck. */
const CLOSE_MS = 20_000;

/** `requested` is the event that `begun` is the fold of; neither is written yet. */
export function createLiveRun(begun: Run, requested: NewEvent, prepared: Prepared, world: World): LiveRun {
  const { journal, instant } = world;
  const { id } = begun;
  const stream = runStream(id);
  const audience = createAudience();
  const { tell } = audience;
  const timers = createTimers();
  const { promise: closed, resolve: resolveClosed } = Promise.withResolvers<void>();
  let run = begun;
  let written = 0;
  let lease: Lease | null = null;
  let over = false;
  /** Its end waits for the commit. */
  let ending = false;
  let allSaid = false;
  let timedOut: { readonly node: NodeId | null; readonly error: ErrorInfo } | null = null;

  const stamp = (): { at: number; id: string } => {
    const now = instant();
    return { at: now.at, id: now.id() };
  };
  const log = (lines: readonly LogLine[]): void => {
    journal.log(id, lines);
    tell({ kind: 'console', lines: [...lines] });
  };

  const append = (events: readonly NewEvent[]): readonly StudioEvent[] => {
    const kept = journal.append(stream, written === 0 ? 'none' : written, events);
    written += events.length;
    return kept;
  };
  const write = (events: readonly NewEvent[]): void => {
    if (events.length === 0) return;
    for (const event of append(events)) tell({ kind: 'event', event });
  };

  /** Over: nothing more comes. */
  const finish = (): void => {
    if (over || ending) {
      allSaid = true;
      return;
    }
    over = true;
    timers.clear();
    lease?.release();
    lease = null;
    void world.samples.keep(id);
    audience.end();
    world.gone(live);
    resolveClosed();
  };

  /** The journal can't take what happened: the run is stopped where it is, and those who watch are told why. Recovery ends it later. */
  const giveUp = (error: unknown): void => {
    over = true;
    if (timers.has('close')) lease?.release();
    else lease?.kill();
    timers.clear();
    lease = null;
    audience.fail(error);
    world.gone(live);
    resolveClosed();
  };

  /** Its work is done: the worker goes on with the next run while this one's end is made durable. */
  const end = (next: Step, held: Lease): void => {
    run = next.run;
    ending = true;
    audience.hold();
    held.send({ kind: 'close', runId: id });
    timers.clear();
    timers.set('close', CLOSE_MS, () => lease?.kill());
    let kept: readonly StudioEvent[] = [];
    const done = (): void => {
      ending = false;
      audience.release(kept.map((event) => ({ kind: 'event', event })));
      if (allSaid) finish();
    };
    const failed = (error: unknown): void => {
      ending = false;
      giveUp(error);
    };
    world.ends.add(() => (kept = append(next.events)), done, failed);
    held.retire();
  };

  const step = (facts: readonly NewEvent[], first?: (run: Run) => readonly Command[]): void => {
    const next = advance(run, facts, prepared.plan, instant(), first);
    const fresh = written === 0;
    if (isTerminal(next.run.status) && !fresh && lease !== null) return end(next, lease);
    try {
      write(fresh ? [requested, ...next.events] : next.events);
    } catch (error) {
      if (fresh) throw error;
      return giveUp(error);
    }
    run = next.run;
    for (const command of next.commands) perform(command);
    const due = Object.values(run.nodes).flatMap((node) => (node.status === 'retrying' && node.retryAt !== null ? [Date.parse(node.retryAt)] : []));
    if (due.length > 0 && running(run).length === 0) timers.set('retry', Math.min(...due) - instant().at, () => step([]));
    if (!isTerminal(run.status)) return;
    if (lease !== null) return;
    timers.clear();
    finish();
  };

  const stop = (): void => {
    lease?.send({ kind: 'cancel', runId: id });
    if (!timers.has('cancel')) timers.set('cancel', CANCEL_MS, () => lease?.kill());
  };

  const expire = (ms: number, node: NodeId | null): void => {
    const what = node === null ? 'The run' : `"${node}"`;
    timedOut = { node, error: { code: 'timeout', message: `${what} was not done after ${ms} ms.`, remedy: 'Allow it more time, or give it less to do.', ...(node === null ? {} : { place: node }) } };
    if (running(run).length > 0) stop();
    else step([], (state) => abandon(state, timedOut?.error ?? { code: 'timeout', message: what }));
  };

  const perform = (command: Command): void => {
    switch (command.kind) {
      case 'Begin': {
        const { memoryLimitMb, threads, outputs, scratch } = world.job;
        lease?.send({
          kind: 'open',
          job: { runId: id, requestedAt: run.requestedAt, graph: prepared.graph, plan: { segments: prepared.plan.segments, skipped: prepared.plan.skipped }, memoryLimitMb: prepared.memoryLimitMb ?? memoryLimitMb(), threads, outputs, past: [], diverted: [], scratch },
        });
        if (prepared.timeoutMs !== undefined) timers.set('run', prepared.timeoutMs, () => expire(prepared.timeoutMs ?? 0, null));
        return;
      }
      case 'StartSegment': {
        lease?.send({ kind: 'segment', runId: id, segment: command.segment, attempt: command.attempt });
        const { timeout } = command;
        if (timeout !== null) timers.set('segment', timeout.ms, () => expire(timeout.ms, timeout.node));
        return;
      }
      case 'StopSegment':
        return stop();
      case 'Divert':
        return lease?.send({ kind: 'divert', runId: id, node: command.node, error: command.error });
      case 'Skip':
      case 'ScheduleRetry':
      case 'Pause':
      case 'Resume':
      case 'Reuse':
      case 'Complete':
      case 'Fail':
      case 'Cancel':
        return;
      default:
        return assertNever(command);
    }
  };

  /** The segment that goes has ended without success: told so by its worker (`told`), or because its worker is gone. */
  const unsuccessful = (told: (FromWorker & { kind: 'failed' }) | null, how: string): void => {
    timers.drop('segment');
    timers.drop('cancel');
    const expired = timedOut;
    timedOut = null;
    if (run.cancelRequested && (told === null || told.error.code === 'cancelled')) return step(stoppedFacts(run, stamp));
    if (expired !== null && (told === null || told.error.code === 'cancelled')) {
      const facts = failedFacts(run, expired.node ?? running(run)[0]?.id ?? ('' as NodeId), told?.durationMs ?? 0, expired.error, stamp);
      return expired.node === null || told === null ? step(facts, (state) => abandon(state, expired.error)) : step(facts);
    }
    if (told !== null) {
      log([{ node: told.node, at: instant().at, level: 'error', text: errorSentence(told.error), attempt: told.attempt, version: run.version }]);
      return step(failedFacts(run, told.node, told.durationMs, told.error, stamp));
    }
    const facts = lostFacts(run, how, stamp);
    if (facts.length > 0) return step(facts);
    step([], (state) => abandon(state, { code: 'worker_lost', message: `The process that held this run ended (${how}).`, remedy: 'Run it again.' }));
  };

  const done = (told: FromWorker & { kind: 'done' }): void => {
    timers.drop('segment');
    timers.drop('cancel');
    const expired = timedOut;
    timedOut = null;
    step(doneFacts(run, told, stamp), expired?.node === null ? (state) => abandon(state, expired.error) : undefined);
  };

  const attemptOf = (node: NodeId): number | null => run.nodes[node]?.attempts.at(-1)?.attempt ?? null;

  const isCurrent = (message: { readonly segment: string; readonly attempt: number }): boolean =>
    !isTerminal(run.status) && running(run).some((node) => node.segment === message.segment && node.attempts.at(-1)?.attempt === message.attempt);

  const message = (said: FromWorker): void => {
    if (over || !('runId' in said) || said.runId !== id) return;
    switch (said.kind) {
      case 'progress':
        if (!isTerminal(run.status)) tell({ kind: 'progress', segment: said.segment, fraction: said.fraction, nodes: said.nodes.map((node) => ({ ...node, rowsOut: { ...node.rowsOut } })) });
        return;
      case 'console': {
        const { at } = instant();
        return log(said.lines.map((text) => ({ node: said.node, at, level: 'info', text, attempt: attemptOf(said.node), version: run.version })));
      }
      case 'done':
        if (!isCurrent(said)) return;
        return done(said);
      case 'failed':
        return isCurrent(said) ? unsuccessful(said, '') : undefined;
      case 'sample':
        world.samples.add(id, said.node, said.port, said.sample);
        return tell({ kind: 'sample', node: said.node, port: said.port });
      case 'closed':
        return finish();
      case 'intend':
      case 'opened':
        return;
      default:
        return assertNever(said);
    }
  };

  /** Whatever goes wrong in here is this run's end, not the studio's. */
  const guarded = <A extends readonly unknown[]>(action: (...args: A) => void) => (...args: A): void => {
    if (over) return;
    try {
      action(...args);
    } catch (error) {
      giveUp(error);
    }
  };

  const live: LiveRun = {
    id,
    workflowId: begun.workflowId,
    priority: begun.priority,
    limit: null,
    run: () => run,
    closed,
    request: () => write([requested]),
    begin(taken) {
      lease = taken;
      lease.hold({
        message: guarded(message),
        lost: guarded((how: string) => {
          lease = null;
          if (isTerminal(run.status)) return finish();
          world.clean(prepared.graph, run);
          unsuccessful(null, how);
        }),
      });
      step([]);
    },
    cancel: guarded((by: string) => {
      if (isTerminal(run.status) || run.cancelRequested) return;
      step([{ type: 'WorkflowCancelRequested', data: { by }, ...stamp() }]);
    }),
    listen: audience.add,
  };
  return live;
}
