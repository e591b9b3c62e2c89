import type { Param, Port } from '#shared/node-spec';

/** The one input of most nodes. Several edges may end at it: their rows are read as one. */
export const ROWS_IN: Port = { name: 'in', label: { en: 'Rows', zh: '行' }, many: true };

/** The one output of most nodes. */
export const ROWS_OUT: Port = { name: 'out', label: { en: 'Rows', zh: '行' } };

/** The two fields of a computed column, the same wherever columns are computed. */
export const COMPUTED_COLUMN: readonly Param[] = [
  { name: 'name', label: { en: 'Name', zh: '名称' }, help: { en: 'The column’s name; an existing name is replaced in its place.', zh: '列名；若已存在则在原位置替换。' }, widget: { kind: 'text', placeholder: 'total', maxLength: 200 }, required: true },
  { name: 'expression', label: { en: 'Expression', zh: '表达式' }, help: { en: 'A SQL expression over the columns of the input.', zh: '基于输入列的 SQL 表达式。' }, widget: { kind: 'expression', scope: 'scalar', placeholder: 'price * quantity' }, required: true },
];
