import type { StudioEvent } from '#shared/events';

type Listener = (events: readonly StudioEvent[]) => void;

export interface Listeners {
  readonly add: (listener: Listener) => () => void;
  readonly tell: (events: readonly StudioEvent[]) => void;
}

/** Whoever wants to know what was written. One that throws is reported and keeps nobody else, nor the append that has happened, from going on. */
export function createListeners(): Listeners {
  const listeners = new Set<Listener>();
  return {
    add(listener) {
      const own: Listener = (events) => listener(events);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    tell(events) {
      for (const listener of listeners) {
        try {
          listener(events);
        } catch (thrown) {
          process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
        }
      }
    },
  };
}
