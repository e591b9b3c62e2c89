import { expect, it } from 'vitest';
import { dayItems } from './day-items.ts';
import type { DayItems } from './day-items.ts';
import { clockChanges, daysFrom } from './days.ts';
import { pastOf } from './past.ts';
import type { Planned } from './plan.ts';
import { aSchedule } from './schedule.testing.ts';
import { HOUR_PX, layOut, wallOf } from './week-layout.ts';

const zone = 'Europe/Zurich';
const MIN = 60_000;
const schedule = aSchedule('a');
const run = (at: number, minutes: number): Planned => ({ kind: 'planned', schedule, at, until: at + minutes * MIN, dst: null });

function theDay(text: string, planned: (from: number) => readonly Planned[]): DayItems {
  const days = daysFrom(zone, Date.parse(`${text}T00:00Z`), 1);
  const from = days[0]?.from ?? 0;
  const [one] = dayItems(days, { days: [{ planned: planned(from), bands: [] }], collisions: [] }, pastOf([], days), clockChanges([zone], from, days[0]?.to ?? 0), from + MIN);
  if (one === undefined) throw new Error('There is one day.');
  return one;
}

it('stands where the clock stands, also after it was moved', () => {
  const spring = theDay('2027-03-28', (from) => [run(from + 60 * MIN, 60), run(from + 120 * MIN, 60)]);
  // One hour after midnight it is 1:00, two hours after it is 3:00.
  expect(layOut(zone, spring).bars.map(({ top, height }) => [top / HOUR_PX, height / HOUR_PX])).toEqual([[1, 1], [3, 1]]);
  expect(spring.clock).toHaveLength(1);
  const autumn = theDay('2026-10-25', () => []);
  expect([2, 3, 4].map((hours) => wallOf(zone, autumn, autumn.day.from + hours * 60 * MIN) / (60 * MIN))).toEqual([2, 2, 3]);
});

it('draws a short run as tall as a line, and none over the end of the day', () => {
  const { bars } = layOut(zone, theDay('2026-11-25', (from) => [run(from, 0), run(from + 23.9 * 60 * MIN, 600)]));
  expect(bars[0]?.height).toBeCloseTo(17);
  expect((bars[1]?.top ?? 0) + (bars[1]?.height ?? 0)).toBeLessThanOrEqual(24 * HOUR_PX);
});

it('draws only so many boxes, however many runs there are', () => {
  const { bars, more } = layOut(zone, theDay('2026-11-25', (from) => Array.from({ length: 5000 }, (_, n) => run(from + n * 17_000, 5))));
  expect(bars.length + more.length).toBeLessThan(48 * 3 + 100);
  expect(bars.length + more.reduce((sum, one) => sum + one.count, 0)).toBe(5000);
});
