import { createHash } from 'node:crypto';
import { StudioError } from '#shared/errors';
import type { Info, OpenFile, Place } from '../../connectors/files/place.ts';
import type { Move, Outcome, Rules } from './transfer.ts';

/** From where to where; the same place twice when files stay on one server. */
export interface Ends {
  readonly from: Place;
  readonly to: Place;
}

/** Of a part that is continued, so much at its beginning and its end is compared with the source. */
const COMPARED = 1 << 20;
const nothing = (): undefined => undefined;
const seconds = (ms: number): number => Math.floor(ms / 1000);

const changed = (place: string): StudioError =>
  new StudioError('io', 'The copy is not the same as its source: the source changed meanwhile, or the line or a disk is faulty.', { place, remedy: 'Run again when nothing writes to the file.' });

/** A copy that is not whole yet is told by its target and by what the source was: an old part of a file that has changed is never continued. */
export function partOf({ from, to }: Move, ends: Ends, source: Pick<Info, 'bytes' | 'mtimeMs'>): string {
  const { paths } = ends.to;
  const identity = createHash('sha1').update(JSON.stringify([ends.from.shown(from), paths.basename(to), source.bytes, source.mtimeMs])).digest('hex').slice(0, 16);
  return paths.join(paths.dirname(to), `${partHead(paths.basename(to))}${identity}.part`);
}
/** What every part of a target begins with; short enough for the longest names. */
export const partHead = (name: string): string => `.${Array.from(name).slice(0, 40).join('')}.millrace.`;

/** Reads `begin` to `end` in order with many requests under way. `take` may answer with a write that need not be waited for yet. */
async function pump(file: OpenFile, place: Place, begin: number, end: number, take: (bytes: Buffer, position: number) => Promise<void> | undefined, chunk: number, signal: AbortSignal, shown: string): Promise<void> {
  const reads: Promise<Buffer>[] = [];
  const writes: Promise<void>[] = [];
  const most = Math.max(place.window, 8);
  let asked = begin;
  for (let at = begin; at < end; ) {
    signal.throwIfAborted();
    for (; reads.length < most && asked < end; asked += chunk) {
      const read = file.read(asked, Math.min(chunk, end - asked));
      read.catch(nothing);
      reads.push(read);
    }
    const bytes = (await reads.shift()) ?? Buffer.alloc(0);
    if (bytes.length < Math.min(chunk, end - at)) throw changed(shown);
    const write = take(bytes, at);
    if (write !== undefined) {
      write.catch(nothing);
      writes.push(write);
    }
    // 64 writes of 32 KiB are what a part may lack before its end: see `keptOf`.
    if (writes.length >= WRITES) await writes.shift();
    at += bytes.length;
  }
  await Promise.all(writes);
}
const WRITES = 64;
const CHUNK = 32_768;

async function sha256(file: OpenFile, place: Place, bytes: number, signal: AbortSignal, shown: string): Promise<string> {
  const hash = createHash('sha256');
  await pump(file, place, 0, bytes, (chunk) => void hash.update(chunk), CHUNK, signal, shown);
  return hash.digest('hex');
}

async function hashOf(path: string, place: Place, bytes: number, signal: AbortSignal): Promise<string> {
  const file = await place.open(path, 'read');
  try {
    return await sha256(file, place, bytes, signal, place.shown(path));
  } finally {
    await file.close();
  }
}

/**
 * How much of a part can be kept: all but the last 2 MiB, in which writes may be missing because so many were under way when it was cut,
 * and only if its beginning and its end are the source's.
 */
async function keptOf(source: OpenFile, part: OpenFile, bytes: number): Promise<number> {
  const there = await part.size();
  const kept = Math.floor((there - WRITES * CHUNK) / CHUNK) * CHUNK;
  if (kept <= 0 || there > bytes) return 0;
  for (const at of new Set([0, Math.max(0, kept - COMPARED)])) {
    const length = Math.min(COMPARED, kept - at);
    const [one, other] = await Promise.all([source.read(at, length), part.read(at, length)]);
    if (!one.equals(other)) return 0;
  }
  return kept;
}

