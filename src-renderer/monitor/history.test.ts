import { describe, expect, it } from 'vitest';
import type { MonitorStats } from '#shared/contract/runs';
import { remember, successRate } from './history.ts';
import type { Reading } from './history.ts';

const stats = (completed: number, failed: number): MonitorStats => ({ running: 0, queued: 0, completed, failed, p50Ms: null, p95Ms: null, memoryBytes: 0, journalBytes: 0, diskFreeBytes: 0, events: 0 });

describe('readings', () => {
  it('are kept for ten minutes', () => {
    let readings: readonly Reading[] = [];
    for (let at = 0; at < 400; at += 1) readings = remember(readings, { at, stats: stats(0, 0) });
    expect([readings.length, readings[0]?.at, readings.at(-1)?.at]).toEqual([300, 100, 399]);
  });
  it('give no rate of nothing', () => {
    expect(successRate(stats(0, 0))).toBeNull();
    expect(successRate(stats(3, 1))).toBe(0.75);
  });
});
