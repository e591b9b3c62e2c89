import { filesBehind } from '../../connectors/files/behind.ts';
import { checkXlsx } from '../../connectors/files/signature.ts';
import { rangeOf } from '../../connectors/files/xlsx/range.ts';
import { streaming } from '../define.ts';
import { failed } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly path: string;
  readonly sheet: string;
  readonly header: boolean;
  readonly range: string;
  readonly errors: 'null' | 'text' | 'fail';
  readonly filename: boolean;
}

const NO_RANGE = ['“Range” is no part of a sheet.', 'Write it like B3:F100, B:F or A5.'] as const;

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  files: ({ path }, { resolve }) => ({ reads: [resolve(path)] }),
  check: ({ range }) => (rangeOf(range) === null ? [{ field: 'range', message: NO_RANGE[0], remedy: NO_RANGE[1] }] : []),
  async *stream({ path, sheet, header, range: text, errors, filename }, _input, context) {
    const range = rangeOf(text);
    if (range === null) throw failed('range', ...NO_RANGE);
    const files = filesBehind(context.resolve(path));
    for (const file of files) checkXlsx(file.path, file.bytes);
    // Loaded here: what takes workbooks apart is not needed where none is read.
    const { read } = await import('./tables.ts');
    yield* read(files, { sheet, header, range, errors, filename }, context);
  },
});
