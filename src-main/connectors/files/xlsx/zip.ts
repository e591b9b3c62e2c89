import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { StudioError } from '#shared/errors';

/** A file inside the archive. */
export interface Part {
  readonly name: string;
  /** What is in it, unpacked only as fast as it is asked for. */
  bytes(): AsyncGenerator<Buffer>;
}

export interface Zip {
  /** Names of a workbook's parts are the same in large and small letters; other writers' slashes are taken for ours. */
  part(name: string): Part | undefined;
  close(): void;
}

/** More parts than this has no workbook. */
const MOST_PARTS = 100_000;
/** Text of a workbook shrinks to a hundredth at most; what swells more than this, and to more than this, is made to fill the memory. */
const MOST_SWELL = 400;
const HARMLESS = 64 * 2 ** 20;

const locked = (path: string): StudioError => new StudioError('unsupported', 'The file is locked with a password.', { place: path, remedy: 'Save it without a password.' });

/** The sentence for what the archive's reader says. */
function said(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown.name === 'StudioError' || 'syscall' in thrown) return thrown;
  if (thrown.message.startsWith('strong encryption')) return locked(path);
  return new StudioError('node_failed', 'The file is cut off or broken: it is no whole ZIP archive.', { place: path, remedy: 'Fetch or write it again; a copy of it may not have been finished.', detail: thrown.message, cause: thrown });
}

async function* unpacked(path: string, zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  if (entry.isEncrypted()) throw locked(path);
  if (!entry.canDecodeFileData()) throw new StudioError('unsupported', `The archive uses a compression that is not of a workbook (${entry.compressionMethod}).`, { place: path, remedy: 'Save it again with Excel.' });
  let out = 0;
  try {
    // Where the loop is left, the stream is destroyed.
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      const bytes = chunk as Buffer;
      out += bytes.length;
      if (out > HARMLESS && out > entry.compressedSize * MOST_SWELL) throw new StudioError('node_failed', 'The file swells to far more than a workbook does: it is made to fill the memory.', { place: path, remedy: 'Do not open it, unless you know where it is from.' });
      yield bytes;
    }
  } catch (thrown) {
    throw said(path, thrown);
  }
}

const plain = (name: string): string => name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();

/** Opens an archive. Throws node_failed where it is cut off or broken. */
export async function openZip(path: string): Promise<Zip> {
  // Names are read here: UTF-8 whether the archive says so or not, and none is refused, since nothing is written to them.
  const zip = await openPromise(path, { autoClose: false, decodeStrings: false }).catch((thrown: unknown) => {
    throw said(path, thrown);
  });
  // After the directory was read only closing can fail so, when nothing more is wanted of the file.
  zip.on('error', () => undefined);
  try {
    if (zip.entryCount > MOST_PARTS) throw new Error(`It has ${zip.entryCount} parts.`);
    const parts = new Map<string, Part>();
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileNameRaw.toString('utf8');
      parts.set(plain(name), { name, bytes: () => unpacked(path, zip, entry) });
    }
    return { part: (name) => parts.get(plain(name)), close: () => zip.close() };
  } catch (thrown) {
    zip.close();
    throw said(path, thrown);
  }
}
