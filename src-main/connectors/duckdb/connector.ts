import { fileConnector } from '../sql/database-file.ts';
import { explain } from './failures.ts';
import { openFile } from './instances.ts';
import { tablesOf } from './read.ts';

/** Opens the file as a query would, without waiting where another program has it open. */
export default fileConnector(async (path, { signal }) => {
  const opened = await openFile(path, 'read', false, signal, 0);
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
