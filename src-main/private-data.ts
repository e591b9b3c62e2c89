import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** What holds rows of people's files, or their unsaved work. */
const FOLDERS = ['samples', 'outputs', 'payloads', 'opened', 'drafts', 'scratch', 'trash'];
const FILES = ['journal.sqlite', 'journal.sqlite-wal', 'journal.sqlite-shm'];

/** File systems without such rights keep everything as it is. */
function only(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch {
    // Not there yet, not ours, or a system that knows no owners.
  }
}

/** Makes the data folder, for its owner alone. One that is there already keeps its rights: it may be more than ours. */
export function makePrivate(dataDir: string): void {
  if (makeFolder(dataDir) !== undefined) only(dataDir, 0o700);
}

/** Shuts everybody else out of the rows kept in the data folder, whoever may look into the folder itself. The journal is open. */
export function keepPrivate(dataDir: string): void {
  for (const name of FOLDERS) {
    makeFolder(join(dataDir, name));
    only(join(dataDir, name), 0o700);
  }
  for (const name of FILES) only(join(dataDir, name), 0o600);
}
