import type { StudioEvent } from '#shared/events';

type Listener = (events: readonly StudioEvent[]) => void;

export interface Listeners {
  readonly add: (listener: Listener) => () => void;
  readonly tell: (events: readonly StudioEvent[]) => void;
  /** What is told during `work` is heard after it, and not at all when it throws; within another `hold`, after that one. */
  readonly hold: <T>(work: () => T) => T;
}

/** Whoever wants to know what was written. One that throws is reported and keeps nobody else, nor the append that has happened, from going on. */
export function createListeners(): Listeners {
  const listeners = new Set<Listener>();
  let held: (readonly StudioEvent[])[] | null = null;
  const tell = (events: readonly StudioEvent[]): void => {
    if (held !== null) {
      held.push(events);
      return;
    }
    for (const listener of listeners) {
      try {
        listener(events);
      } catch (thrown) {
        process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
      }
    }
  };
  return {
    add(listener) {
      const own: Listener = (events) => listener(events);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    hold(work) {
      const outer = held;
      const waiting: (readonly StudioEvent[])[] = [];
      held = waiting;
      let done: ReturnType<typeof work>;
      try {
        done = work();
      } finally {
        held = outer;
      }
      for (const events of waiting) tell(events);
      return done;
    },
    tell,
  };
}
