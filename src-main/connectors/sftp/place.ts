import { posix } from 'node:path';
import type { SFTPWrapper, Stats } from 'ssh2';
import { StudioError } from '#shared/errors';
import type { Info, OpenFile, Place } from '../files/place.ts';
import { fileProblem, fullProblem, isFailure, isMissing } from './problems.ts';
import type { Session } from './session.ts';

/** What every server takes in one request, and as many of them under way as fill a fast line: 2 MiB. */
const CHUNK = 32_768;
const WINDOW = 64;

type Answer<T> = (error: Error | null | undefined, value: T) => void;

const kindOf = (stats: Pick<Stats, 'isFile' | 'isDirectory'>): Info['kind'] => (stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other');
const infoOf = (stats: Stats): Info => ({ kind: kindOf(stats), bytes: stats.size, mtimeMs: stats.mtime * 1000, atimeMs: stats.atime * 1000, mode: stats.mode });
const modeKind = (mode: number): 'file' | 'folder' | 'link' | 'other' => ({ 0o100000: 'file', 0o040000: 'folder', 0o120000: 'link' } as const)[mode & 0o170000] ?? 'other';

/** A name that a server lists is used in paths here: one that leads elsewhere, or that is not the name it has, is refused. */
function sound(name: string, shown: string): void {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) throw new StudioError('io', 'The server lists a name that leads out of its folder.', { place: shown, remedy: 'Do not trust this server’s listing; name the files.', detail: JSON.stringify(name) });
  if (name.includes('�')) throw new StudioError('io', `The server lists a name that is not UTF-8: ${name}.`, { place: shown, remedy: 'Rename it at the server.' });
}

/** The files of a server. Every request ends when the line does. `sayOnce` is told what the server can't do as well as others. */
export function sftpPlace({ sftp, address, ended }: Session, sayOnce: (line: string) => void): Place {
  const shown = (path: string): string => `${address}${path}`;
  // Not a race with `ended`: that would keep every answer until the line ends.
  const waiting = new Set<(error: unknown) => void>();
  let over: { readonly error: unknown } | null = null;
  ended.catch((error: unknown) => {
    over = { error };
    for (const reject of waiting) reject(error);
    waiting.clear();
  });
  const asked = <T>(ask: (answer: Answer<T>) => void): Promise<T> =>
    new Promise<T>((resolve, reject: (error: unknown) => void) => {
      if (over !== null) {
        reject(over.error);
        return;
      }
      waiting.add(reject);
      try {
        ask((error, value) => {
          waiting.delete(reject);
          if (error === null || error === undefined) resolve(value);
          else reject(error);
        });
      } catch (thrown) {
        waiting.delete(reject);
        reject(thrown);
      }
    });
  const told = async <T>(path: string, ask: (answer: Answer<T>) => void): Promise<T> => asked(ask).catch((thrown: unknown) => Promise.reject(fileProblem(thrown, shown(path))));
  const done = (path: string, ask: (answer: Answer<void>) => void): Promise<void> => told<void>(path, ask);

  /** A failure without a reason while writing: is it that nothing more fits? */
  async function whyNotWritten(thrown: unknown, path: string): Promise<StudioError> {
    if (isFailure(thrown)) {
      const disk = await asked<{ readonly f_bavail: unknown }>((answer) => sftp.ext_openssh_statvfs(posix.dirname(path), answer)).catch(() => null);
      if (disk !== null && Number(disk.f_bavail) < 16) return fullProblem(shown(path));
    }
    return fileProblem(thrown, shown(path));
  }
  async function info(path: string): Promise<Info | undefined> {
    try {
      return infoOf(await asked<Stats>((answer) => sftp.stat(path, answer)));
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw fileProblem(thrown, shown(path));
    }
  }
  async function truePath(path: string): Promise<string> {
    const parent = posix.dirname(path);
    try {
      // Servers differ in whether they resolve what is not there: only what is there is asked for.
      await asked((answer: Answer<Stats>) => sftp.lstat(path, answer));
      return await asked<string>((answer) => sftp.realpath(path, answer));
    } catch (thrown) {
      if (!isMissing(thrown)) throw fileProblem(thrown, shown(path));
      return parent === path ? path : posix.join(await truePath(parent), posix.basename(path));
    }
  }
  async function rename(from: string, to: string): Promise<void> {
    const atOnce = await asked<void>((answer) => sftp.ext_openssh_rename(from, to, answer)).then(() => true, (thrown: unknown) => {
      if (thrown instanceof Error && /does not support/.test(thrown.message)) return false;
      throw fileProblem(thrown, shown(to));
    });
    if (atOnce) return;
    sayOnce('the server can’t replace a file in one step (posix-rename@openssh.com): the old one is put aside for a moment');
    if ((await info(to)) === undefined) return done(to, (answer) => sftp.rename(from, to, answer));
    const aside = posix.join(posix.dirname(to), `.${Array.from(posix.basename(to)).slice(0, 40).join('')}.millrace.0.part`);
    if ((await info(aside)) !== undefined) await done(aside, (answer) => sftp.unlink(aside, answer));
    await done(to, (answer) => sftp.rename(to, aside, answer));
    try {
      await done(to, (answer) => sftp.rename(from, to, answer));
    } catch (error) {
      await asked<void>((answer) => sftp.rename(aside, to, answer)).catch(() => undefined);
      throw error;
    }
    await asked<void>((answer) => sftp.unlink(aside, answer)).catch(() => undefined);
  }
  return {
    paths: posix, window: WINDOW, chunk: CHUNK, shown, info, truePath, rename,
    home: () => told<string>('/', (answer) => sftp.realpath('.', answer)),
    async entries(folder) {
      const list = await told<readonly { readonly filename: string; readonly attrs: { readonly mode: number } }[]>(folder, (answer) => sftp.readdir(folder, answer));
      const entries = [];
      for (const { filename: name, attrs } of list) {
        sound(name, shown(folder));
        const kind = modeKind(attrs.mode);
        const followed = kind === 'link' ? ((await info(posix.join(folder, name)).catch(() => undefined))?.kind ?? 'other') : kind;
        entries.push({ name, kind: followed, isLink: kind === 'link' });
      }
      return entries;
    },
    async open(path, how) {
      // To continue a part, what is there must stay: read and write, made where it is missing.
      const handle = await told<Buffer>(path, (answer) => (how === 'read' ? sftp.open(path, 'r', answer) : sftp.open(path, WRITE_FLAGS, answer)));
      return openFile(sftp, handle, path, { asked, done, whyNotWritten, told, sayOnce });
    },
    remove: (path) => done(path, (answer) => sftp.unlink(path, answer)),
    async makeFolder(path) {
      const there = await info(path);
      if (there?.kind === 'folder') return;
      if (there !== undefined) throw new StudioError('io', 'A file stands where a folder should be.', { place: shown(path), remedy: 'Choose another target.' });
      await this.makeFolder(posix.dirname(path));
      await asked<void>((answer) => sftp.mkdir(path, answer)).catch(async (thrown: unknown) => {
        // Another transfer may have made it meanwhile.
        if ((await info(path))?.kind !== 'folder') throw await whyNotWritten(thrown, path);
      });
    },
    dress: (path, like) =>
      asked<void>((answer) => sftp.setstat(path, { mode: like.mode & 0o777, atime: Math.floor(like.atimeMs / 1000), mtime: Math.floor(like.mtimeMs / 1000) }, answer)).catch((thrown: unknown) => {
        const problem = fileProblem(thrown, shown(path));
        if (problem.code === 'timeout' || over !== null || isMissing(thrown)) throw problem;
        sayOnce('the server does not let times and permissions be set: files have the time of their transfer');
      }),
    // The protocol has no word for it.
    syncFolder: () => Promise.resolve(),
  };
}

