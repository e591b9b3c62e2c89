/** Something with a place in time, from <= t < to. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where a bar stands beside those that overlap it: in which of how many lanes. */
export interface Placed<T> {
  readonly item: T;
  readonly lane: number;
  readonly lanes: number;
  /** Beside it stands what found no lane. */
  readonly crowded: boolean;
}

/** What found no lane: so many, begun within one slot of time. */
export interface Overflow<T> {
  readonly from: number;
  readonly items: readonly T[];
}

/**
 * Puts bars that overlap beside each other, at most `most` of them; the rest is gathered in slots of `slotMs`. Items come in the order of
 * `from`; a bar counts as `leastMs` long at least, so that a short one is not drawn over by the next.
 */
export function intoLanes<T extends Span>(items: readonly T[], most: number, leastMs: number, slotMs: number): { readonly placed: readonly Placed<T>[]; readonly overflow: readonly Overflow<T>[] } {
  const placed: Placed<T>[] = [];
  const overflow: { from: number; items: T[] }[] = [];
  let group: { item: T; lane: number }[] = [];
  let ends: number[] = [];
  let crowded = false;
  const flush = (): void => {
    placed.push(...group.map((one) => ({ ...one, lanes: ends.length, crowded })));
    group = [];
    crowded = false;
    ends = [];
  };
  for (const item of items) {
    if (ends.every((end) => end <= item.from)) flush();
    const free = ends.findIndex((end) => end <= item.from);
    const lane = free >= 0 ? free : ends.length;
    if (lane >= most) {
      crowded = true;
      const slot = Math.floor(item.from / slotMs) * slotMs;
      const last = overflow.at(-1);
      if (last !== undefined && Math.floor(last.from / slotMs) * slotMs === slot) last.items.push(item);
      else overflow.push({ from: item.from, items: [item] });
      continue;
    }
    ends[lane] = Math.max(item.to, item.from + leastMs);
    group.push({ item, lane });
  }
  flush();
  return { placed, overflow };
}
