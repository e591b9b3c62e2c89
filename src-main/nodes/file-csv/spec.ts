import type { NodeSpec } from '#shared/node-spec';
import { ROWS_OUT } from '../ports.ts';

/** Text tables: one file, or all that a pattern matches. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'file.csv',
  label: { en: 'CSV file', zh: 'CSV 文件' },
  summary: { en: 'Reads CSV and similar text tables; delimiter and types are found by looking at the file.', zh: '读取 CSV 等文本表格；自动识别分隔符和类型。' },
  icon: 'file-spreadsheet',
  inputs: [],
  outputs: [ROWS_OUT, { name: 'rejected', label: { en: 'Bad lines', zh: '错误行' } }],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'A file, or a pattern such as data/*.csv.', zh: '文件路径，或 data/*.csv 这样的通配模式。' }, widget: { kind: 'path', mode: 'open', glob: true, extensions: ['csv', 'tsv', 'txt', 'gz'] }, required: true },
    { name: 'delimiter', label: { en: 'Delimiter', zh: '分隔符' }, help: { en: 'What stands between two values; found out when left empty. \\t is a tab.', zh: '两个值之间的分隔符；留空则自动识别。\\t 表示制表符。' }, widget: { kind: 'text', placeholder: ',', maxLength: 4 }, default: '' },
    { name: 'skipHeader', label: { en: 'First line names the columns', zh: '首行为列名' }, help: { en: 'Turn it off when the file starts with data: columns are then called column0, column1 …', zh: '若文件直接以数据开头请关闭：列名将为 column0、column1 …' }, widget: { kind: 'boolean' }, default: true },
    {
      name: 'encoding',
      label: { en: 'Encoding', zh: '编码' },
      help: { en: 'How letters were written as bytes.', zh: '文字以何种编码保存。' },
      widget: {
        kind: 'select',
        options: ['utf-8', 'utf-16', 'latin1', 'windows-1252', 'gb18030', 'gbk', 'big5', 'shift_jis', 'euc-kr', 'windows-1251'].map((value) => ({ value, label: { en: value.toUpperCase(), zh: value.toUpperCase() } })),
      },
      default: 'utf-8',
    },
    {
      name: 'onBadRow',
      label: { en: 'Bad lines', zh: '错误行' },
      help: { en: 'What to do with a line of other length, or with a value that does not fit its type.', zh: '遇到字段数不符或值与类型不符的行时如何处理。' },
      widget: {
        kind: 'select',
        options: [
          { value: 'fail', label: { en: 'Stop with the line number', zh: '停止并报告行号' } },
          { value: 'skip', label: { en: 'Skip and count them', zh: '跳过并计数' } },
          { value: 'collect', label: { en: 'Give them to the port “rejected”', zh: '输出到“rejected”端口' } },
        ],
      },
      default: 'fail',
    },
    { name: 'columns', label: { en: 'Types', zh: '类型' }, help: { en: 'Column → type, where another one is wanted than the one found: VARCHAR, BIGINT, DECIMAL(18,2), DATE …', zh: '列名 → 类型，用于替换自动识别的类型：VARCHAR、BIGINT、DECIMAL(18,2)、DATE …' }, widget: { kind: 'map', keyLabel: { en: 'Column', zh: '列' }, valueLabel: { en: 'Type', zh: '类型' } }, default: {}, advanced: true },
    { name: 'nullValues', label: { en: 'Texts for NULL', zh: '视为 NULL 的文本' }, help: { en: 'Texts that mean “no value” besides the empty one.', zh: '除空文本外，还表示“无值”的文本。' }, widget: { kind: 'strings', placeholder: 'NA' }, default: [], advanced: true },
    { name: 'quote', label: { en: 'Quote', zh: '引号' }, help: { en: 'The character around values that hold the delimiter or line breaks.', zh: '包围含有分隔符或换行的值的字符。' }, widget: { kind: 'text', maxLength: 1 }, default: '"', advanced: true },
    { name: 'filename', label: { en: 'Add the file name', zh: '添加文件名' }, help: { en: 'Adds the column `filename` with the path each row came from.', zh: '添加 `filename` 列，内容为每行所在文件的路径。' }, widget: { kind: 'boolean' }, default: false, advanced: true },
  ],
  keywords: ['csv', 'tsv', 'table', 'read', 'import', '表格', '导入'],
  repeatable: true,
};
