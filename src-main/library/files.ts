import { createHash } from 'node:crypto';
import { chmod, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '#shared/errors';
import type { ErrorCode } from '#shared/errors';

/** V8 can't hold a longer text, and no workflow is near it. */
const MOST_BYTES = 256 * 1024 * 1024;

const SENTENCES: Readonly<Record<string, readonly [code: ErrorCode, sentence: string, remedy: string]>> = {
  ENOENT: ['not_found', 'There is no such file or folder.', 'Check the path.'],
  EACCES: ['permission', 'The permission is missing.', 'Change the rights of the file or its folder, or choose another place.'],
  EPERM: ['permission', 'The system does not allow it.', 'Change the rights of the file or its folder, or choose another place.'],
  EROFS: ['read_only', 'The disk is read-only.', 'Choose a folder on another disk.'],
  ENOSPC: ['io', 'The disk is full.', 'Free some space and try again; the old file is still there.'],
  EDQUOT: ['io', 'The disk quota is used up.', 'Free some space and try again; the old file is still there.'],
  EFBIG: ['io', 'The file would be larger than the system allows.', 'Choose another disk; the old file is still there.'],
  EISDIR: ['invalid_input', 'This is a folder, not a file.', 'Choose a file.'],
  ENOTDIR: ['invalid_input', 'A part of the path is a file, not a folder.', 'Check the path.'],
  ENAMETOOLONG: ['invalid_input', 'The name is too long for the file system.', 'Choose a shorter name.'],
  EBUSY: ['io', 'Another program is using the file.', 'Close it there and try again.'],
};

/** What the system said about a path, as a sentence. What is an error of ours already stays so. */
export function fileError(thrown: unknown, path: string): StudioError {
  if (thrown instanceof StudioError) return thrown;
  const name = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const [code, sentence, remedy] = SENTENCES[name] ?? ['io', 'The file could not be read or written.', 'Look at the detail, and try again.'];
  return new StudioError(code, sentence, { place: path, remedy, detail: thrown instanceof Error ? thrown.message : String(thrown), cause: thrown });
}

/** Size and time: what tells that a file has not been touched since. */
export interface Stamp {
  readonly bytes: number;
  readonly modifiedAt: number;
}

/** Null where there is no file. */
export async function stampOf(path: string): Promise<Stamp | null> {
  try {
    const found = await stat(path);
    return { bytes: found.size, modifiedAt: found.mtimeMs };
  } catch (thrown) {
    if (fileError(thrown, path).code === 'not_found') return null;
    throw fileError(thrown, path);
  }
}

/** A file's text: UTF-8, or UTF-16 with its mark. Throws StudioError for what isn't there, can't be read, is a folder, too long or not text. */
export async function readText(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
    if (!found.isFile()) throw new StudioError('invalid_input', 'This is not an ordinary file.', { place: path, remedy: 'Choose a file.' });
    if (found.size > MOST_BYTES) throw new StudioError('invalid_input', `The file has ${Math.round(found.size / 1024 / 1024)} MiB; a workflow has at most 256.`, { place: path, remedy: 'Keep data in files of its own, and only their paths in the workflow.' });
    return decode(await readFile(path), path);
  } catch (thrown) {
    throw fileError(thrown, path);
  }
}

function decode(bytes: Buffer, path: string): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new StudioError('invalid_input', 'The file is not text in UTF-8.', { place: path, remedy: 'Save it as UTF-8 in a text editor, or choose another file.' });
  }
}

let count = 0;
const waiting = new Map<string, Promise<void>>();

/**
 * Puts `text` under `path` so that there is always the whole old file or the whole new one: a temporary file beside it, fsync,
 * rename, fsync of the folder. Writes to one path happen in the order of the calls. When it throws, the old file is untouched and
 * the temporary one is gone. `mode`: the rights it has in any case; otherwise those of the old file.
 */
export async function saveText(path: string, text: string, mode?: number): Promise<void> {
  const turn = (waiting.get(path) ?? Promise.resolve()).then(() => write(path, text, mode));
  const settled = turn.catch(() => undefined);
  waiting.set(path, settled);
  try {
    await turn;
  } finally {
    if (waiting.get(path) === settled) waiting.delete(path);
  }
}

async function write(path: string, text: string, wanted: number | undefined): Promise<void> {
  // A link stays a link: what it points at is replaced.
  const target = await realpath(path).catch(() => path);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${process.pid}.${++count}.tmp`);
  try {
    await mkdir(dirname(target), { recursive: true });
    const mode = wanted ?? (await stat(target).catch(() => null))?.mode;
    const file = await open(temporary, 'wx', wanted ?? 0o666);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    if (mode !== undefined) await chmod(temporary, mode & 0o777);
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(thrown, path);
  }
}

/** Makes a rename durable. Windows has no such thing for folders, and no need of it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** SHA-256 of a text in hex: of a workflow's canonical text it is the workflow's revision. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
