import type { NodeSpec } from '#shared/node-spec';
import { ROWS_OUT } from '../ports.ts';

/** Text files, line by line or each as a whole. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'file.text',
  label: { en: 'Text file', zh: '文本文件' },
  summary: { en: 'Reads text files line by line, or each as a whole.', zh: '逐行读取文本文件，或整篇读取。' },
  icon: 'file-text',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'A file, or a pattern for several (logs/*.txt); relative paths start at the workflow’s folder.', zh: '文件，或匹配多个文件的模式（logs/*.txt）；相对路径从工作流所在文件夹开始。' }, widget: { kind: 'path', mode: 'open', glob: true }, required: true },
    {
      name: 'mode', label: { en: 'Rows', zh: '行模式' },
      help: { en: 'One row a line, with the columns `value` and `line` (its number in the file); or one row a file, with `value` and `file`.', zh: '每行一条（列 `value` 与行号 `line`），或每个文件一条（列 `value` 与 `file`）。' },
      widget: { kind: 'select', options: [{ value: 'lines', label: { en: 'Lines', zh: '逐行' } }, { value: 'whole', label: { en: 'Whole files', zh: '整个文件' } }] },
      default: 'lines',
    },
    {
      name: 'encoding', label: { en: 'Encoding', zh: '编码' }, help: { en: 'How the file’s letters are stored. A mark at its start (BOM) is taken off.', zh: '文件的字符编码；文件开头的 BOM 会被去掉。' },
      widget: { kind: 'select', options: ['utf-8', 'utf-16', 'latin1', 'gb18030'].map((value) => ({ value, label: { en: value.toUpperCase(), zh: value.toUpperCase() } })) },
      default: 'utf-8',
    },
  ],
  keywords: ['txt', 'log', 'lines', 'read', '日志', '读取', '文本'],
  repeatable: true,
};
