import { StudioError } from '#shared/errors';
import type { Settings } from './settings.ts';

type Told = readonly [code: 'io' | 'timeout' | 'permission', message: string, remedy: string];

/** What the system says about the way to a server, by its code. */
const CAUSES: Readonly<Record<string, (settings: Settings) => Told>> = {
  ENOTFOUND: ({ host }) => ['io', `There is no host “${host}”.`, 'Check the name, and whether this computer is in the network that knows it.'],
  EAI_AGAIN: ({ host }) => ['io', `The name “${host}” can’t be looked up now.`, 'Check the network and its name server.'],
  ECONNREFUSED: ({ host, port }) => ['io', `Nothing listens on port ${port} of ${host}.`, 'Check that the server runs, the port, and that it listens on this address (listen_addresses).'],
  ENOENT: ({ host, port }) => ['io', `There is no socket of a server on port ${port} in ${host}.`, 'Check that the server runs, and its unix_socket_directories.'],
  ETIMEDOUT: ({ host, port, timeoutMs }) => ['timeout', `${host}:${port} did not answer within ${timeoutMs} ms.`, 'Check the host and the port, and whether a firewall is in between.'],
  EHOSTUNREACH: ({ host }) => ['io', `There is no way to ${host}.`, 'Check the network.'],
  ENETUNREACH: ({ host }) => ['io', `There is no way to ${host}.`, 'Check the network.'],
  ECONNRESET: ({ host, port }) => ['io', `${host}:${port} cut the connection.`, 'Check that it is a PostgreSQL server, and its log.'],
  EPIPE: ({ host, port }) => ['io', `${host}:${port} cut the connection.`, 'Check that it is a PostgreSQL server, and its log.'],
  CERT_HAS_EXPIRED: () => ['io', 'The server’s certificate has expired.', 'Have the server’s certificate renewed.'],
  CERT_NOT_YET_VALID: () => ['io', 'The server’s certificate is not valid yet.', 'Check the clock of this computer, or wait until the certificate is valid.'],
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }) => ['io', `The server’s certificate is for another name than “${host}”.`, 'Use the name that the certificate has, or have one made for this name.'],
  DEPTH_ZERO_SELF_SIGNED_CERT: () => untrusted('it vouches for itself'),
  SELF_SIGNED_CERT_IN_CHAIN: () => untrusted('the authority behind it is not known here'),
  UNABLE_TO_GET_ISSUER_CERT: () => untrusted('the authority behind it is not known here'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: () => untrusted('the authority behind it is not known here'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: () => untrusted('the authority behind it is not known here'),
  CERT_SIGNATURE_FAILURE: () => untrusted('its signature is not that of the CA certificate'),
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: () => ['io', 'The client key does not belong to the client certificate.', 'Give the key that the certificate was made with.'],
  ERR_OSSL_PEM_NO_START_LINE: () => ['io', 'A certificate or a key is not in PEM.', 'Paste the whole text, from “-----BEGIN” to “-----END”.'],
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: () => ['permission', 'The server does not trust the client certificate.', 'Use a certificate that the server’s authority has made.'],
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: ({ host }) => ['io', `The server does not know the name “${host}”.`, 'Check the host.'],
};

const untrusted = (why: string): Told => ['io', `The server’s certificate is not trusted: ${why}.`, 'Give the certificate of its authority under “CA certificate”, or choose “On, not verified” where the way is safe.'];

const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '');

/** Was the way to the server the trouble, and not what was asked of it? */
export const isNetwork = (thrown: unknown): boolean => Object.hasOwn(CAUSES, codeOf(thrown)) || (thrown instanceof Error && /^Connection terminated|timeout expired$/.test(thrown.message));

/** A failure on the way to the server as a sentence. What is one already, and the reason of a signal, stays. */
export function explainNetwork(thrown: unknown, settings: Settings): Error {
  if (thrown instanceof StudioError || !(thrown instanceof Error)) return thrown as Error;
  if (thrown.name === 'AbortError' || thrown.name === 'TimeoutError') return thrown;
  const known = CAUSES[codeOf(thrown)];
  if (known !== undefined) {
    const [code, message, remedy] = known(settings);
    return new StudioError(code, message, { place: settings.place, remedy, cause: thrown });
  }
  if (/timeout expired/.test(thrown.message)) return new StudioError('timeout', `${settings.host}:${settings.port} did not answer within ${settings.timeoutMs} ms.`, { place: settings.place, remedy: 'Check that it is a PostgreSQL server and that it is not overloaded.', cause: thrown });
  return new StudioError('io', 'The connection to the server failed.', { place: settings.place, remedy: 'Test the connection in the settings.', detail: thrown.message, cause: thrown });
}
