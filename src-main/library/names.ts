import { slug } from '#shared/workflow/seed';

/** Names that Windows keeps for devices, whatever their ending. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/u;
const MOST_BYTES = 120;

/** A name as a file's: letters, digits and dashes of any script, allowed on every system, and short enough to stay so. */
export function fileNameOf(name: string): string {
  let stem = slug(name);
  while (Buffer.byteLength(stem) > MOST_BYTES) stem = Array.from(stem).slice(0, -1).join('');
  return RESERVED.test(stem) ? `${stem}-workflow` : stem;
}

/** `name`, or `name-2`, `name-3` … : the first that isn't taken. Case does not tell names apart. */
export function freeName(name: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map((one) => one.toLowerCase()));
  if (!used.has(name.toLowerCase())) return name;
  let number = 2;
  while (used.has(`${name}-${number}`.toLowerCase())) number++;
  return `${name}-${number}`;
}
