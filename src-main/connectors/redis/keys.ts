import type { Column } from '#shared/data';
import { StudioError } from '#shared/errors';
import { textOfValue } from '../json-of.ts';
import { filledText, placesIn } from '../template.ts';

/** Makes a row's key of a template such as `user:{id}`; null where a value it needs is NULL. Throws node_failed where a place names no column. */
export function keysOf(template: string, columns: readonly Column[]): (row: readonly unknown[]) => string | null {
  const index = new Map(columns.map(({ name }, at) => [name.toLowerCase(), at]));
  const places = placesIn(template).map((name) => {
    const at = index.get(name.toLowerCase());
    if (at === undefined) throw new StudioError('node_failed', `There is no column “${name}” in the input.`, { place: 'key', remedy: `The columns are: ${columns.slice(0, 20).map((column) => column.name).join(', ')}. Two braces ({{) are a brace itself.` });
    return at;
  });
  return (row) => (places.some((at) => row[at] === null || row[at] === undefined) ? null : filledText(template, (name) => textOfValue(row[index.get(name.toLowerCase()) ?? -1])));
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text. Throws node_failed, naming what they are of, where they are none. */
export function textOfBytes(bytes: Buffer, of: string): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new StudioError('node_failed', `${of} is not text in UTF-8.`, { place: 'encoding', remedy: 'Take the values as binary.', cause });
  }
}
