import type { Stats } from 'ssh2';
import { StudioError } from '#shared/errors';
import type { Connector } from '../connector.ts';
import { reported } from '../report.ts';
import { fileProblem, isMissing } from './problems.ts';
import { opening, settingsOf } from './session.ts';

/** Finds out whether files of the server can be reached: host, port, host key (`tls`), login, and whether the folder is there. */
const connector: Connector = {
  test: (connection, { signal }) =>
    reported(async (steps) => {
      const settings = settingsOf(connection);
      const way = opening(connection, signal);
      try {
        const address = await steps.step('host', (found) => (found === settings.host ? found : `${settings.host} is ${found}`), () => way.host());
        const line = await steps.step('port', `${settings.host}:${settings.port} answers`, () => way.port(address));
        await steps.step('tls', (fingerprint) => `The host key is the known one: ${fingerprint}`, () => way.hostKey(line));
        await steps.step('login', `${settings.user} is let in`, () => way.login());
        return await steps.step('ready', (server) => server, async () => {
          const { sftp, server } = await way.ready();
          const folder = settings.folder === '' ? '.' : settings.folder;
          const stats = await new Promise<Stats>((resolve, reject) => {
              sftp.stat(folder, (error, found) => (error === undefined || error === null ? resolve(found) : reject(error)));
            }).catch((thrown: unknown) => {
            if (isMissing(thrown)) throw new StudioError('io', 'The folder doesn’t exist on the server.', { place: 'folder', remedy: 'Make it there, or name another one; empty is the user’s own folder.', detail: folder });
            throw fileProblem(thrown, 'folder');
          });
          if (!stats.isDirectory()) throw new StudioError('io', 'This is a file on the server, not a folder.', { place: 'folder', remedy: 'Name a folder.', detail: folder });
          return server;
        });
      } finally {
        way.close();
      }
    }),
};

export default connector;
