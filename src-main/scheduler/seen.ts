import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';
import type { ScheduleTimes } from '#shared/schedule/schedule';

/** Path below the root → what a file is there. A root that is a file has the path ''. */
export type Listing = ReadonlyMap<string, string>;

export type WatchTimes = Extract<ScheduleTimes, { readonly kind: 'watch' }>;
type ChangeKind = WatchTimes['events'][number];

/** A listing of more files is remembered as one hash: then nothing tells an addition from a removal. */
const MOST_LISTED = 256;
const TOKEN = 6;

const isGone = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');

/** The files at a path that count, as they are now; null where there is nothing at the path. Throws where it can't be read. */
export async function listingOf(root: string, glob?: string): Promise<Listing | null> {
  const found = new Map<string, string>();
  const top = await stateOf(root);
  if (top === null) return null;
  if (!top.isFolder) return found.set('', top.text);
  // A glob without a folder in it is about the folder itself.
  const isDeep = glob === undefined || glob.includes('/') || glob.includes('**');
  const walk = async (folder: string, below: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (isDeep) await walk(join(folder, entry.name), name).catch(unlessGone);
      } else if (glob === undefined || matchesGlob(name, glob)) {
        const state = await stateOf(join(folder, entry.name));
        if (state !== null && !state.isFolder) found.set(name, state.text);
      }
    }
  };
  await walk(root, '');
  return found;
}

const unlessGone = (thrown: unknown): void => {
  if (!isGone(thrown)) throw thrown;
};

async function stateOf(path: string): Promise<{ readonly isFolder: boolean; readonly text: string } | null> {
  try {
    const found = await stat(path);
    return { isFolder: found.isDirectory(), text: `${found.size}:${found.mtimeMs}` };
  } catch (thrown) {
    unlessGone(thrown);
    return null;
  }
}

const token = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, TOKEN);

/** A listing as a text that the journal can keep: a pair of hashes a file, or one hash of all where there are many. Equal listings give equal texts. */
export function seenText(listing: Listing): string {
  const files = [...listing].toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (files.length > MOST_LISTED) return `all:${createHash('sha256').update(JSON.stringify(files)).digest('hex')}`;
  return `each:${files.map(([path, state]) => token(path) + token(state)).join('')}`;
}

/** Whether something has come about between two looks that such events tell of. */
export function hasChanged(before: string, now: string, events: readonly ChangeKind[]): boolean {
  if (before === now) return false;
  if (!before.startsWith('each:') || !now.startsWith('each:')) return true;
  const [old, fresh] = [pairs(before), pairs(now)];
  return (
    (events.includes('added') && [...fresh.keys()].some((path) => !old.has(path))) ||
    (events.includes('changed') && [...fresh].some(([path, state]) => old.has(path) && old.get(path) !== state)) ||
    (events.includes('removed') && [...old.keys()].some((path) => !fresh.has(path)))
  );
}

function pairs(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = 'each:'.length; at < text.length; at += 2 * TOKEN) found.set(text.slice(at, at + TOKEN), text.slice(at + TOKEN, at + 2 * TOKEN));
  return found;
}
