import { describe, expect, it } from 'vitest';
import type { ScheduleView } from '#shared/contract/schedules';
import { grouped } from './collisions.ts';
import { daysFrom } from './days.ts';
import { intoLanes } from './lanes.ts';
import { pastOf } from './past.ts';
import { planDays } from './plan.ts';
import type { Plan } from './plan.ts';
import { aSchedule, anOccurrence } from './schedule.testing.ts';
import { inSlices } from './slices.ts';

const zone = 'Europe/Zurich';
const MIN = 60_000;
const week = daysFrom(zone, Date.parse('2026-11-23T00:00Z'), 7);
const monday = week[0]?.from ?? 0;
const plan = (schedules: readonly ScheduleView[], now = monday - 1, atOnce = 99): Plan => {
  const work = planDays(schedules, week, now, atOnce);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
};
const cron = (id: string, expression: string, more: Partial<ScheduleView> = {}, policy: object = {}): ScheduleView => aSchedule(id, more, { times: { kind: 'cron', expression, timeZone: zone }, policy: { ...aSchedule(id).definition.policy, ...policy } });
const every = (id: string, text: string, more: Partial<ScheduleView> = {}): ScheduleView => aSchedule(id, more, { times: { kind: 'interval', every: text, phase: '0s', timeZone: zone } });
const perDay = ({ days }: Plan): number[] => days.map((day) => day.planned.length);

describe('the plan of a week', () => {
  it('has each run on its day, after now', () => {
    expect(perDay(plan([cron('a', '0 8 * * 1-5')]))).toEqual([1, 1, 1, 1, 1, 0, 0]);
    expect(perDay(plan([cron('a', '0 8 * * 1-5')], monday + 8 * 60 * MIN))).toEqual([0, 1, 1, 1, 1, 0, 0]);
  });
  it('ends when the runs that are left have been given', () => expect(perDay(plan([cron('a', '0 8,20 * * *', { fires: 2 }, { remainingRuns: 5 })]))).toEqual([2, 1, 0, 0, 0, 0, 0]));
  it('tells many runs of a day as a band, however many there are', () => {
    const { days } = plan([every('fast', '30s'), cron('quarters', '*/15 * * * *'), cron('dense', '*/20 * * * * *')]);
    expect(days[2]?.planned).toEqual([]);
    expect(days[2]?.bands.map(({ count, everyMs }) => [count, everyMs])).toEqual([
      [2880, 30_000],
      [96, 15 * MIN],
      [null, 20_000],
    ]);
  });
  it('gives a band only what is left of the day', () => expect(plan([cron('quarters', '*/15 * * * *')], (week[1]?.from ?? 0) - 4 * 60 * MIN).days[0]?.bands[0]?.count).toBe(15));
  it('shows the next run of what has no times of its own', () => {
    const next = monday + 30 * 60 * MIN;
    expect(perDay(plan([aSchedule('d', { next }, { times: { kind: 'delay', every: '1d', timeZone: zone } })]))).toEqual([0, 1, 0, 0, 0, 0, 0]);
  });
  it('marks runs that the clock moves', () => {
    const march = daysFrom(zone, Date.parse('2026-03-29T00:00Z'), 1);
    const work = planDays([cron('a', '30 2 * * *')], march, 0, 9);
    let step = work.next();
    while (step.done !== true) step = work.next();
    expect(step.value.days[0]?.planned.map(({ dst, at }) => [dst, new Date(at).toISOString()])).toEqual([['gap', '2026-03-29T01:00:00.000Z']]);
  });
});

const told = ({ collisions }: Plan): (string | number)[][] => collisions.map(({ kind, from, to, peak, schedules }) => [kind, (from - monday) / MIN, (to - monday) / MIN, peak, schedules.map((one) => one.id).join(' ')]);

