import { lookup } from 'node:dns/promises';
import type { Connector } from '../connector.ts';
import { reported } from '../report.ts';
import { dial } from './dial.ts';
import { errnoOf, explain, isTls } from './failures.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';
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

const passed = async (): Promise<void> => undefined;

interface Login {
  readonly session: Session | null;
  readonly failure: Error | null;
  /** The step that failed. */
  readonly at: 'tls' | 'login' | 'database' | null;
}

/** TLS, login and database are one exchange: what was thrown tells how far it came. */
async function login(settings: Settings, signal: AbortSignal): Promise<Login> {
  try {
    const session = await openSession(settings, signal);
    await session.close();
    return { session, failure: null, at: null };
  } catch (thrown) {
    const failure = thrown as Error;
    const at = isTls(failure.cause) ? 'tls' : [1044, 1049].includes(errnoOf(failure.cause)) ? 'database' : 'login';
    return { session: null, failure, at };
  }
}

/** Name, port, and a login as a query does it. */
const connector: Connector = {
  test: (connection, { signal }) =>
    reported(async (steps) => {
      const settings = await steps.step('settings', (found) => found.place, async () => settingsOf(connection));
      await steps.step('host', (address) => address, () => spoken(settings, signal, async () => (await lookup(settings.host)).address));
      await steps.step('port', `Port ${settings.port} answers as a MySQL server does.`, () => spoken(settings, signal, async () => void (await dial(settings, signal)).destroy()));
      const { session, failure, at } = await login(settings, signal);
      const held = async (): Promise<void> => {
        if (failure !== null) throw failure;
      };
      if (settings.tls !== 'off') await steps.step('tls', settings.tls === 'on' ? 'The way is encrypted.' : 'The way is encrypted, and the server has proved who it is.', at === 'tls' ? held : passed);
      await steps.step('login', `“${settings.user}” is let in.`, at === 'login' ? held : passed);
      await steps.step('database', `“${settings.database}” may be used.`, held);
      return session === null ? null : `${session.isMariaDb ? 'MariaDB' : 'MySQL'} ${session.version.replace(/-MariaDB.*$/i, '')}`;
    }),
};
export default connector;
