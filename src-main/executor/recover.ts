import type { NewEvent } from '#shared/events';
import { runStream } from '#shared/events';
import type { RunId } from '#shared/ids';
import { toErrorInfo } from '#shared/errors';
import { replay } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { isTerminal } from '#shared/run/run';
import { Workflow } from '#shared/workflow/workflow';
import { abandon } from '../engine/decide.ts';
import { record } from '../engine/record.ts';
import type { Journal } from '../journal/journal.ts';
import { lostFacts, running, stampOf } from './facts.ts';
import { cancelled } from './interruption.ts';
import { createLiveRun, CRASHED } from './live-run.ts';
import type { Prepare, Prepared } from './prepare.ts';
import type { Delay } from './run-clock.ts';
import type { LiveRun, World } from './world.ts';

/** Workflows of found runs whose plans are remembered: many runs are of few. */
const KEPT = 64;

/** Takes up runs that the journal has and nobody holds. */
export interface Adopting {
  /** Null where there is no such run, or it has ended, also just now: one that can't be understood any more ends as failed. Throws when the journal does. */
  adopt(id: RunId): LiveRun | null;
}

export function createAdopting(journal: Journal, prepare: Prepare, folder: () => string, world: World): Adopting {
  const kept = new Map<string, Prepared>();
  const preparedOf = (run: Run): Prepared => {
    const key = JSON.stringify([run.revision, run.folder, run.scope]);
    const found = kept.get(key) ?? prepare({ workflow: Workflow.parse(run.workflow), folder: run.folder ?? folder(), scope: run.scope });
    kept.delete(key);
    kept.set(key, found);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return found;
  };
  return {
    adopt(id) {
      const run = journal.run(id);
      if (run === null || isTerminal(run.status)) return null;
      let prepared: Prepared;
      try {
        prepared = preparedOf(run);
      } catch (error) {
        giveUp(journal, run, error, world);
        return null;
      }
      // One copy of the workflow is enough for all its runs.
      return createLiveRun({ run: { ...run, workflow: prepared.json }, requested: null, prepared, delays: delaysOf(journal, run), workedMs: run.status === 'running' ? workedMs(journal, run, prepared.timeoutMs) : 0 }, world);
    },
  };
}

/** What is left of a run's retries is at most their whole delay. */
function delaysOf(journal: Journal, run: Run): readonly Delay[] {
  const waiting = new Set(Object.values(run.nodes).flatMap((node) => (node.status === 'retrying' ? [node.id] : [])));
  if (waiting.size === 0) return [];
  const last = new Map<string, Delay>();
  for (const event of journal.read(runStream(run.id))) if (event.type === 'NodeRetryScheduled') last.set(event.data.node, event.data);
  return [...waiting].flatMap((node) => last.get(node) ?? []);
}

/**
 * How long a run was worked on that its process said nothing of: as long as its events reach. Where that is longer than its timeout left,
 * the wall clock has jumped, because that went by another one and had not come: then nothing is known.
 */
function workedMs(journal: Journal, run: Run, timeoutMs = Number.POSITIVE_INFINITY): number {
  const last = journal.read(runStream(run.id), run.version - 1)[0]?.at;
  const ms = last === undefined || run.resumedAt === null ? 0 : Math.max(0, last - run.resumedAt);
  return ms < timeoutMs - run.workedMs ? ms : 0;
}

/** Ends a run whose workflow can't be read or run any more, with that as the reason. */
function giveUp(journal: Journal, run: Run, error: unknown, world: World): void {
  const now = world.instant();
  const stamp = stampOf(() => now);
  const facts: readonly NewEvent[] = run.status === 'running' ? [...lostFacts(running(run), CRASHED, stamp), { type: 'WorkflowInterrupted', data: { reason: CRASHED, workedMs: workedMs(journal, run) }, ...stamp() }] : [];
  const found = replay(facts, run) ?? run;
  const info = toErrorInfo(error);
  const commands = run.cancelRequested ? cancelled(found) : abandon(found, { ...info, message: `It can't go on: ${info.message}` });
  journal.append(runStream(run.id), run.version, [...facts, ...commands.flatMap((command) => record(command, found, { ...now, elapsedMs: found.workedMs }))]);
}

/** Runs taken up before the studio is open, so that the most urgent come first; and how many at a time afterwards. */
const FIRST = 64;
const SLICE = 16;

/**
 * Takes up all that is unfinished: the first ones at once, the rest little by little while the studio works already. `take` answers null
 * for a run that has ended, and never throws. Returns the way to stop.
 */
export function takeUp(unfinished: readonly RunId[], take: (id: RunId) => LiveRun | null): () => void {
  let stopped = false;
  const some = (from: number, count: number): void => {
    const found = unfinished.slice(from, from + count).flatMap((id) => take(id) ?? []);
    for (const live of found.toSorted((a, b) => b.priority - a.priority)) live.recover();
    if (from + count >= unfinished.length) return;
    setImmediate(() => {
      if (!stopped) some(from + count, SLICE);
    });
  };
  some(0, FIRST);
  return () => {
    stopped = true;
  };
}
