import type { NodeSpec } from '#shared/node-spec';
import { COMPUTED_COLUMN, ROWS_IN, ROWS_OUT } from '../ports.ts';

/** One row out for each row in, with columns changed, replaced or added. */
export const spec: NodeSpec = {
  type: 'transform',
  nodeType: 'map.transform',
  label: { en: 'Map', zh: '映射' },
  summary: { en: 'Changes a column, or computes new ones, row by row.', zh: '逐行修改某列或计算新列。' },
  icon: 'wand-sparkles',
  inputs: [ROWS_IN],
  outputs: [ROWS_OUT],
  params: [
    {
      name: 'operation',
      label: { en: 'Operation', zh: '操作' },
      help: {
        en: 'toUpperCase, toLowerCase, capitalize, trim, trimStart, trimEnd, reverse, length, abs, negate, round, floor, ceil, sqrt, toNumber, toString, or with an argument: prefix:x, suffix:x, add:1, subtract:1, multiply:2, divide:2, modulo:2, power:2, round:2.',
        zh: 'toUpperCase、toLowerCase、capitalize、trim、trimStart、trimEnd、reverse、length、abs、negate、round、floor、ceil、sqrt、toNumber、toString，或带参数：prefix:x、suffix:x、add:1、subtract:1、multiply:2、divide:2、modulo:2、power:2、round:2。',
      },
      widget: { kind: 'text', placeholder: 'toUpperCase' },
    },
    {
      name: 'expression',
      label: { en: 'Expression', zh: '表达式' },
      help: { en: 'A SQL expression that replaces the column (instead of an operation).', zh: '用来替换该列的 SQL 表达式（代替“操作”）。' },
      widget: { kind: 'expression', scope: 'scalar', placeholder: 'value * 2' },
    },
    {
      name: 'field',
      label: { en: 'Column', zh: '列' },
      help: { en: 'The column that the operation or expression changes; `value`, or the only column, when left empty.', zh: '操作或表达式所修改的列；留空时为 `value` 或唯一的列。' },
      widget: { kind: 'column' },
    },
    {
      name: 'columns',
      label: { en: 'Computed columns', zh: '计算列' },
      help: { en: 'Columns to add, or to replace where the name exists. All expressions read the input as it came.', zh: '要添加的列；若列名已存在则替换。所有表达式都读取原始输入。' },
      widget: { kind: 'list', item: COMPUTED_COLUMN, addLabel: { en: 'Add a column', zh: '添加列' } },
      default: [],
    },
  ],
  keywords: ['compute', 'derive', 'formula', 'uppercase', 'calculate', '计算', '公式', '转换'],
  repeatable: true,
};
