import type { LibraryEntry } from '#shared/contract/workflows';

export type SortKey = 'name' | 'lastRun' | 'modified';
export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

const lastRunAt = (entry: LibraryEntry): number => entry.lastRuns[0]?.requestedAt ?? 0;

/** The entries that a search and a tag leave, in order. Every word has to be found in the name, description, tags or path. */
export function arrange(entries: readonly LibraryEntry[], search: string, tag: string | null, sorting: Sorting, compare: (a: string, b: string) => number): LibraryEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter((entry) => {
    if (tag !== null && !entry.tags.includes(tag)) return false;
    const text = [entry.name, entry.description, entry.path, ...entry.tags].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const orders: Readonly<Record<SortKey, (a: LibraryEntry, b: LibraryEntry) => number>> = {
    name: (a, b) => compare(a.name, b.name),
    lastRun: (a, b) => lastRunAt(a) - lastRunAt(b) || compare(b.name, a.name),
    modified: (a, b) => a.modifiedAt - b.modifiedAt,
  };
  const order = orders[sorting.key];
  return found.toSorted((a, b) => (sorting.descending ? order(b, a) : order(a, b)));
}
