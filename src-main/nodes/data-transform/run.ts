import type { Column } from '#shared/data';
import { describing } from '../define.ts';
import { nearest, only, out } from '../sql.ts';
import { RESHAPING, RULE_NAMES, ruleSql } from './rules.ts';
import type { Rule } from './rules.ts';
import { spec } from './spec.ts';

interface Config {
  readonly rules: readonly Rule[];
}

export default describing<Config>({
  spec,
  fusing: ({ rules }) => (rules.some((rule) => RESHAPING.has(rule.type)) ? 'reshape' : 'rows'),
  check: ({ rules }) =>
    rules.flatMap((rule, index) => {
      if (RULE_NAMES.includes(rule.type)) return [];
      const near = nearest(rule.type, RULE_NAMES);
      return [{ field: `rules[${index}].type`, message: `There is no rule “${rule.type}”.`, remedy: `${near === undefined ? '' : `Did you mean “${near}”? `}Known are: ${RULE_NAMES.join(', ')}.` }];
    }),
  texts: ({ rules }) => rules.flatMap((rule, index) => (rule.type === 'derive' ? [{ field: `rules[${index}].expression`, text: rule.expression, kind: 'expression' as const }] : [])),
  async describe({ rules }, inputs, context) {
    const input = only(inputs);
    let from = input.sql;
    let columns: readonly Column[] = input.columns;
    let select = `SELECT * FROM ${from}`;
    for (const [index, rule] of rules.entries()) {
      select = await ruleSql(rule, { from, columns, place: `rules[${index}]`, context });
      columns = index === rules.length - 1 ? columns : await context.columns(select);
      from = `(${select})`;
    }
    return out(select);
  },
});
