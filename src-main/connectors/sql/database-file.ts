import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import type { Connector, TestContext } from '../connector.ts';
import { reported } from '../report.ts';

const kindOfFile = (path: string): 'file' | 'folder' | 'missing' => {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT' || (thrown as NodeJS.ErrnoException).code === 'ENOTDIR') return 'missing';
    throw new StudioError('permission', 'The system refuses access to the database’s file.', { place: path, remedy: 'Check the permissions of the file and its folder.', cause: thrown });
  }
};

/** The file of a connection, absolute. Throws invalid_input where it names none. */
export function pathOf(connection: OpenConnection, io: { resolve(path: string): string }): string {
  const path = connection.settings['path'];
  if (typeof path !== 'string' || path.trim() === '') throw new StudioError('invalid_input', `The connection “${connection.name}” names no file.`, { place: connection.name, remedy: 'Choose the database’s file in the connection.' });
  return io.resolve(path);
}

/**
 * Says what stands in the way of the file before the database itself does, which says less. `create`: a missing one is
 * to be made, if its folder is there. Answers whether it is there.
 */
export function checkFile(path: string, create: boolean): boolean {
  const kind = kindOfFile(path);
  if (kind === 'folder') throw new StudioError('io', 'A folder stands where the database’s file was expected.', { place: path, remedy: 'Name the file in it.' });
  if (kind === 'file') {
    try {
      accessSync(path, constants.R_OK);
    } catch (cause) {
      throw new StudioError('permission', 'The system refuses access to the database’s file.', { place: path, remedy: 'Check the permissions of the file and its folder.', cause });
    }
    return true;
  }
  if (kindOfFile(dirname(path)) !== 'folder') throw new StudioError('io', 'The folder of the database’s file doesn’t exist.', { place: path, remedy: 'Check the path; relative ones start at the folder of the workflow.' });
  if (!create) throw new StudioError('io', 'The database’s file doesn’t exist.', { place: path, remedy: 'Check the path; relative ones start at the folder of the workflow. To have it made when something is written, switch on “Create it” in the connection.' });
  return false;
}

/** The test of a database in a file: where the file is there, `open` reads it as a query would and says what it is. */
export const fileConnector = (open: (path: string, context: TestContext) => Promise<string>): Connector => ({
  test: (connection, context) =>
    reported(async (steps) => {
      const path = await steps.step('settings', (found) => found, async () => pathOf(connection, context));
      const create = connection.settings['create'] === true;
      const there = await steps.step('file', (found) => (found ? 'It is there and may be read.' : 'It is not there yet; it is made when something is written.'), async () => checkFile(path, create));
      return there ? steps.step('database', (server) => server, () => open(path, context)) : null;
    }),
});
