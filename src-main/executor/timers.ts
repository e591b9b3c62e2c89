/** A run's timers by name: setting one again replaces it, and all are gone at once when the run ends. */
export interface Timers {
  set(name: string, ms: number, then: () => void): void;
  has(name: string): boolean;
  drop(name: string): void;
  clear(): void;
}

/** The longest that a timer of the platform can wait; a longer wait is woken early and finds that it is not due. */
const LONGEST_MS = 2 ** 31 - 1;

export function createTimers(): Timers {
  const going = new Map<string, NodeJS.Timeout>();
  const drop = (name: string): void => {
    clearTimeout(going.get(name));
    going.delete(name);
  };
  return {
    set(name, ms, then) {
      drop(name);
      const timer = setTimeout(
        () => {
          going.delete(name);
          then();
        },
        Math.min(Math.max(0, ms), LONGEST_MS),
      );
      going.set(name, timer);
    },
    has: (name) => going.has(name),
    drop,
    clear() {
      for (const name of going.keys()) drop(name);
    },
  };
}
