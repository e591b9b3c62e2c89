import type { ScheduleView } from '#shared/contract/schedules';
import type { RunRow } from '#shared/contract/runs';
import type { SchedulerSummary } from '../studio-types.ts';
import type { Core } from './core.ts';
import type { Live } from './live.ts';
import { firesLeft } from './next.ts';

const median = (numbers: readonly number[]): number | null => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
};

/** How many of a workflow's last runs say how long it takes. */
const LAST_RUNS = 20;

/** Clocks are set back by a little now and then. */
const SET_BACK_MS = 60 * 60 * 1000;

/** The lines of the Schedules place. */
export function views(core: Core): readonly ScheduleView[] {
  const lastRuns = core.lives.size === 0 ? {} : core.options.journal.lastRuns(LAST_RUNS);
  return [...core.lives.values()].map((live) => viewOf(core, live, lastRuns[live.state.workflowId] ?? []));
}

function viewOf(core: Core, live: Live, runs: readonly RunRow[]): ScheduleView {
  const { id, workflowId, workflowName, definition, paused, buffered, fires, lastFired } = live.state;
  const all = core.allPaused ? core.options.settings.get().schedulesPaused : null;
  const next = core.halted(live) ? null : core.nextOf(live);
  const statusOfLast = lastFired === null ? null : (runs.find((run) => run.id === lastFired.runId)?.status ?? core.options.journal.run(lastFired.runId)?.status ?? null);
  return {
    id,
    workflowId,
    workflowName,
    definition,
    status: statusOf(core, live),
    paused: paused ?? (all === null ? null : { by: 'all', note: all.note, at: all.at }),
    next: next?.at ?? null,
    nextNominal: next?.nominal ?? null,
    buffered: buffered.length,
    active: [...live.active.keys()],
    fires,
    lastFired: lastFired === null ? null : { ...lastFired, status: statusOfLast },
    expectedMs: median(runs.flatMap((run) => (run.status === 'completed' && run.durationMs !== null ? [run.durationMs] : []))),
    problem: live.trouble ?? live.watching?.problem() ?? live.problem ?? setBack(core, live),
  };
}

/** A cursor in the future: so far on has the clock been once. */
function setBack({ options }: Core, { state }: Live): string | null {
  if (state.cursor <= options.clock() + SET_BACK_MS) return null;
  return `The clock was set back: all times until ${new Date(state.cursor).toISOString()} count as settled, and nothing starts before. Give the schedule another key to begin anew.`;
}

function statusOf(core: Core, live: Live): ScheduleView['status'] {
  const { definition } = live.state;
  if (!definition.enabled) return 'disabled';
  if (live.state.paused !== null || core.allPaused) return 'paused';
  if (live.active.size > 0) return 'running';
  if (definition.times.kind === 'manual') return 'manual';
  return isInForce(core, live) ? 'scheduled' : 'done';
}

/** Will it start something by itself? */
function isInForce(core: Core, live: Live): boolean {
  if (core.halted(live)) return false;
  const { kind } = live.state.definition.times;
  return core.nextOf(live) !== null || live.state.buffered.length > 0 || (kind === 'watch' && live.watching !== null && firesLeft(live.state) > 0) || (kind === 'delay' && live.active.size > 0);
}

/** What a tray shows. */
export function summaryOf(core: Core): SchedulerSummary {
  let next: SchedulerSummary['next'] = null;
  let scheduled = 0;
  for (const live of core.lives.values()) {
    if (!isInForce(core, live)) continue;
    scheduled += 1;
    const at = core.nextOf(live)?.at;
    if (at !== undefined && (next === null || at < next.at)) next = { scheduleId: live.state.id, workflowName: live.state.workflowName, at };
  }
  return { next, allPaused: core.allPaused, scheduled };
}
