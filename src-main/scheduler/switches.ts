import type { MissedReason } from '#shared/events';
import type { ScheduleId } from '#shared/ids';
import { known } from './asks.ts';
import type { Holding } from './away.ts';
import type { Core, Fact } from './core.ts';
import type { Live } from './live.ts';
import { firesLeft } from './next.ts';
import { allMissed } from './settle.ts';
import { passedOf } from './turn.ts';

/** What is to be written of all that has passed until now and is not settled, before something about the schedule changes: none of it runs. `otherwise`: why, where nobody had overlooked it. */
export async function passedFacts(core: Core, live: Live, otherwise: MissedReason): Promise<readonly Fact[]> {
  // It has no runs left to give: its times are nobody's any more.
  if (firesLeft(live.state) === 0) return [];
  const now = core.options.clock();
  const passed = allMissed(await passedOf(core, live, { now, observedAt: live.observedAt ?? now, undue: true }));
  if (passed === null) return [];
  const reason = core.halted(live) ? 'paused' : (live.held?.reason ?? live.changed?.unseen ?? live.unseen ?? otherwise);
  return [{ type: 'OccurrenceMissed', data: { nominalTime: passed.first, lastNominalTime: passed.last, count: passed.count, reason, cursor: passed.last } }];
}

export interface Switches {
  pause(ids: readonly ScheduleId[], note: string): Promise<void>;
  resume(ids: readonly ScheduleId[]): Promise<void>;
  pauseAll(note: string): Promise<void>;
  resumeAll(): Promise<void>;
  /** All go on because the setting says so: writes down what passed, where `resumeAll` has not done so itself. */
  goOn(): Promise<void>;
}

/** So many share a commit; then others have their turn. */
const SHARED = 200;

/** Pauses and resumes. What passed before a pause is settled as missed with it, and what passed during one is when it ends. */
export function createSwitches(core: Core, holding: Holding, seen: (live: Live) => Promise<string | null>): Switches {
  const { journal, settings, clock, breathe } = core.options;

  /** Writes for each schedule what `facts` says; one that somebody else changed meanwhile is asked again. */
  const each = async (lives: readonly Live[], facts: (live: Live) => Promise<readonly Fact[]>): Promise<void> => {
    for (let from = 0; from < lives.length; from += SHARED) {
      let open = lives.slice(from, from + SHARED);
      while (open.length > 0) {
        const found: { readonly live: Live; readonly state: Live['state']; readonly facts: readonly Fact[] }[] = [];
        for (const live of open) found.push({ live, state: live.state, facts: await facts(live) });
        open = found.filter((one) => one.live.state !== one.state && !one.live.state.deleted).map((one) => one.live);
        const sound = found.filter((one) => one.live.state === one.state);
        journal.atomic(() => sound.forEach((one) => core.write(one.state, one.facts)));
        for (const { live } of sound) {
          holding.drop(live);
          live.observedAt = null;
          live.unseen = null;
          live.changed = null;
        }
      }
      await breathe();
    }
  };

  const resumed = async (live: Live, by: 'person' | 'all'): Promise<readonly Fact[]> => {
    const found = await seen(live);
    const passed = await passedFacts(core, live, 'paused');
    return [...passed, { type: 'ScheduleResumed', data: { by, cursor: clock(), ...(found === null ? {} : { seen: found }) } }];
  };

  const resumeEach = (): Promise<void> => each([...core.lives.values()].filter((live) => live.state.paused === null && live.state.definition.enabled), (live) => resumed(live, 'all'));
  let isResumed = false;

  return {
    async pause(ids, note) {
      const lives = ids.map((id) => known(core, id)).filter((live) => live.state.paused === null);
      await each(lives, async (live) => {
        const passed = core.halted(live) ? [] : await passedFacts(core, live, 'paused');
        const waiting = live.state.buffered.map(({ nominalTime }): Fact => ({ type: 'OccurrenceSkipped', data: { nominalTime, reason: 'paused', cursor: live.state.cursor } }));
        return live.state.paused !== null ? [] : [...passed, { type: 'SchedulePaused', data: { by: 'person', note } }, ...waiting];
      });
    },
    async resume(ids) {
      const lives = ids.map((id) => known(core, id)).filter((live) => live.state.paused !== null);
      await each(lives, async (live) => (live.state.paused === null ? [] : resumed(live, 'person')));
    },
    async pauseAll(note) {
      if (core.allPaused) return;
      await each([...core.lives.values()].filter((live) => live.held !== null || live.state.buffered.length > 0), async (live) => {
        const passed = core.halted(live) ? [] : await passedFacts(core, live, 'paused');
        return [...passed, ...live.state.buffered.map(({ nominalTime }): Fact => ({ type: 'OccurrenceSkipped', data: { nominalTime, reason: 'paused', cursor: live.state.cursor } }))];
      });
      await settings.save({ schedulesPaused: { note, at: clock() } });
    },
    async resumeAll() {
      if (!core.allPaused) return;
      // The cursors first: should the process end in between, all is still paused.
      await resumeEach();
      isResumed = true;
      try {
        await settings.save({ schedulesPaused: null });
      } finally {
        isResumed = false;
      }
    },
    goOn: () => (isResumed ? Promise.resolve() : resumeEach()),
  };
}
