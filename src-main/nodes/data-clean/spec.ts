import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN, ROWS_OUT } from '../ports.ts';

/** Puts untidy rows in order, rule by rule, and tells how many rows each rule touched. */
export const spec: NodeSpec = {
  type: 'transform',
  nodeType: 'data.clean',
  label: { en: 'Clean', zh: '数据清洗' },
  summary: { en: 'Trims, fills, retypes, removes rows with NULL and duplicates; in that order.', zh: '依次执行去空白、填充、转换类型、移除含 NULL 的行与重复行。' },
  icon: 'brush-cleaning',
  inputs: [ROWS_IN],
  outputs: [ROWS_OUT],
  params: [
    { name: 'columns', label: { en: 'Columns', zh: '列' }, help: { en: 'The columns the rules look at; all of them when left empty.', zh: '规则作用的列；留空表示所有列。' }, widget: { kind: 'columns' }, default: [] },
    { name: 'trim', label: { en: 'Trim', zh: '去除首尾空白' }, help: { en: 'Takes spaces, tabs and line ends off both ends of texts.', zh: '去掉文本首尾的空格、制表符和换行。' }, widget: { kind: 'boolean' }, default: false },
    { name: 'emptyAsNull', label: { en: 'Empty is NULL', zh: '空文本视为 NULL' }, help: { en: 'Turns texts of no letters into NULL.', zh: '将空文本变为 NULL。' }, widget: { kind: 'boolean' }, default: false },
    {
      name: 'types',
      label: { en: 'Types', zh: '类型' },
      help: { en: 'Column → type, such as BIGINT, DOUBLE, DECIMAL(18,2), DATE, TIMESTAMP or BOOLEAN.', zh: '列 → 类型，如 BIGINT、DOUBLE、DECIMAL(18,2)、DATE、TIMESTAMP、BOOLEAN。' },
      widget: { kind: 'map', keyLabel: { en: 'Column', zh: '列' }, valueLabel: { en: 'Type', zh: '类型' } },
      default: {},
    },
    {
      name: 'onBadType',
      label: { en: 'Values of the wrong type', zh: '类型不符的值' },
      help: { en: 'What becomes of a value that is not of the type wanted.', zh: '无法转换为目标类型的值如何处理。' },
      widget: {
        kind: 'select',
        options: [
          { value: 'fail', label: { en: 'Stop with an error', zh: '报错停止' } },
          { value: 'null', label: { en: 'Make it NULL', zh: '设为 NULL' } },
          { value: 'drop', label: { en: 'Drop the row', zh: '丢弃该行' } },
        ],
      },
      default: 'fail',
    },
    {
      name: 'fill',
      label: { en: 'Fill NULL with', zh: '填充 NULL' },
      help: { en: 'One value for all columns that can hold it (0, "n/a"), or an object with a value by column: {"amount": 0}.', zh: '一个值（用于所有能容纳它的列，如 0、"n/a"），或按列给出的对象：{"amount": 0}。' },
      widget: { kind: 'json' },
    },
    { name: 'removeNull', label: { en: 'Remove rows with NULL', zh: '移除含 NULL 的行' }, help: { en: 'Drops rows that have NULL in one of the columns.', zh: '丢弃所选列中含有 NULL 的行。' }, widget: { kind: 'boolean' }, default: false },
    { name: 'deduplicate', label: { en: 'Remove duplicates', zh: '去重' }, help: { en: 'Keeps one row of those that are the same in the columns.', zh: '所选列相同的行只保留一行。' }, widget: { kind: 'boolean' }, default: false },
  ],
  keywords: ['trim', 'null', 'duplicates', 'distinct', 'missing', 'fill', '去重', '空值', '缺失', '填充'],
  repeatable: true,
};
