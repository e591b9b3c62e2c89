import { CANCELLED } from './output.ts';

/** One Ctrl+C may come twice, from the terminal and from npm: within this time, in milliseconds, it is the same. */
const SAME_MS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `cancel` at the first signal; a second one leaves at once. Returns the way to stop listening. */
export function onSignals(cancel: (signal: string) => void): () => void {
  let askedAt: number | null = null;
  const heard = (signal: NodeJS.Signals): void => {
    if (askedAt !== null && performance.now() - askedAt > SAME_MS) process.exit(CANCELLED);
    if (askedAt !== null) return;
    askedAt = performance.now();
    cancel(signal);
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  return () => {
    for (const signal of SIGNALS) process.off(signal, heard);
  };
}

/** Waits for `work`, but no longer than until a signal comes: then it is left as it is. */
export async function orSignal(work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const drop = onSignals(() => resolve());
  try {
    await Promise.race([work, promise]);
  } finally {
    drop();
  }
}
