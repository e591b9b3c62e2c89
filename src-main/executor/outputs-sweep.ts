import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { KeptFile } from '../journal/journal.ts';
import { isAlive } from './leftovers.ts';

/** A file that no run names may be waiting for its event: so long it is left alone, in milliseconds. */
const FRESH_MS = 60 * 60 * 1000;
/** A half-written one of a process that can't be told to be gone: nobody writes that long. */
const STALE_MS = 7 * 24 * FRESH_MS;
const KEPT = /^([0-9a-f]{64})\.parquet$/u;
const UNFINISHED = /^\.kept\.(\d+)\.part$/u;

export interface Sweep {
  /** What runs of the journal refer to now. */
  readonly kept: readonly KeptFile[];
  /** What they referred to before some were removed: that is nobody's any more, however fresh. */
  readonly named: ReadonlySet<string>;
  /** Stays in any case. */
  readonly wanted: ReadonlySet<string>;
  /** Outputs of runs that ended before go; null: none of those that a run refers to. */
  readonly endedBefore: number | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Removes kept outputs that no run refers to, or only runs that ended long ago, and what a process that is gone left half-written. Each file is gone or whole. */
export async function sweepOutputs(folder: string, sweep: Sweep): Promise<{ readonly files: number; readonly bytes: number }> {
  const byHash = new Map(sweep.kept.map((file) => [file.hash, file]));
  let [files, bytes] = [0, 0];

  /** Does a whole file go? `age` in milliseconds. */
  const goes = (hash: string, age: number): boolean => {
    if (sweep.wanted.has(hash)) return false;
    const file = byHash.get(hash);
    if (file === undefined) return sweep.named.has(hash) || age > FRESH_MS;
    return file.endedAt !== null && sweep.endedBefore !== null && file.endedAt < sweep.endedBefore;
  };
  const look = async (path: string, name: string): Promise<void> => {
    const [, hash] = KEPT.exec(name) ?? [];
    const [, pid] = UNFINISHED.exec(name) ?? [];
    if (hash === undefined && pid === undefined) return;
    const found = await stat(path).catch(() => null);
    if (found === null) return;
    const age = sweep.now - found.mtimeMs;
    if (hash === undefined ? isAlive(Number(pid)) && age < STALE_MS : !goes(hash, age)) return;
    await rm(path, { force: true });
    bytes += found.size;
    files += hash === undefined ? 0 : 1;
  };

  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) await look(path, entry.name);
    else if (/^[0-9a-f]{2}$/u.test(entry.name)) {
      for (const name of await readdir(path).catch(() => [])) await look(join(path, name), name);
    }
    await breathe();
  }
  return { files, bytes };
}
