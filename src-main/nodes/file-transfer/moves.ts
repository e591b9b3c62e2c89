import { globSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, parse, relative, resolve, sep } from 'node:path';
import { StudioError } from '#shared/errors';
import { isPart, present } from './transfer.ts';
import type { Move } from './transfer.ts';

const isPattern = (path: string): boolean => /[*?[\]{}]/.test(path);

/** Is `path` the folder itself or something in it? */
export const within = (path: string, folder: string): boolean => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** The real path of something that may not be there yet: that of its nearest folder, and the rest. */
export async function truePath(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(await truePath(parent), basename(absolute));
  }
}

/**
 * All ordinary files in a folder and links to such, relative to it, in order. Links to folders are not followed; pipes, devices, dead
 * links and half files of this node are left out.
 */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const isFile = entry.isFile() || (entry.isSymbolicLink() && (await stat(path).then((stats) => stats.isFile(), () => false)));
      return isFile && !isPart(entry.name) ? [relative(folder, path)] : [];
    }),
  );
  return found.flat().toSorted();
}

/** The folder that a pattern starts in: names below it are kept at the target. */
function baseOf(pattern: string): string {
  const { root } = parse(pattern);
  const fixed: string[] = [];
  for (const name of pattern.slice(root.length).split(/[\\/]/)) {
    if (isPattern(name)) break;
    fixed.push(name);
  }
  return join(root, ...fixed);
}

/** What a source means: the files, and the folder it stands for if it is one. */
export async function movesOf(source: string, target: string, intoFolder: boolean): Promise<{ readonly moves: readonly Move[]; readonly folder?: string }> {
  const there = await present(source);
  if (there?.isDirectory() === true) {
    const [from, to] = [await truePath(source), await truePath(target)];
    if (within(to, from)) throw new StudioError('node_failed', 'The target lies in the folder that is transferred.', { place: target, remedy: 'Choose a target outside of it.' });
    return { moves: (await filesIn(source)).map((name) => ({ from: join(source, name), to: join(target, name) })), folder: source };
  }
  if (there !== undefined) {
    const folder = intoFolder || (await present(target))?.isDirectory() === true;
    return { moves: [{ from: source, to: folder ? join(target, basename(source)) : target }] };
  }
  if (!isPattern(source)) throw new StudioError('io', 'The file or folder doesn’t exist.', { place: source, remedy: 'Check the path; relative ones start at the folder of the workflow.' });
  const base = baseOf(source);
  const matches = globSync(source).toSorted();
  if (matches.length === 0) throw new StudioError('io', 'No file matches the pattern.', { place: source, remedy: 'Check the pattern; relative ones start at the folder of the workflow.' });
  const moves: Move[] = [];
  for (const match of matches) if ((await present(match))?.isFile() === true && !isPart(basename(match))) moves.push({ from: match, to: join(target, relative(base, match)) });
  return { moves };
}
