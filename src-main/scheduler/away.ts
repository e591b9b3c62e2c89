import type { Away, AwayChoice, AwaySchedule } from '#shared/contract/schedules';
import type { Core } from './core.ts';
import type { Live } from './live.ts';

/** What was missed while nobody was there, held until a person has decided or the time for it is over. */
export interface Holding {
  /** Takes it; false where nobody is to be asked. `since`: when the time began that nobody saw. */
  hold(live: Live): boolean;
  drop(live: Live): void;
  view(): Away | null;
  /** Ms until the policies decide; null while nothing is held. */
  until(): number | null;
  /** Hands out all that is held, each with what was decided on it. */
  release(choices: Readonly<Record<string, AwayChoice>>): readonly Live[];
}

const SHOWN = 100;
const CHOICE_OF = { skip: 'skip', last: 'latest', all: 'run' } as const;

export function createHolding({ options }: Core, since: () => number): Holding {
  const { clock, steady, askMissedMs } = options;
  const held = new Set<Live>();
  let begun = { since: 0, until: 0, deadline: 0, steadyDeadline: 0 };
  return {
    hold(live) {
      if (askMissedMs <= 0) return false;
      const now = clock();
      if (held.size === 0) begun = { since: since(), until: now, deadline: now + askMissedMs, steadyDeadline: steady() + askMissedMs };
      held.add(live);
      return true;
    },
    drop(live) {
      held.delete(live);
      live.held = null;
    },
    view() {
      const schedules = [...held].flatMap(awaySchedule).toSorted((a, b) => a.first - b.first);
      return schedules.length === 0 ? null : { since: Math.min(begun.since, ...schedules.map((one) => one.first)), until: begun.until, deadline: begun.deadline, schedules };
    },
    until: () => (held.size === 0 ? null : Math.max(0, begun.steadyDeadline - steady())),
    release(choices) {
      const all = [...held];
      held.clear();
      for (const live of all) {
        live.held = null;
        live.decided = choices[live.state.id] ?? 'policy';
      }
      return all;
    },
  };
}

function awaySchedule({ state, held }: Live): readonly AwaySchedule[] {
  if (held === null) return [];
  const { tooOld, late } = held.passed;
  const { times, policy, label } = state.definition;
  const [oldest, newest] = [late?.oldest ?? [], late?.newest ?? []];
  const shown = newest.slice(-SHOWN);
  const firstOfShown = shown[0] ?? Number.POSITIVE_INFINITY;
  const listed = [...oldest.filter((at) => at < firstOfShown), ...shown];
  const first = tooOld?.first ?? late?.first;
  const last = late?.last ?? tooOld?.last;
  if (first === undefined || last === undefined) return [];
  return [
    {
      scheduleId: state.id,
      workflowId: state.workflowId,
      workflowName: state.workflowName,
      label,
      timeZone: times.kind === 'once' || times.kind === 'manual' ? 'UTC' : times.timeZone,
      reason: held.reason,
      count: (tooOld?.count ?? 0) + (late?.count ?? 0),
      times: listed,
      first,
      last,
      tooOld: tooOld?.count ?? 0,
      policy: CHOICE_OF[policy.misfire],
    },
  ];
}
