import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN } from '../ports.ts';

const option = (value: string, en: string, zh: string) => ({ value, label: { en, zh } });

/** A file of rows in one of seven formats, complete under its name or not there at all. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'file.text',
  label: { en: 'Write file', zh: '写入文件' },
  summary: { en: 'Writes the rows to a file: text, CSV, JSON, Parquet, Arrow or Excel. The file appears when it is complete.', zh: '将行写入文件：文本、CSV、JSON、Parquet、Arrow 或 Excel；写完后文件才会出现。' },
  icon: 'file-output',
  inputs: [ROWS_IN],
  outputs: [],
  params: [
    { name: 'path', label: { en: 'File', zh: '文件' }, help: { en: 'Where to write; relative paths start at the workflow’s folder. {date} and {time} are those of the run’s start, {runId} is its id.', zh: '写入位置；相对路径从工作流所在文件夹开始。{date}、{time} 为运行开始的日期与时间，{runId} 为运行编号。' }, widget: { kind: 'path', mode: 'save' }, required: true },
    {
      name: 'format', label: { en: 'Format', zh: '格式' }, help: { en: 'Automatic goes by the file’s ending and is text where the ending says nothing.', zh: '“自动”按扩展名判断，无法判断时为文本。' },
      widget: {
        kind: 'select',
        options: [option('auto', 'Automatic', '自动'), option('text', 'Text', '文本'), option('csv', 'CSV', 'CSV'), option('json', 'JSON (one array)', 'JSON（数组）'), option('ndjson', 'JSON lines', 'JSON 行'), option('parquet', 'Parquet', 'Parquet'), option('arrow', 'Arrow', 'Arrow'), option('xlsx', 'Excel (XLSX)', 'Excel（XLSX）')],
      },
      default: 'auto',
    },
    { name: 'append', label: { en: 'Append', zh: '追加' }, help: { en: 'Add to the end of a file that exists (text, CSV and JSON lines); otherwise it is replaced.', zh: '追加到已有文件末尾（文本、CSV、JSON 行）；否则替换该文件。' }, widget: { kind: 'boolean' }, default: false },
    { name: 'column', label: { en: 'Column', zh: '列' }, help: { en: 'Text format: the column to write. Left empty it is `value`, or else all columns with tabs between them; NULL is an empty text.', zh: '文本格式：要写入的列。留空时为 `value`，否则为以制表符分隔的所有列；NULL 写为空。' }, widget: { kind: 'column' }, visibleWhen: { param: 'format', equals: ['text', 'auto'] } },
    { name: 'header', label: { en: 'Header line', zh: '表头' }, help: { en: 'Write the names of the columns first (CSV and Excel).', zh: '先写入列名（CSV 与 Excel）。' }, widget: { kind: 'boolean' }, default: true, visibleWhen: { param: 'format', equals: ['csv', 'xlsx', 'auto'] } },
    { name: 'delimiter', label: { en: 'Delimiter', zh: '分隔符' }, help: { en: 'The sign between two fields of a CSV file; \\t is a tab.', zh: 'CSV 字段之间的分隔符；\\t 表示制表符。' }, widget: { kind: 'text', maxLength: 4 }, default: ',', advanced: true, visibleWhen: { param: 'format', equals: ['csv', 'auto'] } },
    {
      name: 'compression', label: { en: 'Compression', zh: '压缩' }, help: { en: 'Automatic goes by the ending (.gz, .zst) and is zstd for Parquet. Arrow and Excel have none.', zh: '“自动”按扩展名（.gz、.zst）判断，Parquet 用 zstd；Arrow 与 Excel 不支持。' },
      widget: { kind: 'select', options: [option('auto', 'Automatic', '自动'), option('none', 'None', '无'), option('gzip', 'gzip', 'gzip'), option('zstd', 'zstd', 'zstd')] },
      default: 'auto', advanced: true,
    },
  ],
  keywords: ['save', 'export', 'csv', 'json', 'parquet', 'excel', 'arrow', '导出', '保存', '写入'],
  repeatable: true,
};
