import { globSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { StudioError } from '#shared/errors';
import { nearest } from '#shared/workflow/nearest';

/** A file to read, and what tells whether it is still the same. */
export interface Found {
  readonly path: string;
  readonly bytes: number;
  readonly stamp: string;
}

const hasPattern = (path: string): boolean => /[*?[\]{}]/.test(path);
const found = (path: string): Found | null => {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined || !stats.isFile() ? null : { path, bytes: Number(stats.size), stamp: `${stats.size} ${stats.mtimeNs}` };
};

function missing(path: string): StudioError {
  const folder = dirname(path);
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return new StudioError('io', `The folder ${folder} doesn't exist.`, { place: path, remedy: 'Check the path; relative ones start at the folder of the workflow.' });
  }
  const near = nearest(basename(path), names);
  return new StudioError('io', "The file doesn't exist.", { place: path, remedy: near === null ? 'Check the path; relative ones start at the folder of the workflow.' : `Did you mean “${near}”?` });
}

/** The files behind a path or pattern, at least one. Throws io naming the path: missing, a folder, a pattern without match, empty. */
export function filesBehind(path: string): readonly Found[] {
  const one = found(path);
  if (one !== null) return [one];
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new StudioError('io', 'This is a folder, not a file.', { place: path, remedy: `Name a file in it, or a pattern such as ${path}/*.csv.` });
  if (statSync(path, { throwIfNoEntry: false }) !== undefined)
    throw new StudioError('io', 'This is not an ordinary file but a pipe or a device.', { place: path, remedy: 'Write its rows to a file first, and name that.' });
  if (!hasPattern(path)) throw missing(path);
  const matches = globSync(path).toSorted().flatMap((match) => found(match) ?? []);
  if (matches.length === 0) throw new StudioError('io', 'No file matches the pattern.', { place: path, remedy: 'Check the folder and the ending; relative paths start at the folder of the workflow.' });
  return matches;
}
