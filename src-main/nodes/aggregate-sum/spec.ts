import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN, ROWS_OUT } from '../ports.ts';

/** A sum, by group if wanted, with other figures beside it. */
export const spec: NodeSpec = {
  type: 'transform',
  nodeType: 'aggregate.sum',
  label: { en: 'Sum', zh: '求和' },
  summary: { en: 'Adds up a column, for all rows or for each group, into the column `sum`.', zh: '对某列求和（整体或按组），结果在 `sum` 列。' },
  icon: 'sigma',
  inputs: [ROWS_IN],
  outputs: [ROWS_OUT],
  params: [
    { name: 'field', label: { en: 'Column', zh: '列' }, help: { en: 'The column of numbers to add up; NULLs are left out. Whole numbers and decimals keep every digit.', zh: '要求和的数值列；忽略 NULL。整数与小数不丢失任何位数。' }, widget: { kind: 'column' }, default: 'value' },
    { name: 'groupBy', label: { en: 'Group by', zh: '分组' }, help: { en: 'One row for each combination of these columns; without any, one row for all, with sum NULL and count 0 when there are no rows.', zh: '每种列值组合一行；为空时全部一行，无数据时 sum 为 NULL、count 为 0。' }, widget: { kind: 'columns' }, default: [] },
    {
      name: 'also',
      label: { en: 'Also', zh: '同时计算' },
      help: { en: 'Further figures of the column, each in a column of its name: avg, min, max, count (values that are not NULL), median, distinct.', zh: '同一列的其他统计，各占一列：avg、min、max、count（非 NULL 值数）、median、distinct。' },
      widget: { kind: 'strings', placeholder: 'avg' },
      default: [],
    },
  ],
  keywords: ['total', 'average', 'group by', 'mean', 'median', '合计', '平均', '分组', '聚合'],
  repeatable: true,
};
