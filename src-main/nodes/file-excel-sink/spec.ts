import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN } from '../ports.ts';

/** One workbook with one sheet, complete under its name or not there at all. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'file.excel',
  label: { en: 'Write Excel', zh: '写入 Excel' },
  summary: { en: 'Writes the rows to a sheet of a new Excel workbook (.xlsx); what a cell can’t hold exactly is written as text.', zh: '将行写入新的 Excel 工作簿（.xlsx）中的工作表；单元格无法精确保存的值写为文本。' },
  icon: 'file-spreadsheet',
  inputs: [ROWS_IN],
  outputs: [],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'Where to write; relative paths start at the workflow’s folder. {date} and {time} are those of the run’s start, {runId} is its id.', zh: '写入位置；相对路径从工作流所在文件夹开始。{date}、{time} 为运行开始的日期与时间，{runId} 为运行编号。' }, widget: { kind: 'path', mode: 'save', extensions: ['xlsx'] }, required: true },
    { name: 'sheet', label: { en: 'Sheet', zh: '工作表' }, help: { en: 'The name of the sheet: at most 31 letters.', zh: '工作表名称，最多 31 个字符。' }, widget: { kind: 'text', maxLength: 31 }, default: 'Sheet1' },
    { name: 'header', label: { en: 'Header row', zh: '表头' }, help: { en: 'Write the names of the columns first.', zh: '先写入列名。' }, widget: { kind: 'boolean' }, default: true },
  ],
  keywords: ['excel', 'xlsx', 'spreadsheet', 'workbook', 'save', 'export', '表格', '工作簿', '导出', '保存'],
  repeatable: true,
};
