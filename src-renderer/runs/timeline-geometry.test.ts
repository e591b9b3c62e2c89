import { describe, expect, it } from 'vitest';
import { replay } from '#shared/run/evolve';
import type { Run } from '#shared/run/run';
import { sampleRun } from './run.testing.ts';
import { layoutTimeline, ticks } from './timeline-geometry.ts';

const events = sampleRun();
const runAfter = (count: number): Run => {
  const run = replay(events.slice(0, count));
  if (run === null) throw new Error('no run');
  return run;
};

describe('layoutTimeline', () => {
  const layout = layoutTimeline(runAfter(events.length), 99_999);
  it('spans the run, not the clock', () => expect([layout.from, layout.span]).toEqual([1000, 1000]));
  it('puts segments in the order of their start, and their nodes in that of the file', () => expect(layout.rows.map((row) => row.node.id)).toEqual(['read', 'keep', 'write']));
  it('brackets only what was fused', () => expect(layout.groups).toEqual([{ segment: 's1', first: 0, count: 2 }]));
  it("shows a fused node's own share of the query", () => {
    expect(layout.rows[0]?.bars[0]).toMatchObject({ left: 0, width: 0.4, own: 0.75 });
    expect(layout.rows[1]?.bars[0]?.own).toBe(0.25);
    expect(layout.rows[2]?.bars[1]?.own).toBe(1);
  });
  it('draws one bar an attempt', () => expect(layout.rows[2]?.bars.map((bar) => [bar.attempt, bar.outcome, bar.left, bar.ms])).toEqual([[1, 'failed', 0.5, 100], [2, 'completed', 0.7, 200]]));
  it('lets what runs grow with the clock', () => {
    const live = layoutTimeline(runAfter(4), 3000);
    expect(live.span).toBe(2000);
    expect(live.rows[0]?.bars[0]).toMatchObject({ outcome: 'running', left: 0, width: 1, ms: 2000 });
  });
  it('leaves out what has not started', () => expect(layoutTimeline(runAfter(2), 1200).rows).toEqual([]));
});

describe('ticks', () => {
  it('are round and few', () => {
    expect(ticks(1000, 8)).toEqual([0, 200, 400, 600, 800, 1000]);
    expect(ticks(33_100, 8)).toEqual([0, 5000, 10_000, 15_000, 20_000, 25_000, 30_000]);
  });
  it.each([1, 7, 999, 61_000, 4e6, 3e8, 9e9])('never exceed the wanted number over %d ms', (span) => expect(ticks(span, 8).length).toBeLessThanOrEqual(9));
});
