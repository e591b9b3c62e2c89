import { driverOf, SQL_KINDS } from '../../connectors/sql/driver.ts';
import type { SqlRead } from '../../connectors/sql/driver.ts';
import { queryProblems } from '../../connectors/sql/parameters.ts';
import { streaming } from '../define.ts';
import { spec } from './spec.ts';

interface Config extends SqlRead {
  readonly connection: string;
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  check: ({ query, params }) => (typeof query === 'string' && Array.isArray(params) ? queryProblems(query, params) : []),
  async *stream({ connection: name, query, params, fetchRows }, _input, context) {
    const connection = await context.connection(name, SQL_KINDS);
    const driver = await driverOf(connection.kind);
    yield* driver.read(connection, { query, params, fetchRows }, context);
  },
});
