import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, startOf } from '../alive.ts';

/** What is to be known while others hold the file. */
export interface Patience {
  readonly signal: AbortSignal;
  /** Called once, when the wait has become long: `pid` is one of those that are before us. */
  readonly tell: (pid: number) => void;
  /** After how long, in milliseconds. */
  readonly longMs?: number;
  /** How long the lock of a process that has died still counts: its studio is to see first what has become of its rows. */
  readonly respectMs?: number;
}

const LONG_MS = 2_000;
const RESPECT_MS = 3_000;

/** Beside the file, hidden, with the number of the process and when it was started: `.out.csv.123.4567.lock`. */
const lockName = (file: string, pid: number, start: string): string => `.${file}.${pid}.${start}.lock`;
const LOCK = /^\.(.+)\.(\d+)\.(\w+)\.lock$/u;

interface Other {
  readonly entry: string;
  readonly pid: number;
  readonly isAlive: boolean;
}

/** Locks of others on a file. Systems that take upper and lower case for the same have one file there, and so it is one lock. */
function othersIn(folder: string, file: string, own: string): readonly Other[] {
  return readdirSync(folder).flatMap((entry) => {
    const [, name = '', digits = '', start = ''] = LOCK.exec(entry) ?? [];
    if (entry === own || name.toLowerCase() !== file.toLowerCase()) return [];
    const pid = Number(digits);
    return [{ entry, pid, isAlive: isAlive(pid) && [start, 'unknown'].includes(startOf(pid) ?? '') }];
  });
}

/** Locks that this process holds: one left by an earlier process of the same number and start is nobody's. */
const held = new Set<string>();

/**
 * Waits until nobody else adds to the file, and keeps it so until what this answers is called: across processes, and a lock dies with its
 * process. Each has a lock file of its own name: whoever sees no other's after making it has the file, whoever sees one takes it back
 * and tries again. Nobody's file is ever taken for another's, so the lock of a dead process is removed without a doubt. Throws what
 * `signal` was aborted with, and the system's error where the folder can't be written.
 */
export async function lockAppends(path: string, { signal, tell, longMs = LONG_MS, respectMs = RESPECT_MS }: Patience): Promise<() => void> {
  const [folder, file] = [dirname(path), basename(path)];
  const own = lockName(file, process.pid, startOf(process.pid) ?? 'unknown');
  const place = join(folder, own);
  const startedAt = performance.now();
  const deadSince = new Map<string, number>();
  let told = false;
  const blocking = (): readonly Other[] =>
    othersIn(folder, file, own).filter((other) => {
      if (other.isAlive) return true;
      const since = deadSince.get(other.entry) ?? performance.now();
      deadSince.set(other.entry, since);
      if (performance.now() - since < respectMs) return true;
      rmSync(join(folder, other.entry), { force: true });
      return false;
    });
  for (let tries = 0; ; tries += 1) {
    signal.throwIfAborted();
    if (!held.has(place) && blocking().length === 0) {
      writeFileSync(place, '');
      if (blocking().length === 0) {
        held.add(place);
        return () => {
          rmSync(place, { force: true });
          held.delete(place);
        };
      }
      rmSync(place, { force: true });
    }
    if (!told && performance.now() - startedAt >= longMs) {
      told = true;
      tell(blocking()[0]?.pid ?? process.pid);
    }
    // Two that try at the same moment are not to meet again and again.
    await wait(5 + ((process.pid * 7 + tries * 13) % 23), undefined, { signal }).catch(() => undefined);
  }
}
