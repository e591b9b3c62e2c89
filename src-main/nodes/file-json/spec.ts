import type { NodeSpec } from '#shared/node-spec';
import { ROWS_OUT } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** JSON objects as rows: their keys become columns. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'file.json',
  label: { en: 'Read JSON', zh: '读取 JSON' },
  summary: { en: 'Reads JSON objects as rows: an array of them, or one a line. Their keys become columns.', zh: '将 JSON 对象读为行：一个数组，或每行一个对象。对象的键成为列。' },
  icon: 'braces',
  inputs: [],
  outputs: [ROWS_OUT, { name: 'rejected', label: { en: 'Bad lines', zh: '坏行' } }],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'A file, or a pattern such as data/*.json; .gz and .zst are unpacked.', zh: '文件路径，或 data/*.json 这样的通配模式；.gz 与 .zst 会自动解压。' }, widget: { kind: 'path', mode: 'open', glob: true, extensions: ['json', 'ndjson', 'jsonl', 'gz', 'zst'] }, required: true },
    {
      name: 'format', label: { en: 'Form', zh: '形式' }, help: { en: 'How the objects stand in the file; automatic looks at its beginning.', zh: '对象在文件中的排列方式；“自动”查看文件开头。' },
      widget: { kind: 'select', options: [option('auto', 'Automatic', '自动'), option('array', 'One array', '一个数组'), option('lines', 'One object a line', '每行一个对象')] }, default: 'auto',
    },
    { name: 'columns', label: { en: 'Types', zh: '类型' }, help: { en: 'Types of columns that are not to be guessed: name and DuckDB type.', zh: '不希望自动判断的列的类型：列名与 DuckDB 类型。' }, widget: { kind: 'map', keyLabel: { en: 'Column', zh: '列' }, valueLabel: { en: 'Type', zh: '类型' } }, default: {} },
    {
      name: 'onBadRow', label: { en: 'Bad lines', zh: '坏行' }, help: { en: 'A line that is no JSON or whose value does not fit its column: stop, leave it out and count it, or send it to “Bad lines”. Only with one object a line.', zh: '不是 JSON 或值与列类型不符的行：停止、跳过并计数，或送到“坏行”端口。仅适用于每行一个对象。' },
      widget: { kind: 'select', options: [option('fail', 'Stop', '停止'), option('skip', 'Leave out', '跳过'), option('collect', 'Collect', '收集')] }, default: 'fail',
    },
    { name: 'filename', label: { en: 'Column with the file’s name', zh: '文件名列' }, help: { en: 'Adds a column `filename` with the path of the file that a row is from.', zh: '增加 `filename` 列，内容为该行所在文件的路径。' }, widget: { kind: 'boolean' }, default: false, advanced: true },
  ],
  keywords: ['json', 'ndjson', 'jsonl', 'objects', '对象'],
  repeatable: true,
};
