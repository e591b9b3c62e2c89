/** Lets at most `most` pieces of work go on at once; the others wait in a line. */
export function createLimit(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const line: (() => void)[] = [];
  let going = 0;
  return async (work) => {
    if (going >= most) await new Promise<void>((resolve) => line.push(resolve));
    else going += 1;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next === undefined) going -= 1;
      else next();
    }
  };
}
