import { StudioError } from '#shared/errors';
import type { ErrorCode } from '#shared/errors';
import type { Settings } from './settings.ts';

type Told = readonly [code: ErrorCode, message: string, remedy: string];
interface Known {
  readonly errno: number;
  readonly code: string;
  readonly words: string;
}
type Say = (settings: Settings, error: Known) => Told;

const AGAIN = 'Run again later. Nothing was changed.';
const says = ({ words }: Known): string => words.charAt(0).toUpperCase() + words.slice(1).replace(/\.?$/, '.');

const OLD: Told = ['unsupported', 'The server asks for a way to log in that is too old to be safe (mysql_old_password).', 'Have the user’s password set anew on the server, with another plugin.'];

/** By the server's number of the error. */
const NUMBERS: { readonly [errno: number]: Say } = {
  1045: ({ user }) => ['permission', `The server refused the login of “${user}”: the user or the password is wrong, or the user may not come from this computer.`, 'Correct the user or the password of the connection.'],
  1698: ({ user }) => ['permission', `The server refused the login of “${user}”: it lets this user in without a password only, from its own computer.`, 'Use another user, or give this one a password.'],
  1049: ({ database }) => ['not_found', `The server has no database “${database}”.`, 'Correct the database of the connection.'],
  1044: ({ user, database }) => ['permission', `The user “${user}” may not use the database “${database}”.`, 'Have the right granted, or use another user.'],
  1040: () => ['io', 'The server has too many connections already.', 'Run again later, or raise max_connections.'],
  1203: ({ user }) => ['io', `The user “${user}” has too many connections already.`, 'Run again later, or raise max_user_connections.'],
  1226: (_settings, error) => ['io', says(error), 'Run again later, or have the user’s limit raised.'],
  1129: () => ['permission', 'The server refuses this computer, because too many connections from it failed.', 'Have “FLUSH HOSTS” run on the server.'],
  1130: () => ['permission', 'The server lets nobody in from this computer.', 'Have a user made that may come from here.'],
  1275: () => OLD,
  1251: () => OLD,
  3159: () => ['permission', 'The server lets nobody in without encryption.', 'Turn on TLS for the connection.'],
  1142: (_settings, error) => ['permission', says(error), 'Have the right granted to the connection’s user, or use another one.'],
  1143: (_settings, error) => ['permission', says(error), 'Have the right granted to the connection’s user, or use another one.'],
  1227: (_settings, error) => ['permission', says(error), 'Have the right granted to the connection’s user, or use another one.'],
  1370: (_settings, error) => ['permission', says(error), 'Have the right granted to the connection’s user, or use another one.'],
  1290: (_settings, error) => ['permission', says(error), 'The server takes no changes now; use the primary server.'],
  1836: () => ['permission', 'The server takes no changes now: it is read-only.', 'Use the primary server.'],
  1792: () => ['node_failed', 'The query would change something; a query may only read.', 'Use “Write to database”, or a query that only reads.'],
  1205: () => ['conflict', 'Another transaction holds rows that this one needs, and did not let go of them in time.', `${AGAIN} innodb_lock_wait_timeout says how long the server waits.`],
  1213: () => ['conflict', 'Two transactions waited for one another, and the server ended this one (deadlock).', AGAIN],
  1020: () => ['conflict', 'Another transaction changed the same rows.', AGAIN],
  1114: (_settings, error) => ['io', says(error), 'Make room on the server, or raise the table’s limit. Nothing was changed.'],
  1021: () => ['io', 'The disk of the server is full.', 'Make room on the server, then run again. Nothing was changed.'],
  1026: (_settings, error) => ['io', says(error), 'Check the disk of the server. Nothing was changed.'],
  1030: (_settings, error) => ['io', /\b28\b|No space/.test(error.words) ? 'The disk of the server is full.' : says(error), 'Make room on the server, then run again. Nothing was changed.'],
  3: (_settings, error) => ['io', says(error), 'Make room on the server, then run again. Nothing was changed.'],
  1153: () => ['node_failed', 'A row is larger than what the server takes at once.', 'Raise max_allowed_packet on the server.'],
  1317: () => ['cancelled', 'The server was told to stop the statement.', AGAIN],
  1927: () => ['io', 'The server ended the connection.', AGAIN],
  1053: () => ['io', 'The server is being shut down.', 'Run again when it is up. Nothing was changed.'],
  1969: () => ['timeout', 'The statement took longer than the server allows (max_statement_time).', 'Ask for less, or have the limit raised.'],
  3024: () => ['timeout', 'The statement took longer than the server allows (max_execution_time).', 'Ask for less, or have the limit raised.'],
  1064: (_settings, error) => ['node_failed', says(error), 'Correct the query.'],
  1295: () => ['node_failed', 'The server can’t prepare such a statement.', 'Write a SELECT.'],
};

/** The client puts a code of its own over that of TLS: its words are left. */
const CERTIFICATE: readonly (readonly [words: RegExp, why: string])[] = [
  [/does not match certificate|ALTNAME_INVALID/i, 'its certificate is for another name'],
  [/has expired/i, 'its certificate has expired'],
  [/not yet valid/i, 'its certificate is not valid yet'],
  [/self.signed certificate in/i, 'the authority behind its certificate is not known here'],
  [/self.signed/i, 'its certificate is signed by itself, and is not the CA certificate of the connection'],
  [/unable to (get|verify)/i, 'the authority behind its certificate is not known here'],
];

