import { describing } from '../define.ts';
import { only } from '../sql.ts';
import { spec } from './spec.ts';

interface Config {
  readonly limit: number;
  readonly format: 'table' | 'json';
}

export default describing<Config>({
  spec,
  fusing: () => 'sink',
  describe: ({ limit, format }, inputs) => ({ write: { kind: 'console', select: `SELECT * FROM ${only(inputs).sql}`, limit, format } }),
});
