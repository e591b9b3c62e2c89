import type { StudioError } from '#shared/errors';
import type { Journal } from '../journal/journal.ts';

/** Appends that share commits with others of the same moment: hundreds at once would otherwise cost as many waits for the disk. */
export interface Commits {
  /** `append` is called within the next commit; `done` when that is durable, `failed` when the journal did not take it. */
  add(append: () => void, done: () => void, failed: (error: unknown) => void): void;
  /** Commits all that waits, now. */
  flush(): void;
  readonly size: number;
}

/** Appends that share a commit at most: then others have their turn. */
const SHARED = 32;

/**
 * `refused` tells why nothing is written any more; `then` is called after each commit; `patience` is how many milliseconds an append may
 * wait for company (0: until the end of this turn).
 */
export function createCommits(journal: Journal, refused: () => StudioError | null, then: () => void, patience: () => number = () => 0): Commits {
  const waiting: { readonly append: () => void; readonly done: () => void; readonly failed: (error: unknown) => void }[] = [];

  let timer: NodeJS.Timeout | undefined;
  let soon = false;
  const schedule = (): void => {
    const ms = waiting.length < SHARED ? patience() : 0;
    if (ms > 0) timer ??= setTimeout(commit, ms);
    else if (!soon) {
      soon = true;
      setImmediate(commit);
    }
  };

  function commit(): void {
    clearTimeout(timer);
    timer = undefined;
    soon = false;
    const some = waiting.splice(0, SHARED);
    if (some.length === 0) return;
    if (waiting.length > 0) schedule();
    const settled: (() => void)[] = [];
    try {
      const reason = refused();
      if (reason !== null) throw reason;
      journal.together(() => {
        for (const { append, done, failed } of some) {
          try {
            append();
            settled.push(done);
          } catch (error) {
            settled.push(() => failed(error));
          }
        }
      });
    } catch (error) {
      for (const { failed } of some) failed(error);
      return;
    }
    for (const settle of settled) settle();
    then();
  }

  return {
    add(append, done, failed) {
      waiting.push({ append, done, failed });
      schedule();
    },
    flush() {
      while (waiting.length > 0) commit();
    },
    get size() {
      return waiting.length;
    },
  };
}
