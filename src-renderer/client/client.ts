import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#shared/contract';
import { asStudioError, connectStudio } from './link.ts';

export type StudioClient = ContractRouterClient<Contract>;

/** The studio's calls, typed by the contract. */
export const createClient = (): StudioClient => createORPCClient(connectStudio());

/** The window's one client. Calls made before the pipe stands wait for it. */
export const client: StudioClient = createClient();

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });

interface Following<T> {
  readonly onValue: (value: T) => void;
  /** Before each (re)opening: forget what came before, the stream starts again. */
  readonly onStart?: () => void;
  /** The stream ended by itself. Without `forever` it is not opened again. */
  readonly onEnd?: () => void;
  /** Return true to give up; otherwise it is opened again after a pause. */
  readonly onError?: (thrown: unknown) => boolean;
  /** Open again after a normal end too: for feeds that have none. */
  readonly forever?: boolean;
}

/** Reads a stream of the contract until it ends or is stopped, and opens it again when the pipe breaks. Returns the stop. */
export function follow<T>(open: (signal: AbortSignal) => Promise<AsyncIterable<T>>, following: Following<T>): () => void {
  const stop = new AbortController();
  const read = async (): Promise<void> => {
    let waits = 250;
    while (!stop.signal.aborted) {
      try {
        following.onStart?.();
        for await (const value of await open(stop.signal)) {
          if (stop.signal.aborted) return;
          waits = 250;
          following.onValue(value);
        }
        if (following.forever !== true) return following.onEnd?.();
      } catch (thrown) {
        if (stop.signal.aborted || following.onError?.(asStudioError(thrown)) === true) return;
      }
      await pause(waits, stop.signal);
      waits = Math.min(waits * 2, 5000);
    }
  };
  void read();
  return () => stop.abort();
}
