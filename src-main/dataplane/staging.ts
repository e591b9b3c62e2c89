import { copyFileSync, createReadStream, createWriteStream, existsSync, renameSync, rmSync, rmdirSync, statSync } from 'node:fs';
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '#shared/errors';
import { makeFolder } from '../make-folder.ts';
import { appendedPath, stagedPath } from './open-run.ts';

/**
 * A file that a sink fills under another name. Nothing is to be seen under its own name until `commit`, which is one rename; after
 * `discard` nothing is left, not even the folders made for it.
 */
export interface Staged {
  readonly path: string;
  /** Where to write: the whole file, or its new part when something is appended. */
  readonly target: string;
  /** Is there an old file with something in it, to which the rows are added? */
  readonly appending: boolean;
  commit(): Promise<void>;
  discard(): void;
}

function removeEmpty(from: string, top: string): void {
  for (let folder = from; folder.startsWith(top); folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

/** Makes ready for writing `path`. Throws io where a folder stands in its place or its own folder can't be made. */
export function stage(path: string, append: boolean): Staged {
  const old = statSync(path, { throwIfNoEntry: false });
  if (old?.isDirectory() === true) throw new StudioError('io', 'A folder stands where the file should be written.', { place: path, remedy: 'Add the name of a file to the path.' });
  if (old?.isFile() === false) throw new StudioError('io', 'A pipe or a device stands where the file should be written.', { place: path, remedy: 'Choose another name: the file would replace it.' });
  const folder = dirname(path);
  const made = makeFolder(folder);
  const appending = append && old !== undefined && old.size > 0;
  const whole = stagedPath(path);
  const target = appending ? appendedPath(path) : whole;
  // What a killed worker of the same number left.
  rmSync(target, { force: true });
  const discard = (): void => {
    rmSync(target, { force: true });
    rmSync(whole, { force: true });
    if (made !== undefined) removeEmpty(folder, made);
  };
  return {
    path,
    target,
    appending,
    discard,
    async commit() {
      if (appending) {
        copyFileSync(path, whole, constants.COPYFILE_FICLONE);
        await pipeline(createReadStream(target), createWriteStream(whole, { flags: 'a' }));
        rmSync(target, { force: true });
      }
      if (existsSync(whole)) renameSync(whole, path);
    },
  };
}
