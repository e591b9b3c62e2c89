import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { checkFile } from '../sql/database-file.ts';
import { explain, isBusy } from './failures.ts';

export type Db = Database.Database;

/** How long a statement itself waits for a lock, in ms: while it waits, nothing else happens in this process. */
const BUSY_MS = 50;
/** How long we wait for a lock, asking again and again. */
const WAIT_MS = 20_000;

/** Opens the file. To read: it is not written to. The caller closes it. */
export function openFile(path: string, mode: 'read' | 'write', create = false): { readonly db: Db; readonly made: boolean } {
  const made = !checkFile(path, create && mode === 'write');
  try {
    return { db: new Database(path, { readonly: mode === 'read', fileMustExist: !made, timeout: BUSY_MS }), made };
  } catch (thrown) {
    throw explain(thrown, path);
  }
}

/** Does it, again and again while another connection holds the lock; between, the process sees to other things. Throws what was thrown, and the signal's reason. */
export async function whileBusy<T>(signal: AbortSignal, work: () => T, steady: () => number = () => performance.now()): Promise<T> {
  const until = steady() + WAIT_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      return work();
    } catch (thrown) {
      if (!isBusy(thrown) || steady() > until) throw thrown;
      await setTimeout(BUSY_MS, undefined, { signal });
    }
  }
}
