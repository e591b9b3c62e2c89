import type { StudioError } from '#shared/errors';
import type { Journal } from '../journal/journal.ts';
import type { LiveRun } from './live-run.ts';

/** Requests of runs that wait for a worker. Those of one moment share a commit: hundreds at once would otherwise cost as many. */
export interface Requests {
  /** Resolves when the request is durable. Rejects when the journal did not take it. */
  write(live: LiveRun): Promise<void>;
  readonly size: number;
}

/** Requests that share a commit at most: then others have their turn. */
const SHARED = 32;

/** `refused` tells why nothing is written any more; `accept` is called for each that is durable, `then` after each commit. */
export function createRequests(journal: Journal, refused: () => StudioError | null, accept: (live: LiveRun) => void, then: () => void): Requests {
  const waiting: { readonly live: LiveRun; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];

  const commit = (): void => {
    const some = waiting.splice(0, SHARED);
    if (waiting.length > 0) setImmediate(commit);
    const settled: (() => void)[] = [];
    try {
      const reason = refused();
      if (reason !== null) throw reason;
      journal.together(() => {
        for (const { live, resolve, reject } of some) {
          try {
            live.request();
            settled.push(() => {
              accept(live);
              resolve();
            });
          } catch (error) {
            settled.push(() => reject(error));
          }
        }
      });
    } catch (error) {
      for (const { reject } of some) reject(error);
      return;
    }
    for (const settle of settled) settle();
    then();
  };

  return {
    write: (live) =>
      new Promise((resolve, reject) => {
        if (waiting.push({ live, resolve, reject }) === 1) setImmediate(commit);
      }),
    get size() {
      return waiting.length;
    },
  };
}
