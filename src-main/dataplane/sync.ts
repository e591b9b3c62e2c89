import { closeSync, fsyncSync, openSync } from 'node:fs';

// At once and not in the background: a worker has nothing else to do meanwhile, and three waits would take a small file longer than the disk.
function sync(path: string, flags: string): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Returns when the file's bytes are on the disk: a power cut after that does not lose them. */
export const syncFile = (path: string): void => sync(path, 'r+');

/** Returns when the folder's names are on the disk: a renamed file stays renamed. Where a system keeps no folders open (Windows) there is nothing to do. */
export function syncFolder(path: string): void {
  try {
    sync(path, 'r');
  } catch {
    // Not every file system can; the file itself is safe.
  }
}
