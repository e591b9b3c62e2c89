import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { RunRow } from '#shared/contract/runs';
import type { Run, RunStatus } from '#shared/run/run';
import { isAlive } from '../../executor/leftovers.ts';

/**
 * Is a studio using this data folder? Looks only: the note of the holder, and where its process is there, whether the lock can be read.
 * Where that can't be told, somebody is.
 */
export function isHeld(dataDir: string): boolean {
  const file = join(dataDir, 'lock');
  if (!existsSync(file)) return false;
  try {
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8')) as { pid?: unknown };
    if (typeof pid === 'number' && !isAlive(pid)) return false;
  } catch (error) {
    // The note goes before the lock does, and comes after it: without one nobody is at work.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
  }
  let lock: Sqlite.Database | undefined;
  try {
    lock = new Sqlite(file, { readonly: true, timeout: 0 });
    lock.prepare('SELECT 1 FROM sqlite_schema').get();
    return false;
  } catch {
    return true;
  } finally {
    lock?.close();
  }
}

/** What can't be told from its events: a run that says it is going, while nobody holds the data folder, stands still. */
const STOPPED: ReadonlySet<RunStatus> = new Set(['queued', 'running']);

/** The status as it is: `held` says whether a studio has the data folder. */
export const standing = (status: RunStatus, held: boolean): RunStatus => (!held && STOPPED.has(status) ? 'interrupted' : status);

/** Which statuses in the journal those are that a person asks for. */
export function askedFor(status: RunStatus, held: boolean): readonly RunStatus[] {
  if (held) return [status];
  if (status === 'interrupted') return ['interrupted', ...STOPPED];
  return STOPPED.has(status) ? [] : [status];
}

export const standingRow = (row: RunRow, held: boolean): RunRow => ({ ...row, status: standing(row.status, held) });

/** The state as recovery will find it: what was at work is lost. */
export function standingRun(run: Run, held: boolean): Run {
  if (held || !STOPPED.has(run.status)) return run;
  const nodes = Object.fromEntries(Object.entries(run.nodes).map(([id, node]) => [id, node.status === 'running' ? { ...node, status: 'lost' as const } : node]));
  return { ...run, status: 'interrupted', interruption: 'The studio ended while this run was going.', nodes };
}
