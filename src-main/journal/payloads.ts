import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '#shared/errors';
import { makeFolder } from '../make-folder.ts';

/** Event data longer than this, in bytes of its JSON, goes to a file of its own. */
export const PAYLOAD_LIMIT = 256 * 1024;

/** How the event's row names the file. No event has a field of this name, so the two are never confused. */
const MARK = '{"$payload":';

export interface Payloads {
  /** The text the event's row holds: the JSON itself, or the name of the file that now holds it, on disk and synced. */
  pack(json: string): string;
  /** The other way. Throws io where the file is missing or is not what was written. */
  unpack(stored: string): string;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A new name survives a power cut only when its folder is synced too. Windows has no such call and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Content-addressed files in `folder`: the same payload is one file, and a file under its final name is always whole. */
export function createPayloads(folder: string): Payloads {
  const pathOf = (hash: string): string => join(folder, hash.slice(0, 2), `${hash}.json`);

  const write = (hash: string, bytes: Buffer): void => {
    const path = pathOf(hash);
    if (existsSync(path)) return;
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      makeFolder(dirname(path));
      const file = openSync(temporary, 'wx');
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
      syncFolder(dirname(path));
    } catch (thrown) {
      rmSync(temporary, { force: true });
      throw new StudioError('io', 'A large event could not be written beside the journal.', { place: path, remedy: 'Check that the disk is not full and that your user may write there.', detail: String(thrown), cause: thrown });
    }
  };

  return {
    pack(json) {
      // A character is at most three bytes of UTF-8: most texts need no measuring.
      if (json.length * 3 <= PAYLOAD_LIMIT || Buffer.byteLength(json) <= PAYLOAD_LIMIT) return json;
      const bytes = Buffer.from(json);
      const hash = sha256(bytes);
      write(hash, bytes);
      return `${MARK}{"sha256":"${hash}","bytes":${bytes.length}}}`;
    },
    unpack(stored) {
      if (stored.charCodeAt(2) !== 36 || !stored.startsWith(MARK)) return stored;
      const { $payload: named } = JSON.parse(stored) as { $payload: { sha256: string; bytes: number } };
      const path = pathOf(named.sha256);
      let bytes: Buffer;
      try {
        bytes = readFileSync(path);
      } catch (thrown) {
        throw new StudioError('io', 'The file that holds a large event is missing or cannot be read.', { place: path, remedy: 'Restore the file from a copy of the data folder.', detail: String(thrown), cause: thrown });
      }
      if (bytes.length !== named.bytes || sha256(bytes) !== named.sha256) {
        throw new StudioError('io', 'The file that holds a large event is damaged.', { place: path, remedy: 'Restore the file from a copy of the data folder.' });
      }
      return bytes.toString('utf8');
    },
  };
}
