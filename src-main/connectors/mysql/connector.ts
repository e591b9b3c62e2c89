import { lookup } from 'node:dns/promises';
import type { Connector } from '../connector.ts';
import { reported } from '../report.ts';
import { dial } from './dial.ts';
import { explain } from './failures.ts';
import { openSession } from './session.ts';
import { settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';

/** What failed, as a sentence about the server. */
const spoken = async <T>(settings: Settings, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    throw signal.aborted ? signal.reason : explain(thrown, settings);
  }
};

/** Name, port, and a login as a query does it; the login's failure tells whether TLS, the user or the database was at fault. */
const connector: Connector = {
  test: (connection, { signal }) =>
    reported(async (steps) => {
      const settings = await steps.step('settings', (found) => found.place, async () => settingsOf(connection));
      await steps.step('host', (address) => address, () => spoken(settings, signal, async () => (await lookup(settings.host)).address));
      await steps.step('port', `Port ${settings.port} answers as a MySQL server does.`, () => spoken(settings, signal, async () => void (await dial(settings, signal)).destroy()));
      const { version, isMariaDb } = await steps.step('login', `“${settings.user}” is let in${settings.tls === 'off' ? '' : settings.tls === 'on' ? ', encrypted' : ', encrypted and verified'}, and may use the database “${settings.database}”.`, async () => {
        const session = await openSession(settings, signal);
        await session.close();
        return session;
      });
      return `${isMariaDb ? 'MariaDB' : 'MySQL'} ${version.replace(/-MariaDB.*$/i, '')}`;
    }),
};
export default connector;
