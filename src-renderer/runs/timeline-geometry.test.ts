import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replay } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { id, recoveredRun, sampleRun } from './run.testing.ts';
import { axisOver } from './timeline-axis.ts';
import { layoutTimeline } from './timeline-geometry.ts';

const events = sampleRun();
const after = (all: typeof events, count: number): Run => {
  const run = replay(all.slice(0, count));
  if (run === null) throw new Error('no run');
  return run;
};

describe('layoutTimeline', () => {
  const layout = layoutTimeline(after(events, events.length), 99_999);
  it('spans the run, not the clock', () => expect([layout.axis.from, layout.axis.span]).toEqual([1000, 1000]));
  it('puts segments in the order of their start, and their nodes in that of the file', () => expect(layout.rows.map((row) => row.node.id)).toEqual(['read', 'keep', 'write']));
  it('brackets only what was fused', () => expect(layout.groups).toEqual([{ segment: 's1', first: 0, count: 2 }]));
  it("shows a fused node's own share of the query", () => {
    expect(layout.rows[0]?.bars[0]).toMatchObject({ left: 0, width: 0.4, own: 0.75 });
    expect(layout.rows[1]?.bars[0]?.own).toBe(0.25);
    expect(layout.rows[2]?.bars[1]?.own).toBe(1);
  });
  it('draws one bar an attempt', () => expect(layout.rows[2]?.bars.map((bar) => [bar.attempt, bar.outcome, bar.left, bar.ms])).toEqual([[1, 'failed', 0.5, 100], [2, 'completed', 0.7, 200]]));
  it('draws the delay of a retry between the two', () => {
    const [wait] = layout.rows[2]?.waits ?? [];
    expect(wait?.left).toBeCloseTo(0.6);
    expect(wait?.width).toBeCloseTo(0.1);
    expect(wait?.ms).toBe(100);
  });
  it('lets the delay grow while it lasts', () => expect(layoutTimeline(after(events, 9), 1650).rows[2]?.waits).toMatchObject([{ ms: 50 }]));
  it('lets what runs grow with the clock', () => {
    const live = layoutTimeline(after(events, 4), 3000);
    expect(live.axis.span).toBe(2000);
    expect(live.rows[0]?.bars[0]).toMatchObject({ outcome: 'running', left: 0, width: 1, ms: 2000 });
  });
  it('leaves out what has not started', () => expect(layoutTimeline(after(events, 2), 1200).rows).toEqual([]));
  it('keeps a bar of no length where the clock went back under it', () => {
    const live = layoutTimeline(after(events, 4), 500);
    expect(live.rows[0]?.bars[0]).toMatchObject({ left: 0, ms: 0 });
  });
});

describe('a run that was interrupted for hours', () => {
  const all = recoveredRun();
  const layout = layoutTimeline(after(all, all.length), 0);
  it('folds the hours, so that what ran stays readable', () => {
    expect(layout.axis.folds).toMatchObject([{ ms: 8 * 3_600_000 - 1000 }]);
    for (const row of layout.rows) for (const bar of row.bars) expect(bar.width).toBeGreaterThan(0.05);
  });
  it('has the lost attempt and the next one, and no delay of a retry between', () => {
    const write = layout.rows.find((row) => row.node.id === id('write'));
    expect(write?.bars.map((bar) => bar.outcome)).toEqual(['lost', 'completed']);
    expect(write?.waits).toEqual([]);
  });
  it('folds also the hours until it was known that an attempt was lost', () => {
    const lostAt = all.findIndex((event) => event.type === 'NodeAttemptLost');
    const hours = 8 * 3_600_000;
    const overnight = layoutTimeline(after(all.map((event, index) => (index < lostAt ? event : { ...event, at: event.at + hours })), all.length), 0);
    expect(overnight.axis.folds.map((fold) => Math.round(fold.ms / hours))).toEqual([2]);
    for (const row of overnight.rows) for (const bar of row.bars) expect(bar.width).toBeGreaterThan(0.005);
  });
  it('begins with what was reused', () => expect(layout.rows[0]).toMatchObject({ node: { id: 'read' }, bars: [] }));
});

describe('an axis', () => {
  const interval = fc.tuple(fc.nat(1e8), fc.nat(1e7)).map(([from, length]) => ({ from, to: from + length }));
  it('never goes back, from 0 to 1, and its marks are few and apart', () =>
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 8 }), fc.nat(1e8), fc.array(fc.nat(2e8), { maxLength: 20 }), (busy, length, moments) => {
        const from = 1000;
        const axis = axisOver(from, from + length, busy);
        const placed = moments.toSorted((a, b) => a - b).map(axis.at);
        for (const [index, place] of placed.entries()) {
          expect(place).toBeGreaterThanOrEqual(Math.max(0, (placed[index - 1] ?? 0) - 1e-9));
          expect(place).toBeLessThanOrEqual(1);
        }
        expect(axis.at(from)).toBe(0);
        expect(axis.ticks.length).toBeLessThanOrEqual(17);
        expect(axis.ticks[0]).toEqual({ ms: 0, left: 0 });
      }),
    ));
  it('of nothing but a standstill marks its beginning', () => expect(axisOver(0, 1000, []).ticks.map((tick) => tick.ms)).toEqual([0]));
  it('marks what is worked through', () => expect(axisOver(0, 33_100, [{ from: 0, to: 33_100 }]).ticks.map((tick) => tick.ms)).toEqual([0, 5000, 10_000, 15_000, 20_000, 25_000, 30_000]));
  it.each([1, 7, 999, 61_000, 4e6, 3e8, 9e9])('never has too many marks over %d ms', (span) => expect(axisOver(0, span, [{ from: 0, to: span }]).ticks.length).toBeLessThanOrEqual(9));
});
