import { NodeId } from '#shared/ids';

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');

/** `base`, or `base-2`, `base-3` …: the first that nobody has taken. Pure, so that a paste gives the same ids twice. */
export function freshId(taken: ReadonlySet<string>, base: string): string {
  const stem = slug(base) || 'node';
  if (!taken.has(stem)) return stem;
  for (let count = 2; ; count += 1) {
    const id = `${stem}-${count}`;
    if (!taken.has(id)) return id;
  }
}

/** A node's new id from its type: `csv`, `condition`, `condition-2`. Ids stand in files, so they are words. */
export const freshNodeId = (taken: ReadonlySet<string>, nodeType: string): NodeId => NodeId.parse(freshId(taken, nodeType.split('.').at(-1) ?? nodeType));

/** The number that a copy's id goes on from: `sum-3` copies as `sum-4`, not as `sum-3-2`. */
export const stemOf = (id: string): string => id.replace(/-\d+$/, '');
