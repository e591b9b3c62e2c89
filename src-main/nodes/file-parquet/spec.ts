import type { NodeSpec } from '#shared/node-spec';
import { ROWS_OUT } from '../ports.ts';

/** Parquet files as rows, column by column: what nobody asks for is not read. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'file.parquet',
  label: { en: 'Read Parquet', zh: '读取 Parquet' },
  summary: { en: 'Reads Parquet files; only the columns and rows that are used are fetched from them.', zh: '读取 Parquet 文件；只从中取用到的列与行。' },
  icon: 'columns-3',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'A file, or a pattern such as data/**/*.parquet: a column that one of many files lacks is NULL there.', zh: '文件路径，或 data/**/*.parquet 这样的通配模式；某个文件缺少的列在其中为 NULL。' }, widget: { kind: 'path', mode: 'open', glob: true, extensions: ['parquet'] }, required: true },
    { name: 'columns', label: { en: 'Columns', zh: '列' }, help: { en: 'The columns to read, in this order; all of them when left empty.', zh: '要读取的列及其顺序；留空则读取全部。' }, widget: { kind: 'strings' }, default: [] },
    { name: 'hive', label: { en: 'Columns from folders', zh: '文件夹中的列' }, help: { en: 'Folders named like year=2024 become columns.', zh: '名如 year=2024 的文件夹会变成列。' }, widget: { kind: 'boolean' }, default: true },
    { name: 'filename', label: { en: 'Column with the file’s name', zh: '文件名列' }, help: { en: 'Adds a column `filename` with the path of the file that a row is from.', zh: '增加 `filename` 列，内容为该行所在文件的路径。' }, widget: { kind: 'boolean' }, default: false, advanced: true },
  ],
  keywords: ['parquet', 'columnar', 'hive', '列式'],
  repeatable: true,
};
