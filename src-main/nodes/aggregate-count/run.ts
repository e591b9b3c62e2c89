import { describing } from '../define.ts';
import { countSelect, groupProblems, only, out } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly groupBy: readonly string[];
}

export default describing<Config>({
  spec,
  fusing: () => 'reshape',
  check: ({ groupBy }) => groupProblems(groupBy),
  describe: ({ groupBy }, inputs) => out(countSelect(only(inputs), groupBy)),
});
