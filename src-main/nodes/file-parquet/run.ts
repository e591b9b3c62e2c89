import { filesBehind } from '../../connectors/files/behind.ts';
import { checkParquet } from '../../connectors/files/signature.ts';
import { describing } from '../define.ts';
import type { Description } from '../define.ts';
import { column, ident, text } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly path: string;
  readonly columns: readonly string[];
  readonly hive: boolean;
  readonly filename: boolean;
}

export default describing<Config>({
  spec,
  fusing: () => 'source',
  files: ({ path }, { resolve }) => ({ reads: [resolve(path)] }),
  async describe({ path, columns, hive, filename }, _inputs, context): Promise<Description> {
    const files = filesBehind(context.resolve(path));
    for (const file of files) checkParquet(file.path, file.bytes);
    const list = `[${files.map((file) => text(file.path)).join(', ')}]`;
    const from = `FROM read_parquet(${list}, hive_partitioning = ${hive}, union_by_name = ${files.length > 1}, filename = ${filename})`;
    const stamp = files.map((file) => file.stamp).join();
    const rows = await context.remember(`parquet rows ${list}`, stamp, async () => Number((await context.query(`SELECT sum(num_rows)::BIGINT AS n FROM parquet_file_metadata(${list})`))[0]?.['n'] ?? 0));
    if (columns.length === 0) return { outputs: { out: `SELECT * ${from}` }, expectedRows: rows };
    const known = await context.columns(`SELECT * ${from}`);
    const names = columns.map((name, index) => ident(column(known, name, `columns[${index}]`, 'the file').name));
    if (filename && !columns.includes('filename')) names.push('filename');
    return { outputs: { out: `SELECT ${names.join(', ')} ${from}` }, expectedRows: rows };
  },
});
