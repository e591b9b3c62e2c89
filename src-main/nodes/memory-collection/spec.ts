import type { NodeSpec } from '#shared/node-spec';
import { ROWS_OUT } from '../ports.ts';

/** Rows that live in the workflow itself: typed in, or pasted. */
export const spec: NodeSpec = {
  type: 'source',
  nodeType: 'memory.collection',
  label: { en: 'Typed rows', zh: '内存数据' },
  summary: { en: 'Rows that are typed or pasted into the workflow: JSON, CSV text, or a plain list.', zh: '直接在工作流中输入或粘贴的行：JSON、CSV 文本或简单列表。' },
  icon: 'table-properties',
  inputs: [],
  outputs: [ROWS_OUT],
  params: [
    {
      name: 'data',
      label: { en: 'Rows', zh: '数据' },
      help: {
        en: 'A list of objects, a list of values (they become the column `value`), or text in JSON or in CSV with a header line. Types are found out from the values; an empty CSV field is NULL.',
        zh: '对象列表、值列表（成为 `value` 列），或 JSON / 带表头的 CSV 文本。类型由数据推断；CSV 空字段为 NULL。',
      },
      widget: { kind: 'rows' },
      required: true,
    },
  ],
  keywords: ['inline', 'array', 'paste', 'constant', '粘贴', '数组', '常量'],
  repeatable: true,
};
