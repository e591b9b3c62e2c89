import { StudioError } from '#shared/errors';
import { fileConnector } from '../sql/database-file.ts';
import { explain } from './failures.ts';
import { openFile, whileBusy } from './open.ts';

/** Opens the file as a query would, and reads its schema, which a file that is no database, damaged or locked does not give. */
export default fileConnector(async (path, { signal }) => {
  const { db } = openFile(path, 'read');
  try {
    const tables = await whileBusy(signal, () => db.prepare<[], number>(`SELECT count(*) FROM sqlite_schema WHERE type = 'table'`).pluck().get());
    const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
    return `SQLite ${version}, ${tables ?? 0} ${tables === 1 ? 'table' : 'tables'}`;
  } catch (thrown) {
    throw signal.aborted ? new StudioError('cancelled', 'The test was stopped.') : explain(thrown, path);
  } finally {
    db.close();
  }
});
