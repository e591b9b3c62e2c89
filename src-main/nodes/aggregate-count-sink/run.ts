import { describing } from '../define.ts';
import { countSelect, groupProblems, ident, only } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly groupBy: readonly string[];
  readonly limit: number;
}

export default describing<Config>({
  spec,
  fusing: () => 'sink',
  check: ({ groupBy }) => groupProblems(groupBy),
  describe({ groupBy, limit }, inputs) {
    const select = countSelect(only(inputs), groupBy);
    const order = ['count DESC', ...groupBy.map(ident)].join(', ');
    const shown = groupBy.length === 0 ? select : `SELECT * FROM (${select}) ORDER BY ${order} LIMIT ${limit}`;
    // The limit stands in the SELECT: the console's own counts the rows that arrive, which are others than the groups.
    return { write: { kind: 'console', select: shown, limit: Number.MAX_SAFE_INTEGER, format: 'table' } };
  },
});
