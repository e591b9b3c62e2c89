import { placed, unknownWords } from '../../connectors/files/placed.ts';
import { noRows, stagedAt } from '../../connectors/files/staged.ts';
import { streaming } from '../define.ts';
import { spec } from './spec.ts';

interface Config {
  readonly path: string;
  readonly sheet: string;
  readonly header: boolean;
}

/** What Excel refuses as the name of a sheet. */
const isName = (name: string): boolean => name.trim() !== '' && name.length <= 31 && !/[[\]:*?/\\]/.test(name) && !/^'|'$/.test(name) && name.toLowerCase() !== 'history';

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  files: ({ path }, context) => ({ writes: [context.resolve(placed(path, context))] }),
  check: ({ path, sheet }) => [...unknownWords(path), ...(isName(sheet) ? [] : [{ field: 'sheet', message: `A sheet can’t be called “${sheet}”.`, remedy: 'Use at most 31 letters, without [ ] : * ? / \\ and not beginning or ending with an apostrophe.' }])],
  async *stream({ path, sheet, header }, input, context) {
    const target = await stagedAt(path, context);
    // Imported here: a workflow that does not write Excel does not pay for the library.
    const { writeXlsx } = await import('../../connectors/files/xlsx-write.ts');
    await writeXlsx(target, { header, sheet }, input ?? noRows());
    yield* [];
  },
});
