import type { NodeSpec } from '#shared/node-spec';
import { COMPUTED_COLUMN, ROWS_OUT } from '../ports.ts';

/** Numbers in steps, up or down, with columns computed from them. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'sequence.numbers',
  label: { en: 'Number sequence', zh: '数字序列' },
  summary: { en: 'Counts from start to end, both inclusive, in the column `value`.', zh: '在 `value` 列中从起始值数到结束值（两端均包含）。' },
  icon: 'list-ordered',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    { name: 'start', label: { en: 'Start', zh: '起始' }, help: { en: 'The first number.', zh: '第一个数。' }, widget: { kind: 'number' }, default: 1 },
    { name: 'end', label: { en: 'End', zh: '结束' }, help: { en: 'The last number, if the steps meet it.', zh: '最后一个数（若步长恰好到达）。' }, widget: { kind: 'number' }, default: 100 },
    { name: 'step', label: { en: 'Step', zh: '步长' }, help: { en: 'The distance between two numbers; below 0 it counts down. It may be a fraction.', zh: '相邻两数之差；小于 0 时倒数。可以是小数。' }, widget: { kind: 'number' }, default: 1 },
    {
      name: 'fields',
      label: { en: 'Computed columns', zh: '计算列' },
      help: { en: 'Further columns, each an expression over `value`.', zh: '其他列，每列是基于 `value` 的表达式。' },
      widget: { kind: 'list', item: COMPUTED_COLUMN, addLabel: { en: 'Add a column', zh: '添加列' } },
      default: [],
    },
  ],
  keywords: ['range', 'count', 'generate', '序号', '范围'],
  repeatable: true,
};
