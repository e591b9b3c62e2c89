/** Does a piece of work a few milliseconds at a time, so that the window draws in between. `turn` calls back after the next frame could be drawn. */
export function inSlices<T>(work: Generator<undefined, T>, done: (result: T) => void, budgetMs: number, clock: () => number, turn: (then: () => void) => void): () => void {
  let stopped = false;
  const go = (): void => {
    if (stopped) return;
    const end = clock() + budgetMs;
    do {
      const step = work.next();
      if (step.done === true) return done(step.value);
    } while (clock() < end);
    turn(go);
  };
  turn(go);
  return () => {
    stopped = true;
  };
}
