import type { NodeSpec } from '#shared/node-spec';
import { ROWS_OUT } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** A sheet of an Excel workbook as rows. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'file.excel',
  label: { en: 'Read Excel', zh: '读取 Excel' },
  summary: { en: 'Reads a sheet of an Excel workbook (.xlsx); dates, numbers and yes/no keep their types, formulas give their results, and empty rows are passed over.', zh: '读取 Excel 工作簿（.xlsx）中的工作表；日期、数字与布尔值保持类型，公式给出结果，空行会跳过。' },
  icon: 'sheet',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'A file, or a pattern such as data/*.xlsx: a column that one of many files lacks is NULL there.', zh: '文件路径，或 data/*.xlsx 这样的通配模式；某个文件缺少的列在其中为 NULL。' }, widget: { kind: 'path', mode: 'open', glob: true, extensions: ['xlsx', 'xlsm'] }, required: true },
    { name: 'sheet', label: { en: 'Sheet', zh: '工作表' }, help: { en: 'The sheet’s name, or its number from 1; the first one that is not hidden when left empty.', zh: '工作表名称，或从 1 开始的序号；留空为第一个未隐藏的工作表。' }, widget: { kind: 'text', maxLength: 200 }, default: '' },
    { name: 'header', label: { en: 'Header row', zh: '表头' }, help: { en: 'The first row holds the names of the columns; without, they are called A, B, C.', zh: '首行为列名；没有表头时列名为 A、B、C。' }, widget: { kind: 'boolean' }, default: true },
    { name: 'range', label: { en: 'Range', zh: '区域' }, help: { en: 'The part to read: B3:F100, B:F or A5; the whole sheet when left empty.', zh: '要读取的区域：B3:F100、B:F 或 A5；留空为整个工作表。' }, widget: { kind: 'text', placeholder: 'B3:F100', maxLength: 40 }, default: '' },
    {
      name: 'errors', label: { en: 'Error cells', zh: '错误单元格' }, help: { en: 'What a cell such as #N/A or #DIV/0! becomes: NULL and counted, its text, or the end of the run.', zh: '#N/A、#DIV/0! 等单元格的处理：记为 NULL 并计数、保留其文本，或停止运行。' },
      widget: { kind: 'select', options: [option('null', 'NULL', 'NULL'), option('text', 'Its text', '文本'), option('fail', 'Stop', '停止')] }, default: 'null',
    },
    { name: 'filename', label: { en: 'Column with the file’s name', zh: '文件名列' }, help: { en: 'Adds a column `filename` with the path of the file that a row is from.', zh: '增加 `filename` 列，内容为该行所在文件的路径。' }, widget: { kind: 'boolean' }, default: false, advanced: true },
  ],
  keywords: ['excel', 'xlsx', 'spreadsheet', 'workbook', '表格', '工作簿'],
  repeatable: true,
};
