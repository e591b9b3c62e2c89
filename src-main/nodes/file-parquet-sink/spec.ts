import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** One Parquet file, complete under its name or not there at all. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'file.parquet',
  label: { en: 'Write Parquet', zh: '写入 Parquet' },
  summary: { en: 'Writes the rows to one Parquet file; it appears when it is complete.', zh: '将行写入一个 Parquet 文件；写完后文件才会出现。' },
  icon: 'table-columns-split',
  inputs: [ROWS_IN],
  outputs: [],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'Where to write; relative paths start at the workflow’s folder. {date} and {time} are those of the run’s start, {runId} is its id.', zh: '写入位置；相对路径从工作流所在文件夹开始。{date}、{time} 为运行开始的日期与时间，{runId} 为运行编号。' }, widget: { kind: 'path', mode: 'save', extensions: ['parquet'] }, required: true },
    {
      name: 'compression', label: { en: 'Compression', zh: '压缩' }, help: { en: 'zstd makes the smallest files; Snappy is what the oldest readers know.', zh: 'zstd 文件最小；Snappy 兼容最旧的读取程序。' },
      widget: { kind: 'select', options: [option('zstd', 'zstd', 'zstd'), option('snappy', 'Snappy', 'Snappy'), option('gzip', 'gzip', 'gzip'), option('lz4', 'LZ4', 'LZ4'), option('brotli', 'Brotli', 'Brotli'), option('none', 'None', '无')] }, default: 'zstd',
    },
    { name: 'rowGroupRows', label: { en: 'Rows in a group', zh: '每组行数' }, help: { en: 'A reader skips whole groups; smaller groups skip better and weigh more.', zh: '读取时可整组跳过；组越小跳过越准，但文件越大。' }, widget: { kind: 'number', integer: true, min: 2048, max: 10_000_000 }, default: 122_880, advanced: true },
  ],
  keywords: ['parquet', 'columnar', 'save', 'export', '列式', '导出', '保存'],
  repeatable: true,
};
