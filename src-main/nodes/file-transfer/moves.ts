import { StudioError } from '#shared/errors';
import { localPlace } from '../../connectors/files/local.ts';
import type { Place } from '../../connectors/files/place.ts';
import type { Ends } from './between.ts';
import { isPart } from './transfer.ts';
import type { Move } from './transfer.ts';

const isPattern = (path: string): boolean => /[*?[\]{}]/.test(path);

/** Is `path` the folder itself or something in it? */
export const within = (path: string, folder: string, { paths: { sep } }: Place): boolean => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/**
 * All ordinary files in a folder and links to such, relative to it, in order. Links to folders are not followed; pipes, devices, dead
 * links and half files of this node are left out.
 */
export async function filesIn(folder: string, place: Place, depth = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
  const { paths } = place;
  const entries = await place.entries(folder);
  const found: string[] = [];
  for (const { name, kind, isLink } of entries) {
    if (kind === 'file' && !isPart(name)) found.push(name);
    if (kind === 'folder' && !isLink && depth > 1) for (const inner of await filesIn(paths.join(folder, name), place, depth - 1)) found.push(paths.join(name, inner));
  }
  return found.toSorted();
}

/** The folder that a pattern starts in: names below it are kept at the target. */
function baseOf(pattern: string, { paths }: Place): string {
  const { root } = paths.parse(pattern);
  const fixed: string[] = [];
  for (const name of pattern.slice(root.length).split(/[\\/]/)) {
    if (isPattern(name)) break;
    fixed.push(name);
  }
  return paths.join(root, ...fixed);
}

/** The files that a pattern means, in order. Elsewhere than here all names below its fixed part are asked for, as deep as it goes. */
async function matching(pattern: string, base: string, place: Place): Promise<readonly string[]> {
  const { paths } = place;
  if (place === localPlace) {
    const found: string[] = [];
    for (const match of localPlace.glob(pattern)) if ((await place.info(match))?.kind === 'file') found.push(match);
    return found;
  }
  if ((await place.info(base))?.kind !== 'folder') return [];
  const rest = paths.relative(base, pattern);
  const depth = rest.includes('**') ? Number.POSITIVE_INFINITY : rest.split('/').length;
  return (await filesIn(base, place, depth)).map((name) => paths.join(base, name)).filter((path) => paths.matchesGlob(path, pattern));
}

/** What a source means: the files, and the folder it stands for if it is one. */
export async function movesOf(source: string, target: string, intoFolder: boolean, ends: Ends): Promise<{ readonly moves: readonly Move[]; readonly folder?: string }> {
  const { from, to } = ends;
  const place = from.shown(source);
  const local = from === localPlace;
  // A name of one place, as the other writes it.
  const beneath = (name: string): string => to.paths.join(target, ...name.split(from.paths.sep));
  const there = await from.info(source);
  if (there?.kind === 'folder') {
    if (from === to && within(await to.truePath(target), await from.truePath(source), from)) throw new StudioError('node_failed', 'The target lies in the folder that is transferred.', { place: to.shown(target), remedy: 'Choose a target outside of it.' });
    return { moves: (await filesIn(source, from)).map((name) => ({ from: from.paths.join(source, name), to: beneath(name) })), folder: source };
  }
  if (there !== undefined) {
    const folder = intoFolder || (await to.info(target))?.kind === 'folder';
    return { moves: [{ from: source, to: folder ? to.paths.join(target, from.paths.basename(source)) : target }] };
  }
  const start = local ? 'the folder of the workflow' : 'the connection’s folder';
  if (!isPattern(source)) throw new StudioError('io', `The file or folder doesn’t exist${local ? '' : ' on the server'}.`, { place, remedy: `Check the path; relative ones start at ${start}.` });
  const base = baseOf(source, from);
  const matches = await matching(source, base, from);
  if (matches.length === 0) throw new StudioError('io', 'No file matches the pattern.', { place, remedy: `Check the pattern; relative ones start at ${start}.` });
  return { moves: matches.filter((match) => !isPart(from.paths.basename(match))).map((match) => ({ from: match, to: beneath(from.paths.relative(base, match)) })) };
}
