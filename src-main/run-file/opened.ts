import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toErrorInfo } from '#shared/errors';
import { RunId } from '#shared/ids';
import { saveText } from '../library/files.ts';
import type { RunFile } from './format.ts';
import { readRunFile } from './read.ts';

const PREFIX = 'opened-';
const OPENED = /^opened-([0-9a-f]{64})$/u;
/** So many stay in memory: a person looks at one or two. */
const KEPT = 4;

/** Is this the id of a run that was opened from a file? */
export const isOpened = (id: string): boolean => OPENED.test(id);

/** Exported runs that a person has opened: kept in the data folder under the hash of their content, to be looked at, never changed. */
export interface OpenedRuns {
  /** The same content has the same id, today and after a restart. Throws what readRunFile throws. */
  open(text: string): Promise<RunId>;
  /** Null where none of that id is kept, or what is kept can't be read any more. */
  get(id: string): Promise<RunFile | null>;
}

/** `folder` is made by the first that is opened, for its owner alone: it holds rows of somebody's files. */
export function openedRuns(folder: string): OpenedRuns {
  const kept = new Map<string, RunFile>();
  const remember = (id: string, file: RunFile): void => {
    kept.delete(id);
    kept.set(id, file);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) return;
      kept.delete(oldest);
    }
  };
  return {
    async open(text) {
      const file = readRunFile(text);
      const id = RunId.parse(`${PREFIX}${file.sha256}`);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      const path = join(folder, `${file.sha256}.json`);
      await saveText(path, text);
      await chmod(path, 0o600);
      remember(id, file);
      return id;
    },
    async get(id) {
      const [, hash] = OPENED.exec(id) ?? [];
      if (hash === undefined) return null;
      const known = kept.get(id);
      if (known !== undefined) {
        remember(id, known);
        return known;
      }
      try {
        const file = readRunFile(await readFile(join(folder, `${hash}.json`), 'utf8'));
        if (file.sha256 !== hash) return null;
        remember(id, file);
        return file;
      } catch (thrown) {
        const { code } = toErrorInfo(thrown);
        if (code === 'invalid_input' || code === 'unsupported' || (thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw thrown;
      }
    },
  };
}
