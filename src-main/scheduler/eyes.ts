import { dirname, resolve } from 'node:path';
import type { ScheduleDefinition } from '#shared/schedule/schedule';
import type { WorkflowId } from '#shared/ids';
import type { Core } from './core.ts';
import type { Live } from './live.ts';
import { aboutOf, openWatching, seenAt } from './watching.ts';

/** Opens and closes the eyes of the watches as their definitions say. */
export interface Eyes {
  /** Has a schedule the eye it is to have, and no other? */
  fit(live: Live): void;
  /** What a definition's watch would find now; null for other kinds and where it can't be read. */
  seen(definition: ScheduleDefinition, workflowPath: string | null): Promise<string | null>;
}

export interface EyesParts {
  readonly pathOf: (workflow: WorkflowId) => string | null;
  /** A watch has noticed something. */
  readonly noticed: (live: Live) => void;
  readonly told: () => void;
  /** Has nobody looked since the process began? */
  readonly starting: () => boolean;
}

const placeOf = (path: string, workflowPath: string | null): string => (workflowPath === null ? path : resolve(dirname(workflowPath), path));

export function createEyes(core: Core, { pathOf, noticed, told, starting }: EyesParts): Eyes {
  const { clock, timers } = core.options;
  const notice = (live: Live, seen: string, first: boolean): void => {
    const { times } = live.state.definition;
    const now = clock();
    if (times.kind !== 'watch' || now < (times.startAt ?? now) || now > (times.endAt ?? now)) return;
    // Whole ms, and never a time that is settled.
    const at = live.changed?.at ?? Math.max(Math.floor(now), live.state.cursor + 1);
    live.changed = { at, seen, unseen: live.changed === null ? (first ? 'notRunning' : null) : live.changed.unseen };
    noticed(live);
  };
  return {
    fit(live) {
      const { deleted, definition, workflowId, seen } = live.state;
      const { times } = definition;
      if (times.kind !== 'watch' && live.watching === null) return;
      const isOpen = !deleted && !core.closing && definition.enabled && times.kind === 'watch';
      const path = isOpen ? placeOf(times.path, pathOf(workflowId)) : null;
      const about = isOpen && path !== null ? aboutOf(path, times) : null;
      if ((live.watching?.about ?? null) === about) return;
      void live.watching?.close();
      live.watching = null;
      live.changed = null;
      if (!isOpen || path === null) return;
      const isStart = starting();
      live.watching = openWatching({ path, times, seen, timers, onChange: (now, first) => notice(live, now, first && isStart), onProblem: told });
    },
    seen: (definition, workflowPath) => (definition.times.kind === 'watch' && definition.enabled ? seenAt(placeOf(definition.times.path, workflowPath), definition.times) : Promise.resolve(null)),
  };
}
