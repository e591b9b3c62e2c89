/**
 * Ends the waiting of an iterator when the run is cancelled, even if the node itself never looks at its signal. Not by a race against one
 * promise for all: that one would hold every batch until it is settled.
 */
export async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  let stop: ((reason: unknown) => void) | null = null;
  const onAbort = (): void => stop?.(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        stop = reject;
        if (signal.aborted) onAbort();
        else iterator.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    const closing = iterator.return?.();
    if (!signal.aborted) await closing;
    else closing?.catch(() => undefined);
  }
}
