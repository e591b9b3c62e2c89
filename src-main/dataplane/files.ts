import { createHash } from 'node:crypto';
import { globSync, statSync } from 'node:fs';

/** Short and as good as the text itself for telling whether it is the same. */
export const shortHash = (text: string): string => createHash('sha1').update(text).digest('base64url');

const isPattern = (path: string): boolean => /[*?[\]{}]/.test(path);

/** Files behind paths and glob patterns, each once, in order; a path without a file stays, so that its absence can be told. */
export function expandFiles(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    found.add(path);
    if (isPattern(path) && statSync(path, { throwIfNoEntry: false }) === undefined) for (const match of globSync(path).toSorted()) found.add(match);
  }
  return [...found];
}

/** Changes whenever one of the files is written, appears or goes: size and time of each. */
export function stampOf(files: readonly string[]): string {
  const stamps = files.map((path) => {
    const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
    return stats === undefined ? `${path} -` : `${path} ${stats.size} ${stats.mtimeNs}`;
  });
  return shortHash(stamps.join('\n'));
}
