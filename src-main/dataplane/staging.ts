import { appendFileSync, chmodSync, copyFileSync, createReadStream, createWriteStream, existsSync, renameSync, rmSync, rmdirSync, statSync } from 'node:fs';
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '#shared/errors';
import type { EffectProof, FileMark } from '#shared/events';
import { makeFolder } from '../make-folder.ts';
import { markOf, sameMark } from './effect-proof.ts';
import { isLineOpen } from './last-line.ts';
import { appendedPath, stagedPath } from './open-run.ts';
import { syncFile, syncFolder } from './sync.ts';

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
  /** What was written is right only while that has not changed: the beginning of a file has a header. */
  fits(): boolean;
  /** The whole file stands beside its place, its bytes on the disk: what is left is the rename. Called again, it is made again of the old file as it is by then. */
  ready(): Promise<void>;
  /** How to tell afterwards whether the rename has happened; once it is ready. */
  proof(): EffectProof;
  /** Is the old file still what was made ready for? */
  isUntouched(): boolean;
  /** Durable when it returns. Answers what the file is then; null where nothing had been written. */
  commit(): Promise<FileMark | null>;
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

function folderOf(path: string, folder: string): string | undefined {
  try {
    return makeFolder(folder);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    const why = WHY[code] ?? `The folder for the file can’t be made (${thrown instanceof Error ? thrown.message : code}).`;
    throw new StudioError('io', why, { place: path, remedy: 'Choose another path.', detail: String(thrown), cause: thrown });
  }
}

const WHY: Readonly<Record<string, string>> = {
  EEXIST: 'The folder for the file can’t be made: a part of the path is a file.',
  ENOTDIR: 'The folder for the file can’t be made: a part of the path is a file.',
  ENOENT: 'The folder for the file can’t be made: the system keeps no files of a user’s there.',
  EACCES: 'The folder for the file can’t be made: your user may not write there.',
  EPERM: 'The folder for the file can’t be made: the system does not allow it.',
  EROFS: 'The folder for the file can’t be made: the disk can only be read.',
  ENOSPC: 'The folder for the file can’t be made: the disk is full.',
};

/** Makes ready for writing `path`. Throws io where a folder stands in its place or its own folder can't be made. */
export function stage(path: string, append: boolean): Staged {
  const old = statSync(path, { throwIfNoEntry: false });
  if (old?.isDirectory() === true) throw new StudioError('io', 'A folder stands where the file should be written.', { place: path, remedy: 'Add the name of a file to the path.' });
  if (old?.isFile() === false) throw new StudioError('io', 'A pipe or a device stands where the file should be written.', { place: path, remedy: 'Choose another name: the file would replace it.' });
  const folder = dirname(path);
  const made = folderOf(path, folder);
  const hasRows = (stats: { readonly size: number } | undefined): boolean => append && stats !== undefined && stats.size > 0;
  const appending = hasRows(old);
  const whole = stagedPath(path);
  const target = appending ? appendedPath(path) : whole;
  // What a killed worker of the same number left.
  rmSync(target, { force: true });
  const discard = (): void => {
    rmSync(target, { force: true });
    rmSync(whole, { force: true });
    if (made !== undefined) removeEmpty(folder, made);
  };
  let before: FileMark | null = null;
  let isReady = false;
  const ready = async (): Promise<void> => {
    before = markOf(path);
    if (appending) {
      copyFileSync(path, whole, constants.COPYFILE_FICLONE);
      if (statSync(target).size > 0 && isLineOpen(whole, statSync(whole).size)) appendFileSync(whole, '\n');
      await pipeline(createReadStream(target), createWriteStream(whole, { flags: 'a' }));
    }
    if (existsSync(whole)) {
      // What only its owner may read stays so.
      if (old !== undefined) chmodSync(whole, old.mode & 0o777);
      syncFile(whole);
    }
    isReady = true;
  };
  return {
    path,
    target,
    appending,
    discard,
    ready,
    fits: () => hasRows(statSync(path, { throwIfNoEntry: false })) === appending,
    isUntouched: () => sameMark(markOf(path), before),
    proof() {
      const after = markOf(whole);
      if (after === null) throw new StudioError('internal', 'Nothing was staged.', { place: path });
      return { kind: 'file', path, before, after };
    },
    async commit() {
      if (!isReady) await ready();
      const mark = markOf(whole);
      if (mark === null) return null;
      renameSync(whole, path);
      if (appending) rmSync(target, { force: true });
      syncFolder(folder);
      if (made !== undefined) syncFolder(dirname(made));
      return mark;
    },
  };
}
