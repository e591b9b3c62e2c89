import { isTimed } from '#shared/schedule/schedule';
import type { SchedulePolicy } from '#shared/schedule/schedule';
import { isSpent } from '#shared/schedule/state';
import type { Buffered } from '#shared/schedule/state';
import type { Core, Fact } from './core.ts';
import { fire } from './fire.ts';
import type { Held, Live } from './live.ts';
import { dueAt, firesLeft } from './next.ts';
import { decideOverlap } from './overlap.ts';
import { byPolicy, createSieve, passedSince, settlement } from './settle.ts';
import type { Look, Passed, Treatment } from './settle.ts';

/** What a turn asks of those around it. */
export interface Around {
  /** Has the library been looked at? What was missed is settled only then. */
  synced(): boolean;
  /** Does the host say that the machine sleeps? */
  asleep(): boolean;
  /** Takes what was missed for a person to decide; false: the policy decides. */
  hold(live: Live, held: Held): boolean;
}

/**
 * One look at a schedule: what has come due is settled, what waited starts where it may. Throws where the journal can't be written: then
 * nothing is lost, and the next look finds it again.
 */
export async function look(core: Core, live: Live, around: Around): Promise<void> {
  if (core.closing || live.state.deleted) return;
  try {
    if (live.failure !== null) pauseAfterFailure(core, live);
    if (core.halted(live)) {
      live.observedAt = null;
      skipWaiting(core, live, (one) => one.how !== 'asked', 'paused');
    } else if (live.held === null && !around.asleep()) await settle(core, live, around);
    await startWaiting(core, live);
  } finally {
    live.mayCatchUp = false;
  }
}

function pauseAfterFailure(core: Core, live: Live): void {
  const { state, failure } = live;
  if (failure !== null && state.definition.policy.pauseOnFailure && state.paused === null) core.write(state, [{ type: 'SchedulePaused', data: { by: 'failure', note: failure } }]);
  live.failure = null;
}

/** Writes down that occurrences no longer wait. */
function skipWaiting(core: Core, live: Live, which: (one: Buffered) => boolean, reason: 'paused' | 'misfire', detail?: string): void {
  const { state } = live;
  core.write(state, state.buffered.filter(which).map(({ nominalTime }): Fact => ({ type: 'OccurrenceSkipped', data: { nominalTime, reason, cursor: state.cursor, ...(detail === undefined ? {} : { detail }) } })));
}

/** What has come due of a schedule of any kind, until now. */
export async function passedOf(core: Core, live: Live, at: Look): Promise<Passed> {
  const { state } = live;
  const { times, policy } = state.definition;
  if (isTimed(times)) return passedSince(state, times, at, core.options.breathe);
  const sieve = createSieve(policy, at);
  const next = core.nextOf(live);
  if (next !== null) sieve.add(next.nominal, at.undue === true ? next.nominal : next.at);
  // Noticed only now, whenever it came about: late, since nobody saw it.
  if (live.changed !== null) sieve.add(live.changed.at, live.changed.unseen !== null ? Number.NEGATIVE_INFINITY : at.undue === true ? live.changed.at : dueAt(state, live.changed.at));
  return sieve.passed();
}

async function settle(core: Core, live: Live, around: Around): Promise<void> {
  const now = core.options.clock();
  const { state } = live;
  const next = core.nextOf(live);
  const changed = live.changed !== null && firesLeft(state) > 0 && dueAt(state, live.changed.at) <= now ? live.changed : null;
  if (changed === null && (next === null || next.at > now)) {
    live.observedAt = null;
    live.unseen = null;
    live.decided = null;
    if (firesLeft(state) === 0) live.changed = null;
    return;
  }
  live.observedAt ??= now;
  const passed = await passedOf(core, live, { now, observedAt: live.observedAt });
  if (live.state !== state || core.closing || core.halted(live)) return void (live.again = true);
  const reason = changed?.unseen ?? live.unseen ?? 'misfire';
  const isMissed = passed.late !== null || passed.tooOld !== null;
  if (isMissed && !around.synced()) return;
  if (isMissed && live.decided === null && around.hold(live, { passed, reason })) return;
  const { kind } = state.definition.times;
  // Of a delay one occurrence stands out at a time: with it, all until now is settled.
  const cursorAt = (nominal: number): number => (kind === 'delay' ? Math.max(nominal, now) : nominal);
  const { said, onTime } = settlement(state, passed, treatment(live, reason), cursorAt);
  const seen = live.changed?.seen;
  core.write(state, seen === undefined ? said : said.map((one): Fact => ({ ...one, data: { ...one.data, seen } }) as Fact));
  live.decided = null;
  live.unseen = null;
  if (said.length > 0) seenUntil(core, live, seen);
  // Until all is settled, what was seen in time stays in time.
  if (await runOnTime(core, live, onTime, seen)) live.observedAt = null;
  else live.again = true;
}

