import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/** Resident memory of processes; 0 where the system keeps no /proc to read it from. */
export function residentBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      return sum + Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1] ?? 0) * PAGE_BYTES;
    } catch {
      return sum;
    }
  }, 0);
}
