import { globSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { chmod, mkdir, open, readdir, realpath, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import paths, { basename, dirname, join, resolve } from 'node:path';
import { StudioError } from '#shared/errors';
import type { Info, Place } from './place.ts';

/** The system's code of what was thrown, or an empty text. */
export const codeOf = (thrown: unknown): string => (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '');

/** What the file system said, as a sentence. */
export function explained(thrown: unknown, path: string): unknown {
  const more = { place: path, detail: thrown instanceof Error ? thrown.message : String(thrown), cause: thrown };
  const code = codeOf(thrown);
  if (code === 'ENOENT') return new StudioError('io', 'The file or folder doesn’t exist.', { ...more, remedy: 'Check the path; relative ones start at the folder of the workflow.' });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return new StudioError('permission', 'The file may not be read or written.', { ...more, remedy: 'Change the permissions or choose another place.' });
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StudioError('io', 'The disk is full.', { ...more, remedy: 'Make room and run again: files that are done are not copied again.' });
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST') return new StudioError('io', 'A folder stands where a file should be, or the other way round.', { ...more, remedy: 'Choose another target.' });
  return thrown;
}

/** Stats of what is there, or nothing. */
export const present = (path: string): Promise<Stats | undefined> =>
  stat(path).catch((thrown: unknown) => {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw explained(thrown, path);
  });

/** The real path of something that may not be there yet: that of its nearest folder, and the rest. */
async function truePath(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(await truePath(parent), basename(absolute));
  }
}

/** Returns when the folder's names are on the disk. Not every system can say so: the files themselves are safe. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

const kindOf = (stats: Pick<Stats, 'isFile' | 'isDirectory'> | undefined): Info['kind'] => (stats?.isFile() === true ? 'file' : stats?.isDirectory() === true ? 'folder' : 'other');
const told = async <T>(path: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (thrown) {
    throw explained(thrown, path);
  }
};

/** The files of this computer. */
export const localPlace: Place & { readonly glob: (pattern: string) => readonly string[] } = {
  paths, window: 8, chunk: 262_144, truePath, syncFolder,
  shown: (path) => path,
  home: () => Promise.resolve(homedir()),
  glob: (pattern) => globSync(pattern).toSorted(),
  async info(path) {
    const stats = await present(path);
    return stats === undefined ? undefined : { kind: kindOf(stats), bytes: stats.size, mtimeMs: stats.mtimeMs, atimeMs: stats.atimeMs, mode: stats.mode };
  },
  async entries(folder) {
    const list = await told(folder, readdir(folder, { withFileTypes: true }));
    return Promise.all(list.map(async (entry) => ({ name: entry.name, isLink: entry.isSymbolicLink(), kind: kindOf(entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => undefined) : entry) })));
  },
  async open(path, how) {
    const file = await told(path, how === 'read' ? open(path, 'r') : open(path, 'r+').catch((thrown: unknown) => (codeOf(thrown) === 'ENOENT' ? open(path, 'wx+') : Promise.reject(thrown))));
    return {
      async read(position, length) {
        const bytes = Buffer.allocUnsafe(length);
        let have = 0;
        while (have < length) {
          const { bytesRead } = await told(path, file.read(bytes, have, length - have, position + have));
          if (bytesRead === 0) break;
          have += bytesRead;
        }
        return bytes.subarray(0, have);
      },
      async write(bytes, position) {
        for (let done = 0; done < bytes.length; ) done += (await told(path, file.write(bytes, done, bytes.length - done, position + done))).bytesWritten;
      },
      truncate: (bytes) => told(path, file.truncate(bytes)),
      size: async () => (await told(path, file.stat())).size,
      sync: () => told(path, file.sync()),
      close: () => file.close(),
    };
  },
  rename: (from, to) => told(to, rename(from, to)),
  remove: (path) => told(path, rm(path)),
  async makeFolder(path) {
    await told(path, mkdir(path, { recursive: true }));
  },
  async dress(path, like) {
    await told(path, chmod(path, like.mode & 0o7777));
    await told(path, utimes(path, like.atimeMs / 1000, like.mtimeMs / 1000));
  },
};
