import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { StudioError } from '#shared/errors';

/** A file inside the archive. */
export interface Entry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly packed: number;
  readonly at: number;
}

export interface Zip {
  readonly entries: ReadonlyMap<string, Entry>;
  /** What is in an entry, unpacked as it is read. */
  stream(entry: Entry): Promise<Readable>;
  close(): Promise<void>;
}

const END = 0x06_05_4b_50;
const END_64 = 0x06_06_4b_50;
const CENTRAL = 0x02_01_4b_50;
/** A directory of more is none of a workbook's. */
const MOST_DIRECTORY = 64 * 2 ** 20;
/** Text of a workbook shrinks to a hundredth at most; what swells more than this, and to more than this, is made to fill the memory. */
const MOST_SWELL = 400;
const HARMLESS = 64 * 2 ** 20;

const broken = (path: string, detail: string): StudioError => new StudioError('node_failed', 'The file is cut off or broken: it is no whole ZIP archive.', { place: path, remedy: 'Fetch or write it again; a copy of it may not have been finished.', detail });

async function bytesAt(file: FileHandle, at: number, length: number, path: string): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  if (bytesRead < length) throw broken(path, `Only ${bytesRead} of ${length} bytes are there at ${at}.`);
  return bytes;
}

/** Where the directory is, and how long: the record at the archive's end tells. */
async function directory(file: FileHandle, size: number, path: string): Promise<{ readonly at: number; readonly length: number }> {
  const tail = await bytesAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557), path);
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END) continue;
    const [length, start] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    if (start !== 0xff_ff_ff_ff && length !== 0xff_ff_ff_ff) return { at: start, length };
    const record = at >= 20 ? Number(tail.readBigUInt64LE(at - 20 + 8)) : -1;
    const big = await bytesAt(file, record, 56, path);
    if (big.readUInt32LE(0) === END_64) return { at: Number(big.readBigUInt64LE(48)), length: Number(big.readBigUInt64LE(40)) };
  }
  throw broken(path, 'The record at the end is missing.');
}

function readEntries(bytes: Buffer, path: string): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (let at = 0; at + 46 <= bytes.length; ) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw broken(path, `The directory is broken at ${at}.`);
    const [nameLength, extraLength, noteLength] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    let [packed, where] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)];
    const unpacked = bytes.readUInt32LE(at + 24);
    for (let extra = at + 46 + nameLength; extra + 4 <= at + 46 + nameLength + extraLength; extra += 4 + bytes.readUInt16LE(extra + 2)) {
      if (bytes.readUInt16LE(extra) !== 1) continue;
      let field = extra + 4;
      if (unpacked === 0xff_ff_ff_ff) field += 8;
      if (packed === 0xff_ff_ff_ff) {
        packed = Number(bytes.readBigUInt64LE(field));
        field += 8;
      }
      if (where === 0xff_ff_ff_ff) where = Number(bytes.readBigUInt64LE(field));
    }
    entries.set(name, { name, method: bytes.readUInt16LE(at + 10), encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1, packed, at: where });
    at += 46 + nameLength + extraLength + noteLength;
  }
  return entries;
}

/** Opens an archive. Throws node_failed where it is cut off or broken. */
export async function openZip(path: string): Promise<Zip> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { at, length } = await directory(file, size, path);
    if (length > MOST_DIRECTORY || at + length > size) throw broken(path, 'The directory does not fit the file.');
    const entries = readEntries(await bytesAt(file, at, length, path), path);
    return {
      entries,
      close: () => file.close(),
      async stream(entry) {
        const head = await bytesAt(file, entry.at, 30, path);
        const start = entry.at + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
        if (entry.encrypted) throw new StudioError('unsupported', 'The file is locked with a password.', { place: path, remedy: 'Save it without a password.' });
        const raw = createReadStream(path, { start, end: Math.max(start, start + entry.packed - 1), highWaterMark: 1 << 18 });
        let out = 0;
        const counted = new Transform({
          transform(chunk: Buffer, _encoding, pass) {
            out += chunk.length;
            if (out > HARMLESS && out > entry.packed * MOST_SWELL) pass(new StudioError('node_failed', 'The file swells to far more than a workbook does: it is made to fill the memory.', { place: path, remedy: 'Do not open it, unless you know where it is from.' }));
            else pass(null, chunk);
          },
        });
        const fail = (error: Error): void => void counted.destroy(error.name === 'StudioError' ? error : broken(path, error.message));
        raw.once('error', fail);
        if (entry.method === 0) return entry.packed === 0 ? counted.end() : raw.pipe(counted);
        if (entry.method !== 8) throw new StudioError('unsupported', `The archive uses a compression that is not of a workbook (${entry.method}).`, { place: path, remedy: 'Save it again with Excel.' });
        const unpack = createInflateRaw();
        unpack.once('error', fail);
        counted.once('close', () => {
          raw.destroy();
          unpack.destroy();
        });
        return raw.pipe(unpack).pipe(counted);
      },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
