/**
 * Works on items, at most `most` at once, and gives the results in the items' order. The first failure ends it, and
 * what still runs then is left to whoever started it. No more than `most` results wait for one that is slow.
 */
export async function* ordered<T, R>(items: AsyncIterable<T>, most: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (let open = true; open || running.length > 0; ) {
      while (open && running.length < most) {
        const next = await iterator.next();
        if (next.done === true) open = false;
        else {
          const task = work(next.value);
          // It is awaited in its turn; until then its failure has nobody.
          task.catch(() => undefined);
          running.push(task);
        }
      }
      const first = running.shift();
      if (first !== undefined) yield await first;
    }
  } finally {
    await iterator.return?.();
  }
}
