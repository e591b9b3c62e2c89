import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '#shared/errors';
import { makeFolder } from '../make-folder.ts';

/** Event data longer than this, in bytes of its JSON, goes to a file of its own. */
export const PAYLOAD_LIMIT = 256 * 1024;

/** How the event's row names the file. No event has a field of this name, so the two are never confused. */
const MARK = '{"$payload":';

/** Whether a row's data names a file. */
export const isPayload = (stored: string): boolean => stored.charCodeAt(2) === 36 && stored.startsWith(MARK);

export interface Payloads {
  /** The text the event's row holds: the JSON itself, or the name of the file that now holds it, on disk and synced. */
  pack(json: string): string;
  /** The other way. Throws io where the file is missing or is not what was written. */
  unpack(stored: string): string;
  /** Removes the file that `stored` names; missing is as good. */
  remove(stored: string): void;
  /** Removes files that no event names, as a crash can leave them. `isNamed` is given the beginning of what an event that names one says. */
  sweep(isNamed: (beginning: string) => boolean): void;
}

const beginningOf = (hash: string): string => `{"sha256":"${hash}","bytes":`;

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
      return `${MARK}${beginningOf(hash)}${bytes.length}}}`;
    },
    unpack(stored) {
      if (!isPayload(stored)) return stored;
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
    remove(stored) {
      const { $payload: named } = JSON.parse(stored) as { $payload: { sha256: string } };
      rmSync(pathOf(named.sha256), { force: true });
    },
    sweep(isNamed) {
      if (!existsSync(folder)) return;
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        const file = /([0-9a-f]{64})\.json(\.[0-9a-f]+\.tmp)?$/.exec(name);
        if (file?.[1] !== undefined && (file[2] !== undefined || !isNamed(`${MARK}${beginningOf(file[1])}`))) rmSync(join(folder, name), { force: true });
      }
    },
  };
}
