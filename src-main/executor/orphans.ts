import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive } from './leftovers.ts';
import type { SpawnWorker } from './worker-port.ts';

/** A worker process, told from a later one of the same number by when it was started; null where the system does not say. */
interface Noted {
  readonly pid: number;
  readonly started: string | null;
}

/** How long a process that was ended may take to be gone, and how often that is looked at, in milliseconds. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 5;

/** Names the time since the system was started: what was counted before says nothing about a process of now. */
const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** When a process was started, in the system's own count and of which start of the system; null where there is none (any more), or the system does not say. */
function startOf(pid: number): string | null {
  try {
    // The name, in brackets, may hold anything: what follows it are the state and numbers.
    const [state = 'Z', ...numbers] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /su, '').split(' ');
    const count = numbers[18];
    return state === 'Z' || state === 'X' || count === undefined ? null : `${count} ${bootId()}`;
  } catch {
    return null;
  }
}

/** Without its start another process may have its number by now. */
const isHere = ({ pid, started }: Noted): boolean => (started === null ? isAlive(pid) : startOf(pid) === started);

/** Notes in `file` which workers there are, for a studio that comes after one that was killed. Notes that can't be written are missed, not fatal. */
export function noteWorkers(spawn: SpawnWorker, file: string): SpawnWorker {
  const alive = new Map<number, Noted>();
  const write = (): void => {
    try {
      writeFileSync(file, `${JSON.stringify([...alive.values()])}\n`);
    } catch {
      // The disk may be full.
    }
  };
  return () => {
    const port = spawn();
    let noted: number | null = null;
    const note = (): void => {
      if (noted !== null || port.pid === undefined) return;
      noted = port.pid;
      alive.set(noted, { pid: noted, started: startOf(noted) });
      write();
    };
    note();
    port.onExit(() => {
      if (noted !== null && alive.delete(noted)) write();
    });
    return {
      get pid() {
        return port.pid;
      },
      send(message) {
        // Some hosts have no number for a process before it is up.
        note();
        port.send(message);
      },
      onMessage: (listener) => port.onMessage(listener),
      onExit: (listener) => port.onExit(listener),
      kill: () => port.kill(),
    };
  };
}

/**
 * Ends the workers of a studio that was killed, and returns when they are gone: nothing is to be written by them after the next studio has
 * looked at what was. The caller holds the data folder's lock, so that their own studio can't be there.
 */
export async function endOrphans(file: string): Promise<void> {
  const found = read(file);
  for (const one of found) {
    // One that can't be told from others is waited for: it leaves by itself when its studio is gone.
    if (one.started !== null && isHere(one)) end(one.pid);
  }
  const until = performance.now() + PATIENCE_MS;
  while (found.some(isHere) && performance.now() < until) await wait(LOOK_MS);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has left in this moment, as it does when its studio is gone.
  }
}

function read(file: string): readonly Noted[] {
  try {
    const noted = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    if (!Array.isArray(noted)) return [];
    return (noted as Partial<Noted>[]).flatMap(({ pid, started }) => (Number.isSafeInteger(pid) && (pid ?? 0) > 1 ? [{ pid: pid ?? 0, started: typeof started === 'string' ? started : null }] : []));
  } catch {
    return [];
  }
}
