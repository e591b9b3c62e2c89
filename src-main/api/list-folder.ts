import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { StudioError } from '#shared/errors';
import type { ErrorCode } from '#shared/errors';

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly bytes: number;
  readonly modifiedAt: number;
}

export interface FolderList {
  readonly path: string;
  /** Null at the root. */
  readonly parent: string | null;
  readonly entries: FolderEntry[];
}

const REFUSALS: Readonly<Record<string, readonly [ErrorCode, string, string]>> = {
  ENOENT: ['not_found', 'There is no such folder.', 'Check the path, or go up one folder.'],
  ENOTDIR: ['invalid_input', 'This is a file, not a folder.', 'Choose the folder it is in.'],
  EACCES: ['permission', 'The system does not let Millrace read this folder.', 'Change its permissions, or choose another.'],
  EPERM: ['permission', 'The system does not let Millrace read this folder.', 'Change its permissions, or choose another.'],
};

function refusal(path: string, thrown: unknown): StudioError {
  const [code, message, remedy] = REFUSALS[(thrown as NodeJS.ErrnoException).code ?? ''] ?? ['io', 'The folder could not be read.', 'Try again, or choose another.'];
  return new StudioError(code, message, { place: path, remedy, detail: String(thrown), cause: thrown });
}

/** Null for what vanished meanwhile, for a dangling link, and for what is neither file nor folder. */
async function entryOf(path: string, name: string): Promise<FolderEntry | null> {
  const found = await stat(join(path, name)).catch(() => null);
  if (found === null || !(found.isFile() || found.isDirectory())) return null;
  return { name, path: join(path, name), kind: found.isDirectory() ? 'folder' : 'file', bytes: found.isFile() ? found.size : 0, modifiedAt: found.mtimeMs };
}

const byKindThenName = (a: FolderEntry, b: FolderEntry): number =>
  a.kind === b.kind ? a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: 'base' }) : a.kind === 'folder' ? -1 : 1;

/** A folder's entries, folders first, then by name; hidden ones are left out. Throws a sentence for a path that is none. */
export async function listFolder(wanted: string): Promise<FolderList> {
  if (!isAbsolute(wanted)) throw new StudioError('invalid_input', 'A folder is named by its full path.', { place: wanted, remedy: 'Begin at the root of the disk.' });
  const path = resolve(wanted);
  const names = await readdir(path).catch((thrown: unknown) => {
    throw refusal(path, thrown);
  });
  const entries = await Promise.all(names.filter((name) => !name.startsWith('.')).map((name) => entryOf(path, name)));
  const parent = dirname(path);
  return { path, parent: parent === path ? null : parent, entries: entries.filter((entry) => entry !== null).toSorted(byKindThenName) };
}
