import { describing } from '../define.ts';
import type { Rowwise } from '../define.ts';
import type { Column } from '#shared/data';
import { column, enclosed, failed, ident, only, out } from '../sql.ts';
import { operationSql, problemOf } from './operations.ts';
import { spec } from './spec.ts';

interface Config {
  readonly operation?: string;
  readonly expression?: string;
  readonly field?: string;
  readonly columns: readonly { readonly name: string; readonly expression: string }[];
}

/** The column to change: the one named, else `value`, else the only one. */
function target(columns: readonly Column[], field: string | undefined): Column {
  if (field !== undefined) return column(columns, field, 'field');
  const value = columns.find((one) => one.name.toLowerCase() === 'value') ?? (columns.length === 1 ? columns[0] : undefined);
  if (value !== undefined) return value;
  throw failed('field', 'The input has several columns and none is called `value`.', `Choose the column to change: ${columns.slice(0, 20).map((one) => one.name).join(', ')}.`);
}

interface Computed {
  readonly name: string;
  readonly sql: string;
  /** The same in words whose failure can be caught. */
  readonly tried: string;
}

/** The columns of the input with the computed ones in their places, new ones behind them. */
function listOf(columns: readonly Column[], computed: ReadonlyMap<string, Computed>, valueOf: (one: Computed) => string): string {
  const known = new Set(columns.map(({ name }) => name.toLowerCase()));
  const kept = columns.map(({ name }) => {
    const found = computed.get(name.toLowerCase());
    return found === undefined ? ident(name) : `${valueOf(found)} AS ${ident(name)}`;
  });
  const added = [...computed].flatMap(([key, one]) => (known.has(key) ? [] : [`${valueOf(one)} AS ${ident(one.name)}`]));
  return [...kept, ...added].join(', ');
}

/** All that is computed of a row is computed together: a row of which one part fails goes as it came. */
function rowwise(columns: readonly Column[], computed: ReadonlyMap<string, Computed>): Rowwise {
  const all = [...computed.values()];
  return {
    tried: `struct_pack(${all.map(({ tried }, index) => `v${index} := ${tried}`).join(', ')})`,
    ports: (value) => ({ out: { list: listOf(columns, computed, (one) => `${value}.v${all.indexOf(one)}`), where: 'true' } }),
    failure: `${all.map(({ name }) => `“${name}”`).join(', ')} can’t be computed for this row.`,
  };
}

export default describing<Config>({
  spec,
  fusing: () => 'rows',
  check: ({ operation, expression, columns }) => {
    const wrong = operation === undefined ? undefined : problemOf(operation);
    return [
      ...(wrong === undefined ? [] : [{ field: 'operation', ...wrong }]),
      ...(operation !== undefined && expression !== undefined ? [{ field: 'expression', message: 'There is an operation and an expression for one column.', remedy: 'Keep one of the two, or make the second a computed column.' }] : []),
      ...columns.flatMap((one, index) =>
        columns.findIndex((other) => other.name.toLowerCase() === one.name.toLowerCase()) < index ? [{ field: `columns[${index}].name`, message: `The column “${one.name}” is computed twice.`, remedy: 'Remove or rename one.' }] : []),
    ];
  },
  texts: ({ operation, expression, columns }) => [
    ...(operation !== undefined || expression === undefined ? [] : [{ field: 'expression', text: expression, kind: 'expression' as const }]),
    ...columns.map((one, index) => ({ field: `columns[${index}].expression`, text: one.expression, kind: 'expression' as const })),
  ],
  async describe({ operation, expression, field, columns }, inputs, context) {
    const input = only(inputs);
    const computed = new Map<string, Computed>();
    const set = (name: string, sql: string, tried = sql): void => void computed.set(name.toLowerCase(), { name, sql, tried });
    if (operation !== undefined) {
      const changed = target(input.columns, field);
      set(changed.name, operationSql(operation, ident(changed.name), changed), operationSql(operation, ident(changed.name), changed, 'caught'));
    } else if (expression !== undefined) {
      await context.checkExpression(expression, 'expression');
      set(field ?? (input.columns.length === 1 ? (input.columns[0]?.name ?? 'value') : 'value'), enclosed(expression));
    }
    for (const [index, one] of columns.entries()) {
      await context.checkExpression(one.expression, `columns[${index}].expression`);
      set(one.name, enclosed(one.expression));
    }
    return out(`SELECT ${listOf(input.columns, computed, ({ sql }) => sql)} FROM ${input.sql}`, computed.size === 0 ? {} : { rowwise: rowwise(input.columns, computed) });
  },
});
