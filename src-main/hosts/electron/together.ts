export interface Together {
  /** Something has changed: `act` is called within `ms`, once for all that changes until then. */
  readonly soon: () => void;
  readonly stop: () => void;
}

/** Lets changes that come together be answered together, `ms` after the first of them. */
export function together(ms: number, act: () => void): Together {
  let timer: ReturnType<typeof setTimeout> | null = null;
  return {
    soon: () => {
      timer ??= setTimeout(() => {
        timer = null;
        act();
      }, ms);
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
