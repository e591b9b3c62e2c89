/**
 * Turns a subscription into a stream that ends when `signal` does and then unsubscribes. What waits for a slow reader is kept once a
 * key, the newest: so it never grows past the number of things that exist.
 */
export async function* latest<T>(
  subscribe: (listener: (value: T) => void) => () => void,
  keyOf: (value: T) => string,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void> {
  const waiting = new Map<string, T>();
  let wake = Promise.withResolvers<void>();
  const onAbort = (): void => wake.resolve();
  const goesOn = async (): Promise<boolean> => {
    if (waiting.size > 0) return true;
    await wake.promise;
    wake = Promise.withResolvers<void>();
    return signal?.aborted !== true;
  };
  const stop = subscribe((value) => {
    const key = keyOf(value);
    waiting.delete(key);
    waiting.set(key, value);
    wake.resolve();
  });
  signal?.addEventListener('abort', onAbort);
  try {
    for (let open = signal?.aborted !== true; open; open = await goesOn()) {
      for (const [key, value] of waiting) {
        waiting.delete(key);
        yield value;
      }
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop();
  }
}