describe('collisions', () => {
  it('are runs beyond what may run at once, while it lasts', () => {
    const all = [cron('a', '0 8 23 * *', { expectedMs: 10 * MIN }), cron('b', '5 8 23 * *', { expectedMs: 10 * MIN }), cron('c', '7 8 23 * *', { expectedMs: 1 * MIN })];
    expect(told(plan(all, monday - 1, 2))).toEqual([['crowd', 487, 488, 3, 'a b c']]);
    expect(told(plan(all, monday - 1, 1))).toEqual([['crowd', 485, 490, 3, 'a b c']]);
    expect(told(plan(all, monday - 1, 3))).toEqual([]);
  });
  it('are a workflow that meets itself, from one schedule or two', () => {
    const two = [cron('w', '0 8 23 * *', { expectedMs: 10 * MIN }), cron('w:b', '4 8 23 * *', { expectedMs: 10 * MIN })];
    expect(told(plan(two))).toEqual([['self', 484, 490, 2, 'w w:b']]);
  });
  it('last over midnight', () => {
    const late = [cron('a', '50 23 23 * *', { expectedMs: 30 * MIN }), cron('b', '5 0 24 * *', { expectedMs: 5 * MIN })];
    expect(told(plan(late, monday - 1, 1))).toEqual([['crowd', 24 * 60 + 5, 24 * 60 + 10, 2, 'a b']]);
  });
  it('are none where runs only touch, or nobody knows how long they take', () => {
    expect(told(plan([cron('w', '0 8 23 * *', { expectedMs: 10 * MIN }), cron('w:b', '10 8 23 * *', { expectedMs: MIN })], monday - 1, 1))).toEqual([]);
    expect(told(plan([cron('w', '0 8 * * *'), cron('w:b', '0 8 * * *')]))).toEqual([]);
  });
  it('that lie close together are one, and the same of other days are told with it', () => {
    const often = [cron('a', '0,4,8 8 * * *', { expectedMs: 2 * MIN }), cron('b', '0,4,8 8 * * *', { expectedMs: 2 * MIN })];
    const found = plan(often, monday - 1, 1);
    expect(told(found).slice(0, 2)).toEqual([
      ['crowd', 480, 490, 2, 'a b'],
      ['crowd', 480 + 1440, 490 + 1440, 2, 'a b'],
    ]);
    expect(grouped(found.collisions).map(({ from, again, peak }) => [(from - monday) / MIN, again, peak])).toEqual([[480, 6, 2]]);
  });
  it('are told once of what takes longer than its interval', () => expect(told(plan([every('fast', '30s', { expectedMs: 75_000 })])).map((one) => [one[0], one[3]])).toEqual([['slow', 3]]));
});

it('a thousand schedules are planned in slices, each as long as the clock allows', () => {
  const many = Array.from({ length: 1000 }, (_, n) => cron(`w${String(n)}`, `${String(n % 60)} ${String(n % 24)} * * *`, { expectedMs: 3 * MIN }));
  const turns: (() => void)[] = [];
  let [result, now, slices]: [Plan | null, number, number] = [null, 0, 0];
  inSlices(planDays(many, week, monday - 1, 2), (found) => (result = found), 6, () => (now += 1), (then) => void turns.push(then));
  for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
    turn();
    slices += 1;
  }
  expect(perDay(result ?? { days: [], collisions: [] })).toEqual([1000, 1000, 1000, 1000, 1000, 1000, 1000]);
  // Six steps a slice, a step a schedule.
  expect(slices).toBeGreaterThan(1000 / 6);
});

it('work in slices can be stopped', () => {
  const turns: (() => void)[] = [];
  let steps = 0;
  function* work(): Generator<undefined, number> {
    for (;;) yield void (steps += 1);
  }
  const stop = inSlices(work(), () => undefined, 0, () => 0, (then) => void turns.push(then));
  turns.shift()?.();
  expect(steps).toBe(1);
  stop();
  turns.shift()?.();
  expect([steps, turns.length]).toEqual([1, 0]);
});

const bar = (from: number, to: number) => ({ from, to });

describe('lanes', () => {
  it('put what overlaps side by side, and start anew after a gap', () => {
    const { placed } = intoLanes([bar(0, 10), bar(5, 15), bar(10, 12), bar(20, 30)], 3, 1, 100);
    expect(placed.map(({ lane, lanes }) => [lane, lanes])).toEqual([[0, 2], [1, 2], [0, 2], [0, 1]]);
  });
  it('give short bars the room they are drawn in', () => expect(intoLanes([bar(0, 0), bar(1, 1)], 3, 5, 100).placed.map((one) => one.lane)).toEqual([0, 1]));
  it('gather what finds no lane, slot by slot', () => {
    const { placed, overflow } = intoLanes(Array.from({ length: 1000 }, (_, n) => bar(n, n + 5000)), 3, 1, 100);
    expect([placed.length, overflow.length]).toEqual([3, 10]);
    expect(placed.every((one) => one.crowded)).toBe(true);
    expect(intoLanes([bar(0, 9), bar(0, 9), bar(20, 30)], 1, 1, 100).placed.map((one) => one.crowded)).toEqual([true, false]);
    expect(overflow.reduce((sum, one) => sum + one.items.length, 0)).toBe(997);
  });
});

describe('what has been', () => {
  it('stands on its day, many of one schedule together', () => {
    const rows = [
      anOccurrence('a', monday + MIN),
      anOccurrence('a', monday + 3 * 60 * MIN, { outcome: 'missed', count: 40, lastNominalTime: monday + 9 * 60 * MIN, runId: null }),
      ...Array.from({ length: 30 }, (_, n) => anOccurrence('b', (week[1]?.from ?? 0) + n * MIN, n === 7 ? { outcome: 'skipped', runId: null } : {})),
    ];
    const past = pastOf(rows.toReversed(), week);
    expect(past[0]?.settled.map(({ row }) => row.outcome)).toEqual(['fired', 'missed']);
    expect(past[0]?.counts).toEqual({ fired: 1, skipped: 0, missed: 40, buffered: 0 });
    expect(past[1]?.settled).toEqual([]);
    expect(past[1]?.bands.map(({ counts }) => [counts.fired, counts.skipped])).toEqual([[29, 1]]);
    expect(past[2]).toEqual({ settled: [], bands: [], counts: { fired: 0, skipped: 0, missed: 0, buffered: 0 } });
  });
});
