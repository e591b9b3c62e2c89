import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN } from '../ports.ts';

/** Rows that meet a condition go on; the others leave by their own port. */
export const spec: NodeSpec = {
  type: 'transform',
  nodeType: 'filter.condition',
  label: { en: 'Filter', zh: '筛选' },
  summary: { en: 'Lets through the rows that meet a condition; the others leave by the port “rejected”.', zh: '保留满足条件的行；其余行从“rejected”端口输出。' },
  icon: 'filter',
  inputs: [ROWS_IN],
  outputs: [
    { name: 'out', label: { en: 'Met', zh: '满足' } },
    { name: 'rejected', label: { en: 'Rejected', zh: '不满足' } },
  ],
  params: [
    {
      name: 'condition',
      label: { en: 'Condition', zh: '条件' },
      help: {
        en: 'A SQL condition over the columns, such as amount > 50 AND category = \'a\'; starting with a comparison (> 50) it means the column value. NULL counts as not met.',
        zh: '基于列的 SQL 条件，例如 amount > 50 AND category = \'a\'；若以比较符开头（> 50），则指 value 列。结果为 NULL 视为不满足。',
      },
      widget: { kind: 'expression', scope: 'condition', placeholder: 'amount > 50' },
      required: true,
    },
  ],
  keywords: ['where', 'condition', 'keep', 'drop rows', '条件', '过滤'],
  repeatable: true,
};
