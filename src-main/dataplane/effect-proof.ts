import { statSync } from 'node:fs';
import type { EffectProof, FileMark } from '#shared/events';

/** What a file is, in three numbers that a rename keeps; null where there is none. Throws the system's error where it can't be looked at. */
export function markOf(path: string): FileMark | null {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? null : { ino: String(stats.ino), bytes: Number(stats.size), mtimeNs: String(stats.mtimeNs) };
}

/** Is it the same file, with nothing written since? */
export const sameMark = (a: FileMark | null, b: FileMark | null): boolean => a === b || (a !== null && b !== null && a.ino === b.ino && a.bytes === b.bytes && a.mtimeNs === b.mtimeNs);

/**
 * Has an effect happened whose intent was written before the process died? `unknown` where the file is neither what it was nor what it
 * was to become: somebody else has written it since, or it can't be looked at. `look` reads a mark.
 */
export function tellEffect({ path, before, after }: EffectProof, look: (path: string) => FileMark | null = markOf): 'happened' | 'not' | 'unknown' {
  let now: FileMark | null;
  try {
    now = look(path);
  } catch {
    return 'unknown';
  }
  if (sameMark(now, after)) return 'happened';
  return sameMark(now, before) ? 'not' : 'unknown';
}
