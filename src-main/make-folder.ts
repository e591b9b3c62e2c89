import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it; answers the topmost one it made, or undefined where all were there. Node's own recursive mkdir
 * never returns where the system says ENOENT of a folder whose parent exists, as it does under /proc. Throws the system's error.
 */
export function makeFolder(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return undefined;
  const parent = dirname(path);
  const above = parent === path ? undefined : makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (thrown) {
    // Somebody else may have made it in between.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw thrown;
  }
  return above ?? path;
}
