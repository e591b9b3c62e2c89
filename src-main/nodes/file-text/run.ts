import { globSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StudioError } from '#shared/errors';
import { streaming } from '../define.ts';
import type { Batch } from '../define.ts';
import { decoded } from './decode.ts';
import type { Encoding } from './decode.ts';
import { spec } from './spec.ts';

interface Config {
  readonly path: string;
  readonly mode: 'lines' | 'whole';
  readonly encoding: Encoding;
}

const ROWS = 8192;
/** Letters a line, or a whole file, may have: far more than a line of text, and less than what a JavaScript string can hold. */
const LONGEST = 1 << 28;

/** The file of that name, or those that match the pattern, in order of their names. */
async function filesOf(path: string): Promise<readonly string[]> {
  const there = await stat(path).catch(() => null);
  if (there?.isFile() === false && !there.isDirectory()) throw new StudioError('io', 'This is not an ordinary file but a pipe or a device.', { place: path, remedy: 'Write its text to a file first, and name that.' });
  if (there !== null) return [path];
  if (!/[*?[\]{}]/.test(path)) return [path];
  const found = globSync(path).toSorted();
  if (found.length === 0) throw new StudioError('io', 'No file matches the pattern.', { place: path, remedy: 'Check the pattern; relative ones start at the folder of the workflow.' });
  const kinds = await Promise.all(found.map(async (one) => ((await stat(one)).isFile() ? [one] : [])));
  return kinds.flat();
}

const tooLong = (path: string, what: string): StudioError =>
  new StudioError('node_failed', `${what} has more than ${LONGEST.toLocaleString('en')} letters.`, { place: path, remedy: 'Check that it is a text file; read it line by line.' });

/** Lines as written, without their ends (\n or \r\n). An end at the very end of the file starts no further line. */
async function* linesOf(path: string, encoding: Encoding, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const text of decoded(path, encoding, signal)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST) throw tooLong(path, 'A line');
    yield lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }
  if (rest !== '') yield [rest.endsWith('\r') ? rest.slice(0, -1) : rest];
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  files: ({ path }, context) => ({ reads: [context.resolve(path)] }),
  async *stream({ path, mode, encoding }, _input, context): AsyncGenerator<Batch> {
    const columns = mode === 'whole' ? [{ name: 'value', type: 'VARCHAR' }, { name: 'file', type: 'VARCHAR' }] : [{ name: 'value', type: 'VARCHAR' }, { name: 'line', type: 'BIGINT' }];
    const files = await filesOf(context.resolve(path));
    yield { columns, rows: [] };
    let rows: (readonly [string, bigint | string])[] = [];
    for (const file of files) {
      if (mode === 'whole') {
        let whole = '';
        for await (const text of decoded(file, encoding, context.signal)) {
          whole += text;
          if (whole.length > LONGEST) throw tooLong(file, 'The file');
        }
        yield { columns, rows: [[whole, file]] };
        continue;
      }
      let line = 0n;
      for await (const lines of linesOf(file, encoding, context.signal)) {
        for (const value of lines) {
          line += 1n;
          rows.push([value, line]);
          if (rows.length === ROWS) {
            yield { columns, rows };
            rows = [];
          }
        }
      }
    }
    if (rows.length > 0) yield { columns, rows };
  },
});
