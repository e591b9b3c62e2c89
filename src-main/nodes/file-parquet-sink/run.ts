import { changedType, parquetType } from '../../connectors/files/parquet.ts';
import { placed, unknownWords } from '../../connectors/files/placed.ts';
import { parseType, typeText } from '../../connectors/files/types.ts';
import { describing } from '../define.ts';
import { castOrFail, failed, ident, only } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly path: string;
  readonly compression: 'zstd' | 'snappy' | 'gzip' | 'lz4' | 'brotli' | 'none';
  readonly rowGroupRows: number;
}

export default describing<Config>({
  spec,
  fusing: () => 'sink',
  files: ({ path }, context) => ({ writes: [context.resolve(placed(path, context))] }),
  check: ({ path }) => unknownWords(path),
  describe({ path, compression, rowGroupRows }, inputs, context) {
    const { sql, columns } = only(inputs);
    if (columns.length === 0) throw failed('path', 'The rows have no columns, and a Parquet file needs at least one.', 'Keep a column before this node.');
    const list = columns.map(({ name, type }) => {
      const own = parseType(type);
      const written = typeText(parquetType(own));
      if (written === typeText(own)) return ident(name);
      return `${type.endsWith('HUGEINT') ? castOrFail(ident(name), written, name) : `CAST(${ident(name)} AS ${written})`} AS ${ident(name)}`;
    });
    return {
      write: { kind: 'copy', select: `SELECT ${list.join(', ')} FROM ${sql}`, path: context.resolve(placed(path, context)), options: `FORMAT parquet, COMPRESSION ${compression === 'none' ? 'uncompressed' : compression}, ROW_GROUP_SIZE ${rowGroupRows}`, append: false },
      notices: columns.flatMap((column) => changedType(column, parquetType) ?? []),
    };
  },
});
