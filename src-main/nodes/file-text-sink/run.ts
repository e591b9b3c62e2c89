import { placed } from '../../connectors/files/placed.ts';
import { noRows, stagedAt } from '../../connectors/files/staged.ts';
import { either } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { only } from '../sql.ts';
import { copyOf } from './copy.ts';
import { spec } from './spec.ts';
import { formatOf, problemsOf } from './target.ts';
import type { Config } from './target.ts';

const streams = (config: Config): boolean => ['arrow', 'xlsx'].includes(formatOf(config));

/** Writes what DuckDB has no COPY for. A sink has no rows to pass on. */
async function written(config: Config, input: AsyncIterable<Batch> | null, context: StreamContext): Promise<readonly Batch[]> {
  const target = await stagedAt(config.path, context);
  // Imported here: a workflow that writes neither format does not pay for the two libraries.
  if (formatOf(config) === 'arrow') await (await import('../../connectors/files/arrow-write.ts')).writeArrow(target, input ?? noRows());
  else await (await import('../../connectors/files/xlsx-write.ts')).writeXlsx(target, { header: config.header, sheet: 'Sheet1' }, input ?? noRows());
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
