import { describing } from '../define.ts';
import { column, failed, ident, isNumeric, nearest, only, out } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly field: string;
  readonly groupBy: readonly string[];
  readonly also: readonly string[];
}

const FIGURES: Readonly<Record<string, (operand: string) => string>> = {
  avg: (x) => `avg(${x})`,
  min: (x) => `min(${x})`,
  max: (x) => `max(${x})`,
  count: (x) => `count(${x})`,
  median: (x) => `median(${x})`,
  distinct: (x) => `count(DISTINCT ${x})`,
};
const KNOWN = Object.keys(FIGURES);

export default describing<Config>({
  spec,
  fusing: () => 'reshape',
  check: ({ groupBy, also }) => [
    ...also.flatMap((name, index) => {
      if (Object.hasOwn(FIGURES, name)) return [];
      const near = nearest(name, KNOWN);
      return [{ field: `also[${index}]`, message: `There is no figure “${name}”.`, remedy: `${near === undefined ? '' : `Did you mean “${near}”? `}Known are: ${KNOWN.join(', ')}.` }];
    }),
    ...groupBy.flatMap((name, index) =>
      ['sum', ...also].includes(name.toLowerCase()) ? [{ field: `groupBy[${index}]`, message: `The group’s column “${name}” has the name of a result column.`, remedy: 'Rename it before this node, for example with Transform → rename.' }] : []),
  ],
  describe({ field, groupBy, also }, inputs) {
    const input = only(inputs);
    const summed = column(input.columns, field, 'field');
    if (!isNumeric(summed.type)) throw failed('field', `The column “${summed.name}” is ${summed.type}, which can’t be added up.`, 'Choose a column of numbers, or cast it to one before this node.');
    const groups = [...new Set(groupBy.map((name, index) => ident(column(input.columns, name, `groupBy[${index}]`).name)))];
    const operand = ident(summed.name);
    const figures = [`sum(${operand}) AS sum`, ...[...new Set(also)].map((name) => `${FIGURES[name]?.(operand) ?? 'NULL'} AS ${ident(name)}`)];
    return out(`SELECT ${[...groups, ...figures].join(', ')} FROM ${input.sql}${groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`}`);
  },
});
