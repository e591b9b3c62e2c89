import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN } from '../ports.ts';

/** How many rows arrived, by group if wanted, told in the run's console. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'aggregate.count',
  label: { en: 'Count to console', zh: '计数输出' },
  summary: { en: 'Counts the rows, all of them or by group, and prints the counts to the run’s console.', zh: '统计行数（整体或按组），并输出到运行控制台。' },
  icon: 'calculator',
  inputs: [ROWS_IN],
  outputs: [],
  params: [
    { name: 'groupBy', label: { en: 'Group by', zh: '分组' }, help: { en: 'One count for each combination of these columns, the largest first; without any, one count for all.', zh: '每种列值组合一个计数，从大到小；为空时全部一个计数。' }, widget: { kind: 'columns' }, default: [] },
    { name: 'limit', label: { en: 'Most groups shown', zh: '最多显示组数' }, help: { en: 'How many groups are printed at most.', zh: '最多输出多少组。' }, widget: { kind: 'number', min: 1, max: 10_000, integer: true }, default: 100, advanced: true },
  ],
  keywords: ['number of rows', 'print', '数量', '行数', '打印'],
  repeatable: true,
};
