/** What keeps appends together that are all written or not at all: see Journal.atomic. */
export interface Unit {
  readonly going: boolean;
  /** Runs `work`. What failed in it is thrown at its end, also where somebody in between has caught it. */
  run<T>(work: () => T): T;
  /** Runs a part of the unit that is going, if one is: when the part fails, so does all of it. */
  part<T>(work: () => T): T;
}

export function createUnit(): Unit {
  let failures: unknown[] | null = null;
  return {
    get going() {
      return failures !== null;
    },
    run(work) {
      const own: unknown[] = [];
      failures = own;
      try {
        const done = work();
        if (own.length > 0) throw own[0];
        return done;
      } finally {
        failures = null;
      }
    },
    part(work) {
      try {
        return work();
      } catch (thrown) {
        failures?.push(thrown);
        throw thrown;
      }
    },
  };
}
