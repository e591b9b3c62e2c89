import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '#shared/errors';
import type { Batch, StreamContext } from '../../nodes/define.ts';
import { placed } from './placed.ts';

/** The temporary name to write to, its folder made. Throws io where a folder stands in the file's place. */
export async function stagedAt(path: string, context: StreamContext): Promise<string> {
  const full = context.resolve(placed(path, context));
  if (existsSync(full) && statSync(full).isDirectory()) throw new StudioError('io', 'A folder stands where the file should be written.', { place: full, remedy: 'Choose another name.' });
  await mkdir(dirname(full), { recursive: true });
  return context.stage(full);
}

/** Rows that never come. */
export async function* noRows(): AsyncGenerator<Batch> {
  yield* [];
}

/** Tells lines for the console about the columns, once, when they are known. */
export async function* telling(batches: AsyncIterable<Batch>, tell: (batch: Batch) => void): AsyncGenerator<Batch> {
  let told = false;
  for await (const batch of batches) {
    if (!told) tell(batch);
    told = true;
    yield batch;
  }
}
