import { statfs } from 'node:fs/promises';
import type { MonitorStats } from '#shared/contract/runs';
import type { Studio } from '../studio-types.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Percentiles look at this many of the newest completed runs: a steady cost on a busy day. */
const LOOKED_AT = 1000;

/** The nearest-rank percentile; null of nothing. `sorted` rises. */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** What the Monitor place shows; `now` ends the 24 hours looked at. */
export async function monitorStats(studio: Studio, now: number): Promise<MonitorStats> {
  const from = now - DAY_MS;
  const { counts } = studio.journal.runs({ from }, 0, 1);
  const completed = studio.journal.runs({ from, status: ['completed'] }, 0, LOOKED_AT).rows;
  const durations = completed.flatMap((row) => (row.durationMs === null ? [] : [row.durationMs])).toSorted((a, b) => a - b);
  const load = studio.executor.load();
  const { bytes, events } = studio.journal.stats();
  const disk = await statfs(studio.info.dataDir);
  return {
    running: load.running,
    queued: load.queued,
    completed: counts.completed,
    failed: counts.failed,
    p50Ms: percentile(durations, 0.5),
    p95Ms: percentile(durations, 0.95),
    memoryBytes: process.memoryUsage.rss() + load.memoryBytes,
    journalBytes: bytes,
    diskFreeBytes: disk.bavail * disk.bsize,
    events,
  };
}
