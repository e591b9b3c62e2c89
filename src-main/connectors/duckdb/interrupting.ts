import type { DuckDBConnection } from '@duckdb/node-api';

/** An interrupt between two statements is forgotten, so it is said again until somebody listens. */
const EVERY_MS = 50;

/** Interrupts what the connection does from the signal on, also where it has been given already. Throws its reason then; the answer ends the watch. */
export function interrupting(connection: DuckDBConnection, signal: AbortSignal): () => void {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    connection.interrupt();
    timer = setInterval(() => connection.interrupt(), EVERY_MS);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return () => {
    clearInterval(timer);
    signal.removeEventListener('abort', onAbort);
  };
}
