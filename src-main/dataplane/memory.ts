import { shortHash } from './files.ts';

/** What a worker remembers between runs, the least recently used forgotten first. It holds answers, never rows. */
export interface Memory {
  /** The value of `key`, made anew when it is unknown or was made under another stamp. A failure is not remembered. */
  remember<T>(key: string, stamp: string, make: () => Promise<T>): Promise<T>;
}

/** Longer keys, such as whole statements, are kept as their hash. */
const LONGEST = 60;

/** `capacity` is a number of entries: as many as a run of thousands of nodes asks for, some four of each. */
export function createMemory(capacity = 40_000): Memory {
  const kept = new Map<string, { readonly stamp: string; readonly value: unknown }>();
  return {
    async remember<T>(asked: string, stamp: string, make: () => Promise<T>): Promise<T> {
      const key = asked.length > LONGEST ? shortHash(asked) : asked;
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
