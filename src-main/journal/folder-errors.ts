import { StudioError } from '#shared/errors';
import type { ErrorCode } from '#shared/errors';
import { sqliteCode } from './sqlite-errors.ts';

const ELSEWHERE = 'Choose another data folder with --data-dir.';

/** By the system's code, or by the beginning of SQLite's. */
const MEANINGS: readonly (readonly [string, ErrorCode, message: string, remedy: string])[] = [
  ['EACCES', 'permission', 'Your user may not write to the data folder.', `Change its rights, or choose another one with --data-dir.`],
  ['EPERM', 'permission', 'The system does not let your user write to the data folder.', `Change its rights, or choose another one with --data-dir.`],
  ['EROFS', 'read_only', 'The data folder is on a disk that can only be read.', ELSEWHERE],
  ['EEXIST', 'io', 'The data folder can’t be made: there is a file of that name, or a link that leads nowhere.', ELSEWHERE],
  ['ENOTDIR', 'io', 'The data folder can’t be made: a part of its path is a file.', ELSEWHERE],
  ['ENOENT', 'io', 'The data folder can’t be made: the system keeps no folders of a user’s there.', ELSEWHERE],
  ['ENAMETOOLONG', 'io', 'The data folder can’t be made: its name is too long.', ELSEWHERE],
  ['ENOSPC', 'io', 'The data folder can’t be written: the disk is full.', 'Make room on the disk, or choose another data folder with --data-dir.'],
  ['SQLITE_FULL', 'io', 'The data folder can’t be written: the disk is full.', 'Make room on the disk, or choose another data folder with --data-dir.'],
  ['SQLITE_READONLY', 'read_only', 'The data folder can be read but not written.', `Change its rights, or choose another one with --data-dir.`],
  ['SQLITE_CANTOPEN', 'permission', 'The file `lock` in the data folder can’t be opened or made.', 'Give your user the right to write to the folder, move away what is called `lock` there, or choose another one with --data-dir.'],
];

/** Why a data folder can't be made or written, as a sentence with place, cause and remedy. */
export function folderError(thrown: unknown, folder: string): StudioError {
  if (thrown instanceof StudioError) return thrown;
  const code = sqliteCode(thrown) || (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '');
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  const [, kind, message, remedy] = MEANINGS.find(([prefix]) => code.startsWith(prefix)) ?? ['', 'io' as const, `The data folder can’t be made or written: ${detail}.`, ELSEWHERE];
  return new StudioError(kind, message, { place: folder, remedy, detail, cause: thrown });
}