/** SSH_FXF_READ | SSH_FXF_WRITE | SSH_FXF_CREAT: the protocol's own bits. */
const WRITE_FLAGS = 0x01 | 0x02 | 0x08;

interface Asking {
  readonly asked: <T>(ask: (answer: Answer<T>) => void) => Promise<T>;
  readonly told: <T>(path: string, ask: (answer: Answer<T>) => void) => Promise<T>;
  readonly done: (path: string, ask: (answer: Answer<void>) => void) => Promise<void>;
  readonly whyNotWritten: (thrown: unknown, path: string) => Promise<StudioError>;
  readonly sayOnce: (line: string) => void;
}

function openFile(sftp: SFTPWrapper, handle: Buffer, path: string, { asked, told, done, whyNotWritten, sayOnce }: Asking): OpenFile {
  return {
    async read(position, length) {
      const bytes = Buffer.allocUnsafe(length);
      let have = 0;
      while (have < length) {
        const got = await told<number>(path, (answer) => sftp.read(handle, bytes, have, length - have, position + have, (error, read) => (isEnd(error) ? answer(null, 0) : answer(error, read))));
        if (got === 0) break;
        have += got;
      }
      return bytes.subarray(0, have);
    },
    write: (bytes, position) => asked<void>((answer) => sftp.write(handle, bytes, 0, bytes.length, position, answer)).catch(async (thrown: unknown) => Promise.reject(await whyNotWritten(thrown, path))),
    truncate: (bytes) => done(path, (answer) => sftp.fsetstat(handle, { size: bytes }, answer)),
    size: async () => (await told<Stats>(path, (answer) => sftp.fstat(handle, answer))).size,
    async sync() {
      await asked<void>((answer) => sftp.ext_openssh_fsync(handle, answer as Parameters<SFTPWrapper['ext_openssh_fsync']>[1])).catch(async (thrown: unknown) => {
        if (!(thrown instanceof Error && /does not support/.test(thrown.message))) throw await whyNotWritten(thrown, path);
        sayOnce('the server can’t say when a file is on its disk (fsync@openssh.com)');
      });
    },
    // A handle on a line that has ended is closed with it.
    close: () => asked<void>((answer) => sftp.close(handle, answer)).catch(() => undefined),
  };
}

const isEnd = (error: unknown): boolean => typeof error === 'object' && error !== null && 'code' in error && error.code === 1;
