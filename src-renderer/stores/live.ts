import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { LogLine, NodeProgress, RunUpdate } from '#shared/contract/runs';
import { assertNever } from '#shared/errors';
import type { SkipReason } from '#shared/events';
import { evolve } from '#shared/run/evolve';
import { isTerminal, rowsOutTotal } from '#shared/run/run';
import type { NodeStatus, Run } from '#shared/run/run';

/** Console lines a window keeps of a run it watches. */
export const CONSOLE_LIMIT = 5000;

/** A run as it is being watched: the fold of its events, and what is never journalled. */
export interface LiveState {
  readonly runId: string | null;
  readonly run: Run | null;
  readonly progress: Readonly<Record<string, NodeProgress>>;
  /** How much of each running segment is done, 0 to 1. */
  readonly fractions: Readonly<Record<string, number>>;
  readonly console: readonly LogLine[];
  /** `node:port` of samples that can be fetched. */
  readonly samples: ReadonlySet<string>;
  /** Between the request to start and the first event. */
  readonly starting: boolean;
}
export type Live = StoreApi<LiveState>;

export const noRun: LiveState = { runId: null, run: null, progress: {}, fractions: {}, console: [], samples: new Set(), starting: false };

/** A place for one run to be watched in. */
export const createLive = (): Live => createStore<LiveState>(() => noRun);

/** Folds one update in. Pure. */
export function follows(state: LiveState, update: RunUpdate): LiveState {
  switch (update.kind) {
    case 'event':
      return { ...state, run: evolve(state.run, update.event), starting: false };
    case 'progress':
      return {
        ...state,
        progress: { ...state.progress, ...Object.fromEntries(update.nodes.map((node) => [node.node, node])) },
        fractions: update.fraction === null ? state.fractions : { ...state.fractions, [update.segment]: update.fraction },
      };
    case 'console':
      return { ...state, console: [...state.console, ...update.lines].slice(-CONSOLE_LIMIT) };
    case 'sample':
      return { ...state, samples: new Set([...state.samples, `${update.node}:${update.port}`]) };
    default:
      return assertNever(update);
  }
}

/** Is a run on its way? One that stands still is: it goes on, or waits for an answer. */
export const isActive = (state: LiveState): boolean => state.starting || (state.run !== null && !isTerminal(state.run.status));

/** Milliseconds a run was worked on until `now`; the time it stands still doesn't count. Of a queued one, how long it has waited. */
export function runClock(run: Run, now: number): number {
  if (run.durationMs !== null) return run.durationMs;
  if (run.startedAt === null) return Math.max(0, now - run.requestedAt);
  return run.workedMs + (run.status === 'running' ? Math.max(0, now - (run.resumedAt ?? run.startedAt)) : 0);
}

/** What a node's card shows of a run. */
export interface NodeLive {
  readonly status: NodeStatus;
  readonly rowsIn: number;
  readonly rowsOut: number;
  /** By output port. */
  readonly ports: Readonly<Record<string, number>>;
  readonly estimated: boolean;
  readonly rate: number | null;
  /** 0 to 1 while it is known how far the node's segment is. */
  readonly fraction: number | null;
  readonly durationMs: number | null;
  readonly error: string | null;
  /** Of the try that runs or is waited for; 1 is the first. */
  readonly attempt: number;
  /** When it is tried again, in milliseconds since the epoch. */
  readonly retryAt: number | null;
  /** It did not run: what it gave in an earlier run stands. */
  readonly reused: boolean;
  /** Why it did not run. */
  readonly skipped: SkipReason['kind'] | null;
  /** It failed, and its failure went on through its error port. */
  readonly diverted: boolean;
  /** It had begun before it was skipped: the run was stopped under it. */
  readonly stopped: boolean;
}

const seen = new WeakMap<object, { readonly progress: NodeProgress | undefined; readonly fraction: number | undefined; readonly waits: boolean; readonly live: NodeLive }>();

/** A node of the watched run; the same object for as long as nothing about the node has changed, so that only its card is drawn anew. */
export function nodeLive(state: LiveState, node: string): NodeLive | null {
  const run = state.run?.nodes[node];
  if (run === undefined) return null;
  const running = run.status === 'running';
  const progress = running ? state.progress[node] : undefined;
  const fraction = running && run.segment !== null ? state.fractions[run.segment] : undefined;
  // It was stopped with a node of its query that is tried again, and so will it be.
  const waits = run.skipped?.kind === 'segmentFailed' && state.run?.nodes[run.skipped.node]?.status === 'retrying';
  const known = seen.get(run);
  if (known !== undefined && known.progress === progress && known.fraction === fraction && known.waits === waits) return known.live;
  const ports = progress?.rowsOut ?? run.rowsOut;
  const live: NodeLive = {
    status: waits ? 'pending' : run.status,
    rowsIn: progress?.rowsIn ?? run.rowsIn,
    rowsOut: progress === undefined ? rowsOutTotal(run) : Object.values(ports).reduce((sum, rows) => sum + rows, 0),
    ports,
    estimated: progress?.estimated ?? false,
    rate: progress?.rowsPerSecond ?? null,
    // Some origins can't say how far they are: that looks like nothing at all.
    fraction: fraction === undefined || fraction === 0 ? null : fraction,
    durationMs: run.durationMs,
    error: run.error?.message ?? null,
    attempt: run.attempts.length + (running ? 0 : 1),
    retryAt: run.retryAt === null ? null : Date.parse(run.retryAt),
    reused: run.reusedFrom !== null,
    skipped: run.skipped?.kind ?? null,
    diverted: run.diverted,
    stopped: run.status === 'skipped' && !waits && run.attempts.length > 0,
  };
  seen.set(run, { progress, fraction, waits, live });
  return live;
}
