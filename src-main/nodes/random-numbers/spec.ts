import type { NodeSpec } from '#shared/node-spec';
import { ROWS_OUT } from '../ports.ts';

/** Random numbers for trying things out and for tests. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'random.numbers',
  label: { en: 'Random numbers', zh: '随机数' },
  summary: { en: 'Makes random numbers in the column `value`; the same seed gives the same numbers on every machine.', zh: '在 `value` 列中生成随机数；相同的种子在任何机器上都得到相同的数字。' },
  icon: 'dices',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    { name: 'count', label: { en: 'Count', zh: '数量' }, help: { en: 'How many numbers to make.', zh: '生成多少个数字。' }, widget: { kind: 'number', min: 0, integer: true }, default: 100 },
    { name: 'min', label: { en: 'Smallest', zh: '最小值' }, help: { en: 'The smallest number that may come, inclusive.', zh: '可能出现的最小数（含）。' }, widget: { kind: 'number' }, default: 0 },
    { name: 'max', label: { en: 'Largest', zh: '最大值' }, help: { en: 'The largest number that may come; inclusive for whole numbers.', zh: '可能出现的最大数；整数时包含该值。' }, widget: { kind: 'number' }, default: 100 },
    { name: 'integer', label: { en: 'Whole numbers', zh: '整数' }, help: { en: 'Whole numbers (BIGINT) rather than fractions (DOUBLE).', zh: '生成整数（BIGINT）而不是小数（DOUBLE）。' }, widget: { kind: 'boolean' }, default: true },
    { name: 'seed', label: { en: 'Seed', zh: '种子' }, help: { en: 'Leave it empty for other numbers on each run; the seed that was drawn is shown in the run’s console.', zh: '留空则每次运行都不同；所用种子会显示在运行控制台中。' }, widget: { kind: 'number', integer: true }, advanced: true },
  ],
  keywords: ['generate', 'sample', 'test data', '生成', '测试数据'],
  repeatable: true,
};
