import type { Connector } from '../connector.ts';
import { reported } from '../report.ts';
import { checkFile, pathOf } from '../sql/database-file.ts';
import { StudioError } from '#shared/errors';
import { explain } from './failures.ts';
import { openFile, whileBusy } from './open.ts';

/** Opens the file as a query would, and reads its schema, which a file that is no database, damaged or locked does not give. */
const connector: Connector = {
  test: (connection, context) =>
    reported(async (steps) => {
      const path = await steps.step('settings', (found) => found, async () => pathOf(connection, context));
      const create = connection.settings['create'] === true;
      const there = await steps.step('file', (found) => (found ? 'It is there and may be read.' : 'It is not there yet; it is made when something is written.'), async () => checkFile(path, create));
      if (!there) return null;
      return steps.step('database', (server) => server, async () => {
        const { db } = openFile(path, 'read');
        try {
          const tables = await whileBusy(context.signal, () => db.prepare<[], number>(`SELECT count(*) FROM sqlite_schema WHERE type = 'table'`).pluck().get());
          const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
          return `SQLite ${version}, ${tables ?? 0} ${tables === 1 ? 'table' : 'tables'}`;
        } catch (thrown) {
          throw context.signal.aborted ? new StudioError('cancelled', 'The test was stopped.') : explain(thrown, path);
        } finally {
          db.close();
        }
      });
    }),
};
export default connector;
