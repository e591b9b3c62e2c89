import type { Core } from './core.ts';
import type { Live } from './live.ts';
import { headOf } from './turn.ts';

/** Between two starts of what was missed. */
const STAGGER_MS = 1000;

/** Gives what was missed its turn: in nominal order, one at a time a workflow, a second between two starts. */
export interface CatchUp {
  /** The schedule whose turn it is now, if it is any's. */
  grant(): Live | null;
  /** How many ms until the next turn; null where nothing waits for it. */
  until(): number | null;
}

export function createCatchUp(core: Core): CatchUp {
  const { steady } = core.options;
  let next = Number.NEGATIVE_INFINITY;

  const headOfLate = (live: Live): number | null => {
    const head = live.turn === null && live.retryAt === null ? headOf(core, live) : null;
    return head === null || head.how === 'buffered' || head.how === 'onTime' ? null : head.nominalTime;
  };
  /** Runs that were to start in parallel with others hold up nothing. */
  const isBusy = (workflowId: string): boolean =>
    core.siblings(workflowId).some((live) => live.mayCatchUp || [...live.active.values()].some((how) => how !== 'onTime' || live.state.definition.policy.overlap !== 'allowAll'));

  return {
    grant() {
      if (core.waiting.size === 0 || steady() < next) return null;
      const late = [...core.waiting].flatMap((live) => {
        const nominal = headOfLate(live);
        return nominal === null ? [] : [{ live, nominal }];
      });
      late.sort((a, b) => a.nominal - b.nominal);
      const first = late.find(({ live }) => !isBusy(live.state.workflowId));
      if (first === undefined) return null;
      first.live.mayCatchUp = true;
      next = steady() + STAGGER_MS;
      return first.live;
    },
    until: () => (core.waiting.size === 0 || steady() >= next ? null : next - steady()),
  };
}
