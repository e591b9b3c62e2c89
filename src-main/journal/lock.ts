import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { StudioError } from '#shared/errors';
import { makePrivate } from '../private-data.ts';
import { folderError } from './folder-errors.ts';
import { sqliteCode } from './sqlite-errors.ts';

export interface Lock {
  /** Lets go. Harmless when done twice. */
  release(): void;
}

/** Held here too: a connection that nobody refers to is collected as garbage, and the lock with it. */
const alive = new Set<Sqlite.Database>();

/** Who holds the lock, as far as it can be told. Only for the sentence: the lock itself is the operating system's. */
function holder(path: string): number | null {
  try {
    const { pid } = JSON.parse(readFileSync(path, 'utf8')) as { pid?: unknown };
    return typeof pid === 'number' ? pid : null;
  } catch {
    return null;
  }
}

/**
 * Makes this process the only studio on a data folder. The lock is an exclusive SQLite transaction on `lock`, held for life: the
 * operating system drops it with the process, however that ends, so there is no stale lock to tell from a live one, and no timer
 * that a busy process could miss. `lock.json` names the holder. Throws conflict where another studio, also of this process, has
 * it; permission or io where the folder cannot be written.
 */
export function acquireLock(dataDir: string, pid: number = process.pid): Lock {
  const path = join(dataDir, 'lock');
  const note = join(dataDir, 'lock.json');
  let db: Sqlite.Database | undefined;
  try {
    makePrivate(dataDir);
    db = new Sqlite(path, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    writeFileSync(note, `${JSON.stringify({ pid })}\n`);
  } catch (thrown) {
    db?.close();
    const code = sqliteCode(thrown);
    if (code.startsWith('SQLITE_BUSY')) {
      const other = holder(note);
      throw new StudioError('conflict', other === null ? 'Another Millrace is using this data folder.' : `Another Millrace is using this data folder (process ${other}).`, {
        place: dataDir,
        remedy: 'Close it, or start this one with another --data-dir.',
        cause: thrown,
      });
    }
    if (code.startsWith('SQLITE_NOTADB')) {
      throw new StudioError('io', 'The file `lock` in the data folder is not the lock of a Millrace.', { place: path, remedy: 'Move the file away.', cause: thrown });
    }
    throw folderError(thrown, dataDir);
  }
  const held = db;
  alive.add(held);
  return {
    release() {
      if (!held.open) return;
      // The note first: after the lock has gone, it may be the next holder's.
      rmSync(note, { force: true });
      held.close();
      alive.delete(held);
    },
  };
}