/** What a watch had noticed until then is settled. What it has noticed since is another occurrence. */
function seenUntil(core: Core, live: Live, seen: string | undefined): void {
  if (live.changed === null || seen === undefined) return;
  live.changed = live.changed.seen === seen ? null : { at: Math.max(Math.floor(core.options.clock()), live.state.cursor + 1), seen: live.changed.seen, unseen: null };
}

const CHOSEN: Readonly<Record<'run' | 'latest' | 'skip', SchedulePolicy['misfire']>> = { run: 'all', latest: 'last', skip: 'skip' };

function treatment({ state, decided }: Live, reason: Treatment['reason']): Treatment {
  if (decided === null || decided === 'policy') return byPolicy(state.definition.policy, reason);
  return { misfire: CHOSEN[decided], most: Number.POSITIVE_INFINITY, how: 'asked', reason };
}

/** Occurrences whose time has come, one after the other: each as what runs and waits by then allows. False where it has to be looked at again. */
async function runOnTime(core: Core, live: Live, onTime: readonly number[], seen?: string): Promise<boolean> {
  const withSeen = seen === undefined ? {} : { seen };
  for (const nominalTime of onTime) {
    const { state } = live;
    if (core.closing || core.halted(live) || firesLeft(state) === 0) return true;
    const { overlap } = state.definition.policy;
    const decision = decideOverlap(overlap, { active: live.active.size, buffered: state.buffered });
    if (decision.kind === 'start') await fire(core, live, { nominalTime, how: 'onTime', cursor: nominalTime, ...withSeen });
    else if (decision.kind === 'skip') core.write(state, [{ type: 'OccurrenceSkipped', data: { nominalTime, reason: 'overlap', cursor: nominalTime, ...withSeen } }]);
    else {
      const drop = decision.kind === 'replace' ? decision.drop : [];
      core.write(state, [
        ...drop.map((dropped): Fact => ({ type: 'OccurrenceSkipped', data: { nominalTime: dropped, reason: 'overlap', cursor: state.cursor } })),
        { type: 'OccurrenceBuffered', data: { nominalTime, how: 'buffered', cursor: nominalTime, ...withSeen } },
      ]);
    }
    // Somebody else wrote first: the next look decides anew.
    if (live.state.cursor < nominalTime) return false;
    seenUntil(core, live, seen);
  }
  return true;
}

/** The one that waits for the earliest nominal time; of a schedule that is paused, only what a person has asked for. */
export function headOf(core: Core, live: Live): Buffered | null {
  const halted = core.halted(live);
  return live.state.buffered.reduce<Buffered | null>((first, one) => ((halted && one.how !== 'asked') || (first !== null && first.nominalTime <= one.nominalTime) ? first : one), null);
}

/** Starts the first of what waits: at once where it waited for its own schedule's run, in its turn where it was missed. */
async function startWaiting(core: Core, live: Live): Promise<void> {
  if (isSpent(live.state) && live.state.buffered.length > 0) skipWaiting(core, live, () => true, 'misfire', 'The schedule had no runs left.');
  const head = headOf(core, live);
  if (head === null || core.closing) return;
  const { nominalTime, how } = head;
  if (how === 'buffered' || how === 'onTime') {
    if (live.active.size === 0) await fire(core, live, { nominalTime, how: 'buffered', cursor: live.state.cursor });
    else if (live.state.definition.policy.overlap === 'cancelOther') for (const run of live.active.keys()) await core.options.executor.cancel(run, 'schedule');
    return;
  }
  if (live.mayCatchUp) await fire(core, live, { nominalTime, how, cursor: live.state.cursor });
}
