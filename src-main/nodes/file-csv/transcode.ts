import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import iconv from 'iconv-lite';
import { StudioError } from '#shared/errors';
import type { Found } from '../../connectors/files/behind.ts';

/** What the engine reads itself: its name for it. */
export const NATIVE: Readonly<Record<string, string | null>> = { 'utf-8': null, utf8: null, latin1: 'latin-1', 'latin-1': 'latin-1', 'iso-8859-1': 'latin-1' };

/** A copy in UTF-8 in the run's own folder, made by streaming. Throws invalid_input for an encoding nobody knows. */
export async function transcode(file: Found, encoding: string, scratch: string): Promise<Found> {
  const known: boolean = iconv.encodingExists(encoding);
  if (!known) throw new StudioError('invalid_input', `There is no encoding “${encoding}”.`, { place: 'encoding', remedy: 'Use utf-8, utf-16, latin1, gb18030 or another of its kind.' });
  const path = join(scratch, `${createHash('sha1').update(`${file.path} ${file.stamp} ${encoding}`).digest('hex')}.csv`);
  if (!existsSync(path)) await pipeline(createReadStream(file.path), iconv.decodeStream(encoding), iconv.encodeStream('utf-8'), createWriteStream(path));
  return { ...file, path };
}
