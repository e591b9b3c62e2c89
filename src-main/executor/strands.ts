import type { RunId } from '#shared/ids';

/** Runs whose events the journal did not take: they are taken up again, and again, until it does. */
export interface Strands {
  add(id: RunId): void;
  close(): void;
}

/** The first try, and what the wait grows to at the most, in milliseconds. A full disk is rarely emptied within a second. */
const SOON_MS = 500;
const LATE_MS = 60_000;

/** `again` takes a run up from what is in the journal; a run that is stranded once more is added once more. */
export function createStrands(again: (id: RunId) => void): Strands {
  const waiting = new Set<RunId>();
  let timer: NodeJS.Timeout | undefined;
  let wait = SOON_MS;
  const retry = (): void => {
    timer = undefined;
    const some = [...waiting];
    waiting.clear();
    for (const id of some) {
      try {
        again(id);
      } catch {
        waiting.add(id);
      }
    }
    wait = waiting.size === 0 ? SOON_MS : Math.min(wait * 2, LATE_MS);
    schedule();
  };
  const schedule = (): void => {
    if (waiting.size > 0) timer ??= setTimeout(retry, wait).unref();
  };
  return {
    add(id) {
      waiting.add(id);
      schedule();
    },
    close: () => clearTimeout(timer),
  };
}
