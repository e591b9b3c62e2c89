import type { RunUpdate } from '#shared/contract/runs';

/** Somebody who watches a run. */
export interface Listener {
  push(update: RunUpdate): void;
  end(): void;
  fail(error: unknown): void;
}

/** Those who watch a run. What is told while it is held is told in its turn: nobody hears of an end that is not durable yet. */
export interface Audience {
  readonly add: (listener: Listener) => () => void;
  readonly tell: (update: RunUpdate) => void;
  readonly hold: () => void;
  /** Tells `first`, then what was held back. */
  readonly release: (first: readonly RunUpdate[]) => void;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
}

export function createAudience(): Audience {
  const listeners = new Set<Listener>();
  let held: RunUpdate[] | null = null;
  const tell = (update: RunUpdate): void => {
    if (held !== null) held.push(update);
    else for (const listener of listeners) listener.push(update);
  };
  return {
    tell,
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hold: () => void (held ??= []),
    release(first) {
      const late = held ?? [];
      held = null;
      for (const update of [...first, ...late]) tell(update);
    },
    end() {
      for (const listener of listeners) listener.end();
    },
    fail(error) {
      for (const listener of listeners) listener.fail(error);
    },
  };
}
