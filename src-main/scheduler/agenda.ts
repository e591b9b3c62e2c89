import TinyQueue from 'tinyqueue';
import type { Live } from './live.ts';

interface Entry {
  readonly at: number;
  readonly live: Live;
  readonly stamp: number;
}

/** When which schedule is to be looked at. Taking one off costs nothing: its entry is passed over when its turn comes. */
export interface Agenda {
  /** Null: not at all. */
  put(live: Live, at: number | null): void;
  /** The instant of the first one. */
  first(): number | null;
  /** All whose time has come, in order; they are off the agenda then. */
  take(now: number): readonly Live[];
}

export function createAgenda(): Agenda {
  const queue = new TinyQueue<Entry>([], (a, b) => a.at - b.at);
  const top = (): Entry | undefined => {
    for (let entry = queue.peek(); entry !== undefined; entry = queue.peek()) {
      if (entry.stamp === entry.live.stamp) return entry;
      queue.pop();
    }
    return undefined;
  };
  return {
    put(live, at) {
      if (live.at === at) return;
      live.at = at;
      live.stamp += 1;
      if (at !== null) queue.push({ at, live, stamp: live.stamp });
    },
    first: () => top()?.at ?? null,
    take(now) {
      const due: Live[] = [];
      for (let entry = top(); entry !== undefined && entry.at <= now; entry = top()) {
        queue.pop();
        entry.live.at = null;
        due.push(entry.live);
      }
      return due;
    },
  };
}
