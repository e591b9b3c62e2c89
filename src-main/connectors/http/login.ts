import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import { createVeil, workerVeil } from '../veil.ts';
import type { Veil } from '../veil.ts';
import type { Credentials } from './exchange.ts';
import type { TokenSource } from './oauth.ts';

/** How a connection logs in, and what hides its secrets in whatever a service echoes. */
export interface Login {
  /** What to send with the next request. Asks for a token where one is needed. */
  credentials(signal: AbortSignal): Promise<Credentials>;
  /** After a 401 to these: forgets their token. Says whether another try makes sense. */
  renew(refused: Credentials): boolean;
  readonly veil: Veil;
}

const setting = (connection: OpenConnection, name: string): string => {
  const value = connection.settings[name];
  return typeof value === 'string' ? value : '';
};

const secret = (connection: OpenConnection, name: string, called: string): string => {
  // What was pasted may have a line end; a header may not.
  const value = name === 'password' ? connection.secrets[name] : connection.secrets[name]?.trim();
  if (value === undefined || value === '') throw new StudioError('permission', `The connection “${connection.name}” has no ${called}.`, { place: 'connection', remedy: `Enter the ${called} in Settings → Connections.` });
  return value;
};

const fixed = (origin: string, headers: Readonly<Record<string, string>>, query: readonly [string, string] | null): Credentials => ({
  headers: (url) => (url.origin === origin ? headers : {}),
  address(url) {
    if (query === null || url.origin !== origin) return url;
    const full = new URL(url);
    full.searchParams.set(...query);
    return full;
  },
  stripped(url) {
    if (query === null || url.origin === origin) return url;
    const bare = new URL(url);
    bare.searchParams.delete(query[0]);
    return bare;
  },
});

/** Nobody logs in anywhere. */
const NOBODY = fixed('', {}, null);

/** The login of a connection. Its credentials go to the base address's origin and nowhere else. Throws invalid_input where its settings can't be used. */
export function loginOf(connection: OpenConnection | null, tokens: TokenSource | null): Login {
  const veil = createVeil();
  const steady = (credentials: Credentials): Login => ({ veil, credentials: async () => credentials, renew: () => false });
  if (connection === null) return steady(NOBODY);
  veil.add(connection);
  const { origin } = new URL(setting(connection, 'baseUrl'));
  const auth = setting(connection, 'auth');
  if (auth === 'basic') {
    const pair = `${setting(connection, 'user')}:${secret(connection, 'password', 'password')}`;
    return steady(fixed(origin, { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` }, null));
  }
  if (auth === 'bearer') return steady(fixed(origin, { authorization: `Bearer ${secret(connection, 'token', 'token')}` }, null));
  if (auth === 'apiKey') {
    const [name, key] = [setting(connection, 'keyName'), secret(connection, 'apiKey', 'key')];
    return steady(setting(connection, 'keyIn') === 'query' ? fixed(origin, {}, [name, key]) : fixed(origin, { [name.toLowerCase()]: key }, null));
  }
  if (auth !== 'oauth2' || tokens === null) return steady(NOBODY);
  const issued = new WeakMap<Credentials, string>();
  return {
    veil,
    async credentials(signal) {
      const token = await tokens.token(signal);
      // A token is as good as a secret: wherever a service echoes it, it is veiled too.
      for (const one of [veil, workerVeil]) one.hide(token);
      const credentials = fixed(origin, { authorization: `Bearer ${token}` }, null);
      issued.set(credentials, token);
      return credentials;
    },
    renew(refused) {
      const token = issued.get(refused);
      if (token !== undefined) tokens.forget(token);
      return token !== undefined;
    },
  };
}
