import { StudioError } from '#shared/errors';
import { driverOf, SQL_KINDS } from '../../connectors/sql/driver.ts';
import type { SqlWrite } from '../../connectors/sql/driver.ts';
import { tableParts } from '../../connectors/sql/table-name.ts';
import { streaming } from '../define.ts';
import type { Batch, StreamContext } from '../define.ts';
import { spec } from './spec.ts';

interface Config extends SqlWrite {
  readonly connection: string;
}

function* problemsOf({ table, mode, keys }: Config): Generator<{ readonly field: string; readonly message: string; readonly remedy: string }> {
  try {
    if (typeof table === 'string') tableParts(table);
  } catch (thrown) {
    const { message, remedy = '' } = thrown as StudioError;
    yield { field: 'table', message, remedy };
  }
  if (mode !== 'upsert' || !Array.isArray(keys)) return;
  if (keys.length === 0) yield { field: 'keys', message: 'Nothing tells which rows are the same.', remedy: 'Choose the columns that make a row’s key.' };
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) yield { field: 'keys', message: `The key “${twice}” is named twice.`, remedy: 'Take one of them away.' };
}

/** Inserted rows would be there twice if they were inserted again: that is announced before they are committed. */
async function write({ connection: name, table, mode, keys, create }: Config, input: AsyncIterable<Batch>, context: StreamContext): Promise<void> {
  const connection = await context.connection(name, SQL_KINDS);
  const driver = await driverOf(connection.kind);
  const written = await driver.write(connection, { table, mode, keys, create }, input, context, async (rows) => {
    if (mode === 'insert' && rows > 0) await context.intend({ what: `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'} would be inserted into ${table} of “${name}”`, rows });
  });
  if (written.created) context.console(`created the table ${table}`);
  context.report('rows written', written.rows);
  if (written.inserted !== undefined) context.report('inserted', written.inserted);
  if (written.updated !== undefined) context.report('updated', written.updated);
}

export default streaming<Config>({
  spec,
  fusing: () => 'stream',
  // Rows that are inserted twice are there twice; the other two modes leave the same table.
  repeatable: ({ mode }) => mode !== 'insert',
  check: (config) => [...problemsOf(config)],
  async *stream(config, input, context) {
    if (input === null) throw new StudioError('invalid_input', 'Nothing is connected to the node’s input yet.', { remedy: 'Connect a source or a transform to its input first.' });
    await write(config, input, context);
    yield* [];
  },
});
