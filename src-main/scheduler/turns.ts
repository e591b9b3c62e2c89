import { errorSentence, toErrorInfo } from '#shared/errors';
import type { Core } from './core.ts';
import { createLimit } from './limit.ts';
import type { Live } from './live.ts';
import { look } from './turn.ts';
import type { Around } from './turn.ts';

/** The first and the longest wait after the journal could not be written. */
const RETRY_MS = [500, 60_000] as const;
/** Schedules that start something at once: their requests share commits. */
const AT_ONCE = 32;

/** Has schedules looked at, each by one turn at a time; what could not be written is tried again. `after` is called at the end of each turn. */
export function createTurns(core: Core, around: Around, after: (live: Live) => void): { readonly wake: (live: Live) => Promise<void> } {
  const { clock, breathe } = core.options;
  const limit = createLimit(AT_ONCE);

  /** False where it has to be looked at again, since somebody else wrote meanwhile. */
  const failed = (live: Live, before: Live['state'], thrown: unknown): boolean => {
    const error = toErrorInfo(thrown);
    if (error.code === 'conflict') {
      core.reload(live);
      if (live.state !== before) return false;
    }
    const trouble = errorSentence(error);
    if (live.trouble === null) process.emitWarning(`The schedule ${live.state.id} could not go on, and is tried again. ${trouble}`);
    live.trouble = trouble;
    live.retryAt = clock() + Math.min(RETRY_MS[0] * 2 ** live.tries, RETRY_MS[1]);
    live.tries += 1;
    return true;
  };

  const goOn = async (live: Live): Promise<void> => {
    do {
      live.again = false;
      // Not before whoever has woken it, the journal's listener perhaps, is done.
      await Promise.resolve();
      const { state } = live;
      try {
        await look(core, live, around);
        live.tries = 0;
        live.retryAt = null;
        live.trouble = null;
      } catch (thrown) {
        live.again = !failed(live, state, thrown);
      }
      if (live.again) await breathe();
    } while (live.again && !core.closing && !live.state.deleted);
  };

  return {
    wake(live) {
      if (live.turn !== null) {
        live.again = true;
        return live.turn;
      }
      if (core.closing) return Promise.resolve();
      const turn = async (): Promise<void> => {
        await limit(() => goOn(live));
        live.turn = null;
        after(live);
      };
      live.turn = turn();
      return live.turn;
    },
  };
}
