/** A place in a ring. It is in one ring at most. */
export interface Link<T> {
  readonly item: T;
  before: Link<T> | null;
  after: Link<T> | null;
}

/** Things in a row: taken from the front, put to the back, taken out anywhere, each in constant time however many there are. */
export interface Ring<T> {
  push(item: T): Link<T>;
  /** What was taken out already must not be taken out again. */
  drop(link: Link<T>): void;
  readonly first: T | undefined;
  readonly size: number;
}

export function createRing<T>(): Ring<T> {
  let front: Link<T> | null = null;
  let back: Link<T> | null = null;
  let size = 0;
  return {
    push(item) {
      const link: Link<T> = { item, before: back, after: null };
      if (back === null) front = link;
      else back.after = link;
      back = link;
      size += 1;
      return link;
    },
    drop(link) {
      if (link.before === null) front = link.after;
      else link.before.after = link.after;
      if (link.after === null) back = link.before;
      else link.after.before = link.before;
      size -= 1;
    },
    get first() {
      return front?.item;
    },
    get size() {
      return size;
    },
  };
}
