import { open } from 'node:fs/promises';

/** Returns when the file's bytes are on the disk: a power cut after that does not lose them. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Returns when the folder's names are on the disk: a renamed file stays renamed. Where a system keeps no folders open (Windows) there is nothing to do. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Not every file system can; the file itself is safe.
  }
}
