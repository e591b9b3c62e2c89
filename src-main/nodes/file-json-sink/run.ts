import { jsonValue } from '../../connectors/files/json.ts';
import { placed, unknownWords } from '../../connectors/files/placed.ts';
import { parseType } from '../../connectors/files/types.ts';
import { describing } from '../define.ts';
import { ident, only } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly path: string;
  readonly format: 'auto' | 'array' | 'lines';
  readonly append: boolean;
  readonly compression: 'auto' | 'none' | 'gzip' | 'zstd';
}

const PACKED: Readonly<Record<string, string>> = { gz: 'gzip', zst: 'zstd' };
const packing = ({ path, compression }: Config): string => (compression === 'auto' ? (PACKED[/\.(gz|zst)$/i.exec(path)?.[1]?.toLowerCase() ?? ''] ?? 'none') : compression);
const asLines = ({ path, format }: Config): boolean => (format === 'auto' ? /\.(ndjson|jsonl)(\.(gz|zst))?$/i.test(path) : format === 'lines');

export default describing<Config>({
  spec,
  fusing: () => 'sink',
  files: ({ path }, context) => ({ writes: [context.resolve(placed(path, context))] }),
  repeatable: ({ append }) => !append,
  check: (config) => [
    ...unknownWords(config.path),
    ...(config.append && !asLines(config) ? [{ field: 'append', message: 'Nothing can be appended to an array: its end is written already.', remedy: 'Choose one object a line, or put {runId} into the path to write a new file each time.' }] : []),
  ],
  describe(config, inputs, context) {
    const { sql, columns } = only(inputs);
    const packed = packing(config);
    const list = columns.map(({ name, type }) => `${jsonValue(parseType(type), ident(name))} AS ${ident(name)}`);
    return {
      write: { kind: 'copy', select: `SELECT ${list.join(', ')} FROM ${sql}`, path: context.resolve(placed(config.path, context)), options: `FORMAT json${asLines(config) ? '' : ', ARRAY true'}${packed === 'none' ? '' : `, COMPRESSION ${packed}`}`, append: config.append },
    };
  },
});
