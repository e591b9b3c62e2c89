import { describing } from '../define.ts';
import { enclosed, failed, ident, only } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly condition: string;
}

/** A comparison with nothing on its left: what the seed's workflows write. `===` and `!==` are what people of JavaScript write. */
const BARE = /^\s*(===|==|=|!==|!=|<>|<=|>=|<|>)\s*(?=\S)/;
const SQL_OPERATORS: Readonly<Record<string, string>> = { '===': '=', '==': '=', '!==': '<>', '!=': '<>' };

/** The condition as SQL: `>50` means `value > 50`, a text in double quotes after it is a text and not a column. */
export function conditionSql(condition: string): string {
  const found = BARE.exec(condition);
  if (found === null) return condition.trim();
  const operator = found[1] ?? '';
  const operand = condition.slice(found[0].length).trim();
  const quoted = /^"([^"]*)"$/.exec(operand);
  const right = quoted === null ? operand : `'${(quoted[1] ?? '').replaceAll("'", "''")}'`;
  return `value ${SQL_OPERATORS[operator] ?? operator} ${right}`;
}

export default describing<Config>({
  spec,
  fusing: () => 'filter',
  check: ({ condition }) => (typeof condition === 'string' && condition.trim() === '' ? [{ field: 'condition', message: 'The condition is empty.', remedy: 'Write one, such as value > 50.' }] : []),
  texts: ({ condition }) => [{ field: 'condition', text: conditionSql(condition), kind: 'expression' }],
  async describe({ condition }, inputs, context) {
    const input = only(inputs);
    const sql = conditionSql(condition);
    if (BARE.test(condition) && !input.columns.some((column) => column.name.toLowerCase() === 'value'))
      throw failed('condition', `“${condition.trim()}” is about the column “value”, which the input doesn't have.`, `Name the column: ${input.columns.slice(0, 20).map((column) => column.name).join(', ')}.`);
    await context.checkExpression(sql, 'condition');
    // Asking for its columns binds the condition once: unknown columns and functions are told here, with the field.
    const [result] = await context.columns(`SELECT ${enclosed(sql)} AS met FROM ${input.sql} WHERE ${enclosed(sql)}`);
    if (result !== undefined && !/^(BOOLEAN|"NULL"|NULL|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT))$/.test(result.type))
      throw failed('condition', `“${condition.trim()}” gives ${result.type}, not true or false.`, 'Compare it with something, such as value > 50.');
    return {
      outputs: {
        out: `SELECT * FROM ${input.sql} WHERE ${enclosed(sql)}`,
        rejected: `SELECT * FROM ${input.sql} WHERE ${enclosed(sql)} IS NOT TRUE`,
      },
      rowwise: {
        tried: `CAST(${enclosed(sql)} AS BOOLEAN)`,
        ports: (value) => {
          const list = input.columns.map(({ name }) => ident(name)).join(', ');
          return { out: { list, where: value }, rejected: { list, where: `${value} IS NOT TRUE` } };
        },
        failure: `The condition “${condition.trim()}” can’t be told for this row.`,
      },
    };
  },
});
