import type { Journal } from '../journal/journal.ts';

/** What the process of a life can't do any more once it is dead. */
export class Dead extends Error {}

/** Kills the process in the midst of the nth thing that it writes: before it, after it, or after the transaction around it. */
export interface Doom {
  readonly nth: number;
  readonly side: 'before' | 'after' | 'committed';
}

/** The journal as a process has it: it dies with it. */
export function mortal(journal: Journal, state: { dead: boolean; doom: Doom | null }): Journal {
  let [written, depth] = [0, 0];
  const die = (): never => {
    state.dead = true;
    throw new Dead('The process is gone.');
  };
  const alive = (): void => {
    if (state.dead) die();
  };
  const struck = (side: Doom['side']): boolean => state.doom !== null && state.doom.side === side && written >= state.doom.nth;
  const around = <T>(work: () => T): T => {
    depth += 1;
    try {
      return work();
    } finally {
      depth -= 1;
    }
  };
  return {
    ...journal,
    append(...args) {
      alive();
      written += 1;
      if (struck('before')) die();
      const result = journal.append(...args);
      if (struck('after') || (depth === 0 && struck('committed'))) die();
      return result;
    },
    atomic(work) {
      alive();
      const result = around(() => journal.atomic(work));
      if (depth === 0 && struck('committed')) die();
      return result;
    },
    together(work) {
      alive();
      const result = around(() => journal.together(work));
      if (depth === 0 && struck('committed')) die();
      return result;
    },
    subscribe: (listener) => journal.subscribe((events) => (state.dead ? undefined : listener(events))),
  };
}
