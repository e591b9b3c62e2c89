import type { Connector } from '../connector.ts';
import { reported } from '../report.ts';
import { checkFile, pathOf } from '../sql/database-file.ts';
import { explain } from './failures.ts';
import { openFile } from './instances.ts';
import { tablesOf } from './read.ts';

/** Opens the file as a query would, without waiting where another program has it open. */
const connector: Connector = {
  test: (connection, context) =>
    reported(async (steps) => {
      const path = await steps.step('settings', (found) => found, async () => pathOf(connection, context));
      const create = connection.settings['create'] === true;
      const there = await steps.step('file', (found) => (found ? 'It is there and may be read.' : 'It is not there yet; it is made when something is written.'), async () => checkFile(path, create));
      if (!there) return null;
      return steps.step('database', (server) => server, async () => {
        const opened = await openFile(path, 'read', false, context.signal, 0);
        try {
          const tables = (await tablesOf(opened.connection)).length;
          const [[version] = []] = (await opened.connection.runAndReadAll('SELECT version()')).getRows();
          return `DuckDB ${String(version).replace(/^v/, '')}, ${tables} ${tables === 1 ? 'table' : 'tables'}`;
        } catch (thrown) {
          throw explain(thrown, path);
        } finally {
          await opened.close();
        }
      });
    }),
};
export default connector;
