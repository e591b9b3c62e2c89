import { placed, unknownWords } from '../../connectors/files/placed.ts';
import { noRows, stagedAt, telling } from '../../connectors/files/staged.ts';
import { streaming } from '../define.ts';
import { spec } from './spec.ts';

interface Config {
  readonly path: string;
  readonly form: 'file' | 'stream';
  readonly compression: 'none' | 'zstd';
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  files: ({ path }, context) => ({ writes: [context.resolve(placed(path, context))] }),
  check: ({ path }) => unknownWords(path),
  async *stream({ path, form, compression }, input, context) {
    const target = await stagedAt(path, context);
    // Imported here: a workflow that does not write Arrow does not pay for the library.
    const { changedColumns, writeArrow } = await import('../../connectors/files/arrow-write.ts');
    const rows = telling(input ?? noRows(), ({ columns }) => {
      for (const line of changedColumns(columns)) context.console(line);
    });
    await writeArrow(target, rows, { form, compression });
    yield* [];
  },
});