const LOST: Say = () => ['io', 'The connection to the server was lost.', 'Check the server and the network, then run again. Nothing that was not committed stays there.'];
const CODES: { readonly [code: string]: Say } = {
  ENOTFOUND: ({ host }) => ['io', `There is no computer called “${host}”.`, 'Correct the host of the connection, or check the network.'],
  EAI_AGAIN: ({ host }) => ['io', `The name “${host}” can’t be looked up now.`, 'Check the network and its name server.'],
  ECONNREFUSED: ({ host, port }) => ['io', `Nothing listens on port ${port} of “${host}”.`, 'Check that the server runs, and the port of the connection.'],
  EHOSTUNREACH: ({ host }) => ['io', `“${host}” can’t be reached.`, 'Check the network.'],
  ENETUNREACH: ({ host }) => ['io', `“${host}” can’t be reached.`, 'Check the network.'],
  ETIMEDOUT: ({ host, port, timeoutMs }) => ['timeout', `“${host}”, port ${port}, did not answer within ${timeoutMs.toLocaleString('en')} ms.`, 'Check the host, the port, and firewalls between.'],
  HANDSHAKE_NO_SSL_SUPPORT: () => ['io', 'The server does not offer TLS.', 'Have TLS turned on at the server, or turn it off for the connection where the way is safe.'],
  ECONNRESET: LOST, EPIPE: LOST, PROTOCOL_CONNECTION_LOST: LOST,
};

const plugin = (words: string): string => /plugin:? ([\w-]+)/.exec(words)?.[1] ?? 'another one';

function tlsFailure(code: string, words: string): Told {
  const why = CERTIFICATE.find(([pattern]) => pattern.test(words))?.[1];
  if (why !== undefined) return ['permission', `The server can’t prove who it is: ${why}.`, 'Give the right CA certificate and host. Do without verifying only where the way is safe.'];
  if (/certificate required|bad certificate|unknown ca|handshake failure/i.test(words)) return ['permission', 'The server does not accept the client certificate, or asks for one.', 'Give the client certificate and its key.'];
  if (/PEM|DECODER|key values mismatch|asn1/i.test(`${words} ${code}`)) return ['invalid_input', 'A certificate or key of the connection can’t be read, or they do not belong together.', 'Paste it again, from the line BEGIN to the line END.'];
  return ['io', 'The encrypted connection could not be made.', 'Check that the server offers TLS 1.2 or newer.'];
}

const isTlsCode = (code: string): boolean => code === 'HANDSHAKE_SSL_ERROR' || /^ERR_(SSL|TLS|OSSL)/.test(code);
const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '');
/** Did the encryption fail, before anybody logged in? */
export const isTls = (thrown: unknown): boolean => isTlsCode(codeOf(thrown)) || codeOf(thrown) === 'HANDSHAKE_NO_SSL_SUPPORT';

function toldBy(error: Known, settings: Settings): Told {
  const byNumber = NUMBERS[error.errno] ?? CODES[error.code];
  if (byNumber !== undefined) return byNumber(settings, error);
  if (error.code === 'AUTH_SWITCH_PLUGIN_ERROR') return ['unsupported', `The server wants “${settings.user}” to log in by the plugin ${plugin(error.words)}, which is not known here.`, 'Have the user made with mysql_native_password or caching_sha2_password.'];
  if (isTlsCode(error.code)) return tlsFailure(error.code, error.words);
  return ['node_failed', says(error), 'Correct the query, or the names in it. Nothing was changed.'];
}

/** The number of a server's error; 0 of others. */
export const errnoOf = (thrown: unknown): number => (thrown instanceof Error && 'errno' in thrown && typeof thrown.errno === 'number' ? thrown.errno : 0);
/** Was it the way to the server that failed? */
export const isLost = (thrown: unknown): boolean => ['ECONNRESET', 'EPIPE', 'PROTOCOL_CONNECTION_LOST', 'ETIMEDOUT'].includes(codeOf(thrown));

/** Anything that went wrong with a server, as a sentence that says where, why and what to do. Errors that are ours already stay. */
export function explain(thrown: unknown, settings: Settings): unknown {
  if (thrown instanceof StudioError || !(thrown instanceof Error)) return thrown;
  const code = codeOf(thrown);
  const words = 'sqlMessage' in thrown && typeof thrown.sqlMessage === 'string' ? thrown.sqlMessage : thrown.message;
  // The statement holds rows of a person's; they do not travel with the error.
  Reflect.deleteProperty(thrown, 'sql');
  const known = code !== '' || errnoOf(thrown) !== 0;
  const [kind, message, remedy] = known ? toldBy({ errno: errnoOf(thrown), code, words }, settings) : (['io', `The server answered in a way that is not understood: ${words}.`, 'Check that it is a MySQL or MariaDB server.'] as const);
  return new StudioError(kind, message, { place: settings.place, remedy, detail: `${code} ${words}`.trim(), cause: thrown });
}
