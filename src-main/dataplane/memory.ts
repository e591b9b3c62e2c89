/** What a worker remembers between runs, the least recently used forgotten first. It holds answers, never rows. */
export interface Memory {
  /** The value of `key`, made anew when it is unknown or was made under another stamp. A failure is not remembered. */
  remember<T>(key: string, stamp: string, make: () => Promise<T>): Promise<T>;
}

/** `capacity` is a number of entries. */
export function createMemory(capacity = 5000): Memory {
  const kept = new Map<string, { readonly stamp: string; readonly value: unknown }>();
  return {
    async remember<T>(key: string, stamp: string, make: () => Promise<T>): Promise<T> {
      const known = kept.get(key);
      if (known !== undefined && known.stamp === stamp) {
        kept.delete(key);
        kept.set(key, known);
        return known.value as T;
      }
      const value = await make();
      kept.delete(key);
      kept.set(key, { stamp, value });
      const [oldest] = kept.keys();
      if (kept.size > capacity && oldest !== undefined) kept.delete(oldest);
      return value;
    },
  };
}
