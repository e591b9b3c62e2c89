import type { NodeSpec, Param, Variant } from '#shared/node-spec';
import { COMPUTED_COLUMN, ROWS_IN, ROWS_OUT } from '../ports.ts';

const COLUMN: Param = { name: 'column', label: { en: 'Column', zh: '列' }, help: { en: 'The column the rule works on.', zh: '规则作用的列。' }, widget: { kind: 'column' }, required: true };
const COLUMNS: Param = { name: 'columns', label: { en: 'Columns', zh: '列' }, help: { en: 'The columns the rule works on.', zh: '规则作用的列。' }, widget: { kind: 'columns' }, required: true };

const VARIANTS: readonly Variant[] = [
  {
    value: 'rename',
    label: { en: 'Rename', zh: '重命名' },
    params: [{ name: 'columns', label: { en: 'Names', zh: '名称' }, help: { en: 'Old name → new name.', zh: '旧名 → 新名。' }, widget: { kind: 'map', keyLabel: { en: 'Old name', zh: '旧名' }, valueLabel: { en: 'New name', zh: '新名' } }, required: true }],
  },
  { value: 'select', label: { en: 'Keep columns', zh: '保留列' }, params: [{ ...COLUMNS, help: { en: 'The columns that stay, in this order.', zh: '保留的列及其顺序。' } }] },
  { value: 'drop', label: { en: 'Drop columns', zh: '删除列' }, params: [{ ...COLUMNS, help: { en: 'The columns that go.', zh: '要删除的列。' } }] },
  {
    value: 'cast',
    label: { en: 'Change type', zh: '转换类型' },
    params: [
      COLUMN,
      { name: 'to', label: { en: 'Type', zh: '类型' }, help: { en: 'BIGINT, DOUBLE, DECIMAL(18,2), VARCHAR, DATE, TIMESTAMP, BOOLEAN or another of DuckDB’s types.', zh: 'BIGINT、DOUBLE、DECIMAL(18,2)、VARCHAR、DATE、TIMESTAMP、BOOLEAN 或其他 DuckDB 类型。' }, widget: { kind: 'text', placeholder: 'BIGINT' }, required: true },
      {
        name: 'onError', label: { en: 'Wrong values', zh: '错误值' }, help: { en: 'What becomes of a value that is not of the type.', zh: '无法转换的值如何处理。' },
        widget: { kind: 'select', options: [{ value: 'fail', label: { en: 'Stop with an error', zh: '报错停止' } }, { value: 'null', label: { en: 'Make it NULL', zh: '设为 NULL' } }] }, default: 'fail',
      },
    ],
  },
  { value: 'derive', label: { en: 'Compute a column', zh: '计算列' }, params: COMPUTED_COLUMN },
  {
    value: 'split',
    label: { en: 'Split a column', zh: '拆分列' },
    params: [
      COLUMN,
      { name: 'separator', label: { en: 'Separator', zh: '分隔符' }, help: { en: 'The text between the parts.', zh: '各部分之间的文本。' }, widget: { kind: 'text', placeholder: '-' }, required: true },
      { name: 'into', label: { en: 'Into', zh: '拆成' }, help: { en: 'Names of the new columns; parts that are missing are NULL, further parts stay in the last.', zh: '新列名；缺少的部分为 NULL，多余部分保留在最后一列。' }, widget: { kind: 'strings' }, required: true },
      { name: 'keep', label: { en: 'Keep the column', zh: '保留原列' }, help: { en: 'Keep the column that is split, too.', zh: '同时保留被拆分的列。' }, widget: { kind: 'boolean' }, default: false },
    ],
  },
  {
    value: 'replace',
    label: { en: 'Replace text', zh: '替换文本' },
    params: [
      COLUMN,
      { name: 'find', label: { en: 'Find', zh: '查找' }, help: { en: 'The text, or the regular expression (RE2), to find.', zh: '要查找的文本或正则表达式（RE2）。' }, widget: { kind: 'text' }, required: true },
      { name: 'with', label: { en: 'Replace with', zh: '替换为' }, help: { en: 'What stands there afterwards; \\1 is the first group of a regular expression.', zh: '替换内容；\\1 表示正则的第一个分组。' }, widget: { kind: 'text' }, default: '' },
      { name: 'regex', label: { en: 'Regular expression', zh: '正则表达式' }, help: { en: 'Read “Find” as a regular expression.', zh: '将“查找”视为正则表达式。' }, widget: { kind: 'boolean' }, default: false },
    ],
  },
  {
    value: 'sort',
    label: { en: 'Sort', zh: '排序' },
    params: [
      {
        name: 'by', label: { en: 'By', zh: '按' }, help: { en: 'Columns, the most important first. NULL comes last.', zh: '排序列，重要的在前；NULL 排在最后。' }, required: true,
        widget: {
          kind: 'list', addLabel: { en: 'Add a column', zh: '添加列' },
          item: [COLUMN, { name: 'descending', label: { en: 'Largest first', zh: '降序' }, help: { en: 'From the largest to the smallest.', zh: '从大到小。' }, widget: { kind: 'boolean' }, default: false }],
        },
      },
    ],
  },
  {
    value: 'limit',
    label: { en: 'Limit', zh: '限制行数' },
    params: [
      { name: 'count', label: { en: 'Rows', zh: '行数' }, help: { en: 'How many rows to pass on.', zh: '保留多少行。' }, widget: { kind: 'number', min: 0, integer: true }, required: true },
      { name: 'offset', label: { en: 'Skip', zh: '跳过' }, help: { en: 'How many rows to leave out first.', zh: '先跳过多少行。' }, widget: { kind: 'number', min: 0, integer: true }, default: 0 },
    ],
  },
  {
    value: 'unpivot',
    label: { en: 'Columns to rows', zh: '列转行' },
    params: [
      { ...COLUMNS, help: { en: 'The columns that become rows. Of different types, they become text.', zh: '要转为行的列；类型不同时转为文本。' } },
      { name: 'nameColumn', label: { en: 'Name column', zh: '名称列' }, help: { en: 'Holds the name of the column a value came from.', zh: '存放值来源的列名。' }, widget: { kind: 'text' }, default: 'name' },
      { name: 'valueColumn', label: { en: 'Value column', zh: '值列' }, help: { en: 'Holds the value.', zh: '存放值。' }, widget: { kind: 'text' }, default: 'value' },
    ],
  },
  {
    value: 'pivot',
    label: { en: 'Rows to columns', zh: '行转列' },
    params: [
      { ...COLUMN, help: { en: 'The column whose values become columns.', zh: '其值将成为列名的列。' } },
      { name: 'valueColumn', label: { en: 'Value column', zh: '值列' }, help: { en: 'The column whose values are put there.', zh: '填入的值所在的列。' }, widget: { kind: 'column' }, required: true },
      {
        name: 'function', label: { en: 'Combine with', zh: '合并方式' }, help: { en: 'What several values of one place become.', zh: '同一位置有多个值时如何合并。' },
        widget: { kind: 'select', options: ['sum', 'count', 'min', 'max', 'avg', 'first'].map((value) => ({ value, label: { en: value, zh: { sum: '求和', count: '计数', min: '最小', max: '最大', avg: '平均', first: '首个' }[value] ?? value } })) }, default: 'sum',
      },
      { name: 'groupBy', label: { en: 'Group by', zh: '分组' }, help: { en: 'One row for each combination of these; all other columns when left empty.', zh: '每种组合一行；留空时为其余所有列。' }, widget: { kind: 'columns' }, default: [] },
      { name: 'values', label: { en: 'Values', zh: '取值' }, help: { en: 'The values that become columns, in this order; left empty, all that occur (at most 1,000), which reads the rows once more.', zh: '成为列的取值及其顺序；留空则为出现的全部取值（最多 1000 个），需多读一遍数据。' }, widget: { kind: 'strings' }, default: [] },
    ],
  },
];

/** A list of rules, each working on what the one before it gave. */
export const spec: NodeSpec = {
  type: 'transform',
  nodeType: 'data.transform',
  label: { en: 'Transform', zh: '数据转换' },
  summary: { en: 'Renames, picks, casts, computes, splits, replaces, sorts, limits and pivots: a list of rules, in order.', zh: '按顺序执行一组规则：重命名、选列、转换类型、计算、拆分、替换、排序、限制、行列互转。' },
  icon: 'list-checks',
  inputs: [ROWS_IN],
  outputs: [ROWS_OUT],
  params: [
    {
      name: 'rules',
      label: { en: 'Rules', zh: '规则' },
      help: { en: 'Each rule works on what the one before it gave.', zh: '每条规则作用于上一条的结果。' },
      widget: { kind: 'variants', tag: 'type', variants: VARIANTS, addLabel: { en: 'Add a rule', zh: '添加规则' } },
      default: [],
    },
  ],
  keywords: ['rename', 'select', 'cast', 'sort', 'pivot', 'split', '重命名', '排序', '透视', '拆分'],
  repeatable: true,
};
