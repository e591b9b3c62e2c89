import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN, ROWS_OUT } from '../ports.ts';

/** How many rows there are, by group if wanted, passed on as rows. */
export const spec: NodeSpec = {
  type: 'transform',
  nodeType: 'aggregate.count',
  label: { en: 'Count', zh: '计数' },
  summary: { en: 'Counts the rows, all of them or by group, into the column `count`.', zh: '统计行数（整体或按组），结果在 `count` 列。' },
  icon: 'hash',
  inputs: [ROWS_IN],
  outputs: [ROWS_OUT],
  params: [
    { name: 'groupBy', label: { en: 'Group by', zh: '分组' }, help: { en: 'One row for each combination of these columns; without any, one row for all.', zh: '每种列值组合一行；为空时全部一行。' }, widget: { kind: 'columns' }, default: [] },
  ],
  keywords: ['number of rows', 'group by', '数量', '行数', '分组'],
  repeatable: true,
};