/** Copies into the part until it is whole and proven. Answers how many bytes of an earlier part were kept. */
async function fill(move: Move, part: string, ends: Ends, was: Info, verify: Rules['verify'], signal: AbortSignal, afresh: boolean): Promise<number> {
  const shown = ends.from.shown(move.from);
  const source = await ends.from.open(move.from, 'read');
  try {
    const target = await ends.to.open(part, 'write');
    try {
      const kept = afresh ? 0 : await keptOf(source, target, was.bytes);
      if (kept === 0) await target.truncate(0);
      const hash = verify === 'sha256' ? createHash('sha256') : null;
      if (hash !== null) await pump(source, ends.from, 0, kept, (bytes) => void hash.update(bytes), CHUNK, signal, shown);
      await pump(source, ends.from, kept, was.bytes, (bytes, at) => {
        hash?.update(bytes);
        return target.write(bytes, at);
      }, CHUNK, signal, shown);
      await target.sync();
      const now = await ends.from.info(move.from);
      const same = now?.bytes === was.bytes && now.mtimeMs === was.mtimeMs && (await target.size()) === was.bytes && (hash === null || hash.digest('hex') === (await sha256(target, ends.to, was.bytes, signal, shown)));
      if (!same) throw changed(shown);
      return kept;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

const isFull = (error: unknown): boolean => error instanceof Error && /disk is full/.test(error.message);
const isWrong = (error: unknown): boolean => error instanceof Error && error.message.startsWith('The copy is not the same');

async function copy(move: Move, ends: Ends, source: Info, verify: Rules['verify'], signal: AbortSignal): Promise<number> {
  const part = partOf(move, ends, source);
  const begun = (await ends.to.info(part)) !== undefined;
  try {
    const kept = await fill(move, part, ends, source, verify, signal, false).catch((error: unknown) => {
      // What was kept may be what is wrong.
      if (begun && isWrong(error)) return fill(move, part, ends, source, verify, signal, true);
      throw error;
    });
    await ends.to.dress(part, source);
    await ends.to.rename(part, move.to);
    return kept;
  } catch (error) {
    // A cut leaves the part, to be continued; what is wrong, and what fills a disk, goes.
    if (isWrong(error) || isFull(error)) await ends.to.remove(part).catch(nothing);
    throw error;
  }
}

/** Is the target what a finished transfer of this source would have left? Servers keep whole seconds. */
async function finished({ from, to }: Move, ends: Ends, source: Info, there: Info, verify: Rules['verify'], signal: AbortSignal): Promise<boolean> {
  if (source.bytes !== there.bytes || seconds(source.mtimeMs) !== seconds(there.mtimeMs)) return false;
  return verify === 'size' || (await hashOf(from, ends.from, source.bytes, signal)) === (await hashOf(to, ends.to, there.bytes, signal));
}

/** Throws unless both are files, or the target is not there, and they are not one and the same. */
async function checked({ from, to }: Move, ends: Ends): Promise<{ readonly source: Info; readonly there: Info | undefined }> {
  const source = await ends.from.info(from);
  const [place, target] = [ends.from.shown(from), ends.to.shown(to)];
  if (source === undefined) throw new StudioError('io', 'The file or folder doesn’t exist.', { place, remedy: 'Check the path.' });
  if (source.kind !== 'file') throw new StudioError('io', source.kind === 'folder' ? 'A folder stands where a file should be.' : 'This is not an ordinary file but a pipe or a device.', { place, remedy: 'Name files.' });
  const there = await ends.to.info(to);
  if (there !== undefined && there.kind !== 'file') throw new StudioError('io', there.kind === 'folder' ? 'A folder stands where the file should go.' : 'A pipe or a device stands where the file should go.', { place: target, remedy: 'Choose another target.' });
  if (ends.from === ends.to && there !== undefined && (await ends.from.truePath(from)) === (await ends.to.truePath(to))) throw new StudioError('node_failed', 'The source and the target are the same file.', { place, remedy: 'Choose another target.' });
  return { source, there };
}

/** Transfers one file from one place to another. The target is whole or untouched; a moved source goes only when its copy is proven and in place. */
export async function transferBetween(move: Move, ends: Ends, { mode, overwrite, verify }: Rules, signal: AbortSignal): Promise<{ readonly outcome: Outcome; readonly kept: number }> {
  signal.throwIfAborted();
  const { source, there } = await checked(move, ends);
  if (there !== undefined && (overwrite !== 'always' || mode === 'sync')) {
    const same = await finished(move, ends, source, there, verify, signal);
    if (same && mode === 'move') {
      await ends.from.remove(move.from);
      return { outcome: 'moved', kept: 0 };
    }
    if (same || (mode !== 'sync' && (overwrite === 'never' || seconds(source.mtimeMs) <= seconds(there.mtimeMs)))) return { outcome: 'skipped', kept: 0 };
  }
  await ends.to.makeFolder(ends.to.paths.dirname(move.to));
  // On one disk of one server a move is a rename; on two the server says no without a reason, and it is copied.
  if (mode === 'move' && ends.from === ends.to && (await ends.to.rename(move.from, move.to).then(() => true, () => false))) return { outcome: 'moved', kept: 0 };
  const kept = await copy(move, ends, source, verify, signal);
  if (mode === 'move') await ends.from.remove(move.from);
  return { outcome: mode === 'move' ? 'moved' : 'copied', kept };
}
