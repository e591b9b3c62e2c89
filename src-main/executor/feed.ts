/** A line from one who tells to one who listens: what is pushed is kept until it is read. */
export interface Feed<T> extends AsyncIterable<T> {
  push(item: T): void;
  /** What was pushed before is still read. */
  end(): void;
  fail(error: unknown): void;
}

/** `onStop` is called once, when the reader goes away or everything has been read. Aborting `signal` ends the reading at once. */
export function createFeed<T>(onStop: () => void, signal?: AbortSignal): Feed<T> {
  let waiting: T[] = [];
  let ended: { readonly error?: unknown } | null = null;
  let wake: (() => void) | null = null;
  const stir = (): void => {
    wake?.();
    wake = null;
  };
  async function* read(): AsyncGenerator<T> {
    signal?.addEventListener('abort', stir);
    try {
      for (;;) {
        if (signal?.aborted === true) return;
        if (waiting.length > 0) {
          const batch = waiting;
          waiting = [];
          yield* batch;
        } else if (ended !== null) {
          if ('error' in ended) throw ended.error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      signal?.removeEventListener('abort', stir);
      onStop();
    }
  }
  return {
    push(item) {
      if (ended !== null) return;
      waiting.push(item);
      stir();
    },
    end() {
      ended ??= {};
      stir();
    },
    fail(error) {
      ended ??= { error };
      stir();
    },
    [Symbol.asyncIterator]: read,
  };
}
