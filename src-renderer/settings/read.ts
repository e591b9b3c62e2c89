/** A whole number within bounds; null for nothing, undefined for anything else. */
export function readWhole(text: string, min: number, max: number): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (!/^\d+$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return value >= min && value <= max ? value : undefined;
}

/** A full path, POSIX or Windows; undefined for anything else. */
export const readFolder = (text: string): string | undefined => (/^(\/|[A-Za-z]:[\\/]|\\\\)/.test(text.trim()) ? text.trim() : undefined);
