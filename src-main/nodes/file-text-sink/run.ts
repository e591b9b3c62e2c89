import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '#shared/errors';
import { either } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { only } from '../sql.ts';
import { copyOf } from './copy.ts';
import { spec } from './spec.ts';
import { formatOf, placed, problemsOf } from './target.ts';
import type { Config } from './target.ts';

const streams = (config: Config): boolean => ['arrow', 'xlsx'].includes(formatOf(config));

async function* none(): AsyncGenerator<Batch> {}

/** Writes what DuckDB has no COPY for. A sink has no rows to pass on. */
async function written(config: Config, input: AsyncIterable<Batch> | null, context: StreamContext): Promise<readonly Batch[]> {
  const path = context.resolve(placed(config.path, context));
  if (existsSync(path) && statSync(path).isDirectory()) throw new StudioError('io', 'A folder stands where the file should be written.', { place: path, remedy: 'Choose another name.' });
  await mkdir(dirname(path), { recursive: true });
  const target = context.stage(path);
  // Imported here: a workflow that writes neither format does not pay for the two libraries.
  if (formatOf(config) === 'arrow') await (await import('./arrow.ts')).writeArrow(target, input ?? none());
  else await (await import('./xlsx.ts')).writeXlsx(target, config.header, input ?? none());
  return [];
}

export default either<Config>({
  spec,
  fusing: (config) => (streams(config) ? 'stream' : 'sink'),
  files: ({ path }, context) => ({ writes: [context.resolve(placed(path, context))] }),
  repeatable: ({ append }) => !append,
  check: problemsOf,
  describe: (config, inputs, context) => ({ write: copyOf(config, only(inputs), context.resolve(placed(config.path, context))) }),
  async *stream(config, input, context) {
    yield* await written(config, input, context);
  },
});
