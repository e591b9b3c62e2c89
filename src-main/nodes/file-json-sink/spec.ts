import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** Rows as JSON objects: one array, or one object a line. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'file.json',
  label: { en: 'Write JSON', zh: '写入 JSON' },
  summary: { en: 'Writes the rows as JSON objects: one array, or one object a line. The file appears when it is complete.', zh: '将行写为 JSON 对象：一个数组，或每行一个对象。写完后文件才会出现。' },
  icon: 'file-braces',
  inputs: [ROWS_IN],
  outputs: [],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'Where to write; relative paths start at the workflow’s folder. {date} and {time} are those of the run’s start, {runId} is its id.', zh: '写入位置；相对路径从工作流所在文件夹开始。{date}、{time} 为运行开始的日期与时间，{runId} 为运行编号。' }, widget: { kind: 'path', mode: 'save', extensions: ['json', 'ndjson', 'jsonl'] }, required: true },
    {
      name: 'format', label: { en: 'Form', zh: '形式' }, help: { en: 'Automatic writes lines for .ndjson and .jsonl, else one array.', zh: '“自动”对 .ndjson 与 .jsonl 按行写，其余写为一个数组。' },
      widget: { kind: 'select', options: [option('auto', 'Automatic', '自动'), option('array', 'One array', '一个数组'), option('lines', 'One object a line', '每行一个对象')] }, default: 'auto',
    },
    { name: 'append', label: { en: 'Append', zh: '追加' }, help: { en: 'Add lines to the end of a file that exists; otherwise it is replaced.', zh: '在已有文件末尾追加行；否则替换该文件。' }, widget: { kind: 'boolean' }, default: false, visibleWhen: { param: 'format', equals: ['auto', 'lines'] } },
    {
      name: 'compression', label: { en: 'Compression', zh: '压缩' }, help: { en: 'Automatic goes by the ending: .gz or .zst.', zh: '“自动”按扩展名判断：.gz 或 .zst。' },
      widget: { kind: 'select', options: [option('auto', 'Automatic', '自动'), option('none', 'None', '无'), option('gzip', 'gzip', 'gzip'), option('zstd', 'zstd', 'zstd')] }, default: 'auto', advanced: true,
    },
  ],
  keywords: ['json', 'ndjson', 'jsonl', 'save', 'export', '导出', '保存'],
  repeatable: true,
};
