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
      help: { en: 'Further figures of the column, each in a column of its own name; count is of the values that are not NULL.', zh: '同一列的其他统计，各占一列；count 为非 NULL 值的个数。' },
      widget: {
        kind: 'strings',
        options: [
          { value: 'avg', label: { en: 'Average', zh: '平均值' } },
          { value: 'min', label: { en: 'Smallest', zh: '最小值' } },
          { value: 'max', label: { en: 'Largest', zh: '最大值' } },
          { value: 'count', label: { en: 'Count', zh: '个数' } },
          { value: 'median', label: { en: 'Median', zh: '中位数' } },
          { value: 'distinct', label: { en: 'Distinct', zh: '不同值数' } },
        ],
      },
      default: [],
    },
  ],
  keywords: ['total', 'average', 'group by', 'mean', 'median', '合计', '平均', '分组', '聚合'],
  repeatable: true,
};
