import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import type { BigIntStats, Stats } from 'node:fs';
import { chmod, mkdir, realpath, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '#shared/errors';
import type { EffectProof, FileMark } from '#shared/events';
import { codeOf, explained, present } from '../../connectors/files/local.ts';

/** One file on its way; both paths absolute. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

export interface Rules {
  readonly mode: 'copy' | 'move' | 'sync';
  readonly overwrite: 'never' | 'always' | 'ifNewer';
  readonly verify: 'size' | 'sha256';
}

export type Outcome = 'copied' | 'moved' | 'skipped';

const mark = (stats: BigIntStats): FileMark => ({ ino: String(stats.ino), bytes: Number(stats.size), mtimeNs: String(stats.mtimeNs) });

/** How to tell afterwards whether a file was moved: a rename keeps what it is. Null where it will be copied, to another disk. */
export async function proofOf({ from, to }: Move): Promise<EffectProof | null> {
  try {
    const after = await stat(from, { bigint: true });
    const before = await stat(to, { bigint: true }).catch(() => null);
    for (let folder = dirname(to); ; folder = dirname(folder)) {
      const there = await stat(folder, { bigint: true }).catch(() => null);
      if (there === null && folder !== dirname(folder)) continue;
      return there?.dev === after.dev ? { kind: 'file', path: to, before: before === null ? null : mark(before), after: mark(after) } : null;
    }
  } catch {
    return null;
  }
}

async function sha256(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}

/** Times are equal within what file systems keep of them when they are set. */
const sameTime = (a: Stats, b: Stats): boolean => Math.abs(a.mtimeMs - b.mtimeMs) < 2;

/** Is the target what a finished transfer of this source would have left? */
async function done({ from, to }: Move, source: Stats, there: Stats, verify: Rules['verify'], signal: AbortSignal): Promise<boolean> {
  if (source.size !== there.size || !sameTime(source, there)) return false;
  return verify === 'size' || (await sha256(from, signal)) === (await sha256(to, signal));
}

/** A copy that is not whole yet: with the number of its process, so that it can be told when it is nobody's any more. */
const partPath = (to: string): string => join(dirname(to), `.${basename(to)}.millrace.${process.pid}.part`);
const PART = /^\..+\.millrace\.[0-9a-f]+\.part$/u;
export const isPart = (name: string): boolean => PART.test(name);

async function copyWhole({ from, to }: Move, source: Stats, verify: Rules['verify'], signal: AbortSignal): Promise<void> {
  const part = partPath(to);
  const hash = createHash('sha256');
  let bytes = 0;
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      bytes += chunk.length;
      if (verify === 'sha256') hash.update(chunk);
      pass(null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), watch, createWriteStream(part, { flush: true }), { signal });
    const wrong = (await stat(part)).size !== bytes || bytes !== (await stat(from)).size || (verify === 'sha256' && hash.digest('hex') !== (await sha256(part, signal)));
    if (wrong) throw new StudioError('io', 'The copy is not the same as its source: the source changed meanwhile, or the disk is faulty.', { place: from, remedy: 'Run again when nothing writes to the file.' });
    await chmod(part, source.mode);
    await utimes(part, source.atime, source.mtime);
    await rename(part, to);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}

/** Transfers one file. The target is whole or untouched; a moved source goes only when its copy is proven and in place. */
export async function transfer(move: Move, { mode, overwrite, verify }: Rules, signal: AbortSignal): Promise<Outcome> {
  const { from, to } = move;
  signal.throwIfAborted();
  try {
    const source = await stat(from);
    if (!source.isFile()) throw new StudioError('io', source.isDirectory() ? 'A folder stands where a file should be.' : 'This is not an ordinary file but a pipe or a device.', { place: from, remedy: 'Name files.' });
    const there = await present(to);
    if (there !== undefined && !there.isFile() && !there.isDirectory()) throw new StudioError('io', 'A pipe or a device stands where the file should go.', { place: to, remedy: 'Choose another target.' });
    if (there?.isDirectory() === true) throw new StudioError('io', 'A folder stands where the file should go.', { place: to, remedy: 'Choose another target.' });
    if (there !== undefined) {
      if ((await realpath(from)) === (await realpath(to))) throw new StudioError('node_failed', 'The source and the target are the same file.', { place: from, remedy: 'Choose another target.' });
      if (overwrite !== 'always' || mode === 'sync') {
        const finished = await done(move, source, there, verify, signal);
        if (finished && mode === 'move') {
          await rm(from);
          return 'moved';
        }
        if (finished || (mode !== 'sync' && (overwrite === 'never' || source.mtimeMs <= there.mtimeMs))) return 'skipped';
      }
    }
    await mkdir(dirname(to), { recursive: true });
    if (mode === 'move') {
      const renamed = await rename(from, to).then(() => true, (thrown: unknown) => {
        if (codeOf(thrown) === 'EXDEV') return false;
        throw thrown;
      });
      if (renamed) return 'moved';
    }
    await copyWhole(move, source, verify, signal);
    if (mode !== 'move') return 'copied';
    await rm(from);
    return 'moved';
  } catch (thrown) {
    throw explained(thrown, codeOf(thrown) === 'ENOENT' ? from : to);
  }
}
