/** Runs that wait for a worker. Turns go round the workflows, oldest first within each: one with a thousand runs does not starve the rest. */
export interface Queue<T> {
  push(key: string, item: T): void;
  shift(): T | undefined;
  remove(item: T): boolean;
  readonly size: number;
}

export function createQueue<T>(): Queue<T> {
  /** In the order of their turns: a key whose item was taken goes to the back. */
  const lines = new Map<string, T[]>();
  let size = 0;
  return {
    push(key, item) {
      const line = lines.get(key);
      if (line === undefined) lines.set(key, [item]);
      else line.push(item);
      size += 1;
    },
    shift() {
      const [first] = lines;
      if (first === undefined) return undefined;
      const [key, line] = first;
      const item = line.shift();
      lines.delete(key);
      if (line.length > 0) lines.set(key, line);
      size -= 1;
      return item;
    },
    remove(item) {
      for (const [key, line] of lines) {
        const at = line.indexOf(item);
        if (at < 0) continue;
        line.splice(at, 1);
        if (line.length === 0) lines.delete(key);
        size -= 1;
        return true;
      }
      return false;
    },
    get size() {
      return size;
    },
  };
}
