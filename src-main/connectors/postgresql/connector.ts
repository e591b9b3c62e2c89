import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import type { Connector } from '../connector.ts';
import { reported } from '../report.ts';
import { addressOf, dial, encrypt, offersTls, tlsOptions } from './dial.ts';
import { open } from './link.ts';
import { settingsOf } from './settings.ts';
import type { Settings } from './settings.ts';

/** What can be said before anybody is asked. */
function checkSettings(connection: OpenConnection, { place, clientCertificate, tls, ca }: Settings): void {
  const wrong = (message: string, remedy: string): StudioError => new StudioError('invalid_input', message, { place, remedy });
  const key = connection.secrets['clientKey'] ?? '';
  if (connection.settings['database'] === undefined || connection.settings['database'] === '') throw wrong('The connection names no database.', 'Fill in “Database”; most servers have one called postgres.');
  if (tls !== 'off' && clientCertificate !== undefined && key === '') throw wrong('There is a client certificate without its key.', 'Give the key as well, or take the certificate away.');
  if (tls !== 'off' && clientCertificate === undefined && key !== '') throw wrong('There is a client key without its certificate.', 'Give the certificate as well, or take the key away.');
  for (const [name, text] of [['CA certificate', ca], ['client certificate', clientCertificate]] as const)
    if (tls !== 'off' && text !== undefined && !text.includes('-----BEGIN CERTIFICATE-----')) throw wrong(`The ${name} is not in PEM.`, 'Paste the whole text, from “-----BEGIN CERTIFICATE-----” to the end.');
}

/** Does the failure of a login tell of the database rather than of the login? By then the login has been accepted. */
const isOfDatabase = (thrown: unknown): boolean => thrown instanceof StudioError && (thrown.code === 'not_found' || /database/i.test(thrown.message)) && !/refused the login/.test(thrown.message);

/** PostgreSQL, step by step, so that what is said is the first thing that is wrong. */
const connector: Connector = {
  test: (connection, { signal }) =>
    reported(async (steps) => {
      const settings = settingsOf(connection);
      await steps.step('settings', settings.place, async () => checkSettings(connection, settings));
      await steps.step('host', (address) => (address === settings.host ? address : `${settings.host} is ${address}`), () => addressOf(settings, signal));
      const { socket, offered } = await steps.step('port', `a PostgreSQL server listens on port ${settings.port}`, async () => {
        const line = await dial(settings, signal);
        return { socket: line, offered: await offersTls(line, settings, signal) };
      });
      const options = tlsOptions(settings, connection);
      try {
        if (options !== null)
          await steps.step('tls', (protocol) => `encrypted with ${protocol}${settings.tls === 'verify' ? ', the certificate is good' : ', the certificate was not looked at'}`, async () => {
            if (!offered) throw new StudioError('io', 'The server does not offer TLS.', { place: settings.place, remedy: 'Have TLS turned on at the server, or turn it off for the connection where the way is safe.' });
            const secure = await encrypt(socket, settings, options, signal);
            const protocol = secure.getProtocol() ?? 'TLS';
            secure.destroy();
            return protocol;
          });
      } finally {
        socket.destroy();
      }
      let refusal: unknown;
      const link = await steps.step('login', `logged in as ${settings.user}`, async () => {
        try {
          return await open(connection, signal);
        } catch (thrown) {
          if (!isOfDatabase(thrown)) throw thrown;
          refusal = thrown;
          return null;
        }
      });
      await steps.step('database', settings.database, async () => {
        if (refusal !== undefined) throw refusal as Error;
      });
      if (link === null) return null;
      try {
        return await steps.step('ready', (server) => server, async () => {
          const { rows } = await link.ask(link.client.query<[string]>({ text: 'SELECT version()', rowMode: 'array' }));
          return /^\S+ \S+/.exec(rows[0]?.[0] ?? '')?.[0] ?? 'PostgreSQL';
        });
      } finally {
        await link.close();
      }
    }),
};

export default connector;
