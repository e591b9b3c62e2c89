import type { MonitorStats } from '#shared/contract/runs';

/** Two readings a second would be noise: one every two seconds, ten minutes kept. */
export const EVERY_MS = 2000;
const KEPT = 300;

export interface Reading {
  readonly at: number;
  readonly stats: MonitorStats;
}

/** Adds a reading and forgets the oldest. */
export const remember = (readings: readonly Reading[], reading: Reading): readonly Reading[] => [...readings.slice(1 - KEPT), reading];

/** Completed among completed and failed; null where there is nothing to divide. */
export const successRate = (stats: MonitorStats): number | null => (stats.completed + stats.failed === 0 ? null : stats.completed / (stats.completed + stats.failed));
