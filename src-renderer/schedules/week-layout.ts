import { offsetAt } from '#shared/schedule/zone';
import type { DayItems, Item } from './day-items.ts';
import { intoLanes } from './lanes.ts';

const HOUR = 3_600_000;
export const HOUR_PX = 44;
const MOST_LANES = 2;
/** As tall as a line of text. */
const LEAST_MS = (17 / HOUR_PX) * HOUR;
/** What finds no room stands at the right edge, where it covers no bar. */
const ROOM = 0.8;
const SLOT_MS = HOUR / 2;

interface Bar {
  readonly item: Item;
  readonly from: number;
  readonly to: number;
}

/** Where an entry stands in its day's column: pixels from the top, parts of the width. */
interface Box {
  readonly top: number;
  readonly height: number;
  readonly left: number;
  readonly width: number;
}
interface DayLayout {
  /** `narrow`: another stands beside it. */
  readonly bars: readonly (Box & { readonly item: Item; readonly narrow: boolean })[];
  /** What found no room: so many around that time. */
  readonly more: readonly (Box & { readonly count: number })[];
}

const px = (ms: number): number => (ms / HOUR) * HOUR_PX;

/** Where the clock of the zone stands at an instant, in ms after the day's midnight. */
export const wallOf = (zone: string, { day }: Pick<DayItems, 'day'>, at: number): number => Math.max(0, Math.min(24 * HOUR, at + offsetAt(zone, at) - day.wall));

const height = (from: number, to: number): number => Math.max(px(LEAST_MS), px(to - from));
const top = (from: number, tall: number): number => Math.min(px(from), 24 * HOUR_PX - tall);
const endOf = (item: Item): number => (item.kind === 'planned' ? item.until - item.at : item.row.lastNominalTime - item.at);

/** Lays out a day on a column of 24 wall-clock hours. Never more boxes than slots times lanes, however much is planned. */
export function layOut(zone: string, one: DayItems): DayLayout {
  const bars: Bar[] = one.items.map((item) => {
    const from = wallOf(zone, one, item.at);
    return { item, from, to: Math.min(24 * HOUR, from + endOf(item)) };
  });
  const { placed, overflow } = intoLanes(
    bars.toSorted((a, b) => a.from - b.from),
    MOST_LANES,
    LEAST_MS,
    SLOT_MS,
  );
  return {
    bars: placed.map(({ item: bar, lane, lanes, crowded }) => {
      const room = crowded ? ROOM : 1;
      const tall = height(bar.from, bar.to);
      return { item: bar.item, narrow: lanes > 1, top: top(bar.from, tall), height: tall, left: (lane / lanes) * room, width: room / lanes };
    }),
    more: overflow.map(({ from, items }) => ({ count: items.length, top: top(from, px(LEAST_MS)), height: px(LEAST_MS), left: ROOM, width: 1 - ROOM })),
  };
}
