import type { NodeSpec } from '#shared/node-spec';
import { ROWS_IN } from '../ports.ts';

/** The first rows, printed for a person to read. */
export const spec: NodeSpec = {
  type: 'sink',
  nodeType: 'console.log',
  label: { en: 'Console', zh: '控制台' },
  summary: { en: 'Prints the first rows to the run’s console, where they are kept.', zh: '将前若干行输出到运行控制台并保留。' },
  icon: 'terminal',
  inputs: [ROWS_IN],
  outputs: [],
  params: [
    { name: 'limit', label: { en: 'Most rows', zh: '最多行数' }, help: { en: 'How many rows are printed; the rest is only counted.', zh: '输出多少行；其余只计数。' }, widget: { kind: 'number', min: 0, max: 10_000, integer: true }, default: 20 },
    {
      name: 'format',
      label: { en: 'Format', zh: '格式' },
      help: { en: 'A table, or one JSON object a line.', zh: '表格，或每行一个 JSON 对象。' },
      widget: { kind: 'select', options: [{ value: 'table', label: { en: 'Table', zh: '表格' } }, { value: 'json', label: { en: 'JSON lines', zh: 'JSON 行' } }] },
      default: 'table',
    },
  ],
  keywords: ['print', 'debug', 'show', '打印', '调试', '日志'],
  repeatable: true,
};
