import { setTimeout as pause } from 'node:timers/promises';
import { StudioError } from '#shared/errors';
import type { Doing } from './faults.ts';
import { explainKafka, isPassing } from './faults.ts';

/** How long to go on after a fault that may pass, and whom to tell. */
export interface Patience {
  readonly ms: number;
  readonly signal: AbortSignal;
  readonly steady: () => number;
  readonly say: (line: string) => void;
}

const [FIRST_MS, LONGEST_MS] = [100, 2000];

/** A row of tries that belong together: each success starts the patience anew. */
export interface Tries {
  /** Does it, and does it again after a wait that doubles, until it succeeds. Throws a sentence when patience is over, at once where waiting can't help. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
}

export function createTries(patience: Patience, doing: Doing): Tries {
  const { signal, steady, say } = patience;
  return {
    async attempt(work) {
      let since: number | null = null;
      for (let tries = 0; ; tries += 1) {
        signal.throwIfAborted();
        try {
          return await work();
        } catch (error) {
          signal.throwIfAborted();
          if (!isPassing(error)) throw explainKafka(error, doing);
          const now = steady();
          since ??= now;
          const { code, message, place, remedy, detail } = explainKafka(error, doing);
          if (now - since >= patience.ms) throw new StudioError(code, patience.ms === 0 ? message : `${message} It was tried again for ${Math.round((now - since) / 100) / 10} s.`, { ...(place === undefined ? {} : { place }), ...(remedy === undefined ? {} : { remedy }), ...(detail === undefined ? {} : { detail }) });
          if (tries === 0) say(`${message} Trying again for up to ${patience.ms / 1000} s.`);
          await pause(Math.min(FIRST_MS * 2 ** tries, LONGEST_MS, Math.max(1, patience.ms - (now - since))), undefined, { signal }).catch(() => signal.throwIfAborted());
        }
      }
    },
  };
}
