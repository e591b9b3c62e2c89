import { DatabaseError } from 'pg';
import { StudioError } from '#shared/errors';
import type { ErrorCode } from '#shared/errors';
import { explainNetwork, isNetwork } from './network-failures.ts';
import type { Settings } from './settings.ts';

type Doing = 'login' | 'read' | 'write';
type Told = readonly [code: ErrorCode, message: string, remedy: string];

const says = (error: DatabaseError): string => error.message.charAt(0).toUpperCase() + error.message.slice(1).replace(/\.?$/, '.');

/** What a server's refusal means, by its SQLSTATE; the longest beginning counts. */
const STATES: Readonly<Record<string, (error: DatabaseError, settings: Settings, doing: Doing) => Told>> = {
  '28P01': (_error, { user }) => ['permission', `The server refused the login of “${user}”: the user or the password is wrong.`, 'Correct the user or the password of the connection.'],
  '28000': (error, { user }) =>
    /certificate/i.test(error.message) ? ['permission', `The server refused the login of “${user}”: ${error.message}.`, 'Give the client certificate and its key.']
    : /role .* does not exist/.test(error.message) ? ['permission', `The server knows no user “${user}”.`, 'Correct the user of the connection.']
    : /no encryption|SSL off/i.test(error.message) ? ['permission', `The server refused the login of “${user}” without encryption.`, 'Turn on TLS for the connection.']
    : ['permission', `The server refused the login of “${user}”: ${error.message}.`, 'Correct the user, or have the server let this computer in (pg_hba.conf).'],
  '3D000': (_error, { database }) => ['not_found', `The server has no database “${database}”.`, 'Correct the database of the connection.'],
  '53300': () => ['io', 'The server has too many connections already.', 'Run again later, or raise max_connections.'],
  '53100': () => ['io', 'The disk of the server is full.', 'Make room on the server, then run again. Nothing was changed.'],
  '53200': () => ['io', 'The server has not enough memory.', 'Run again later, or with a query that needs less.'],
  '53400': (error) => ['io', `A limit of the server was reached: ${error.message}.`, 'Raise the limit, or ask for less. Nothing was changed.'],
  '57P01': () => ['io', 'The server was shut down.', 'Run again when it is up. Nothing was changed.'],
  '57P02': () => ['io', 'The server has crashed.', 'Run again when it is up. Nothing was changed.'],
  '57P03': () => ['io', 'The server is not ready for connections: it starts, or shuts down.', 'Run again in a moment.'],
  '57014': (error) => ['timeout', says(error), 'Run again, or raise the server’s limit (statement_timeout).'],
  '55P03': (error) => ['timeout', says(error), 'Something else holds the table; run again later.'],
  '25P03': (error) => ['timeout', says(error), 'Run again.'],
  '25006': (_error, _settings, doing) => (doing === 'read' ? ['node_failed', 'The query would change something; a query may only read.', 'Use “Write to database”, or a query that only reads.'] : ['permission', 'The server takes no changes now: it is a standby, or read-only.', 'Use the primary server.']),
  '42501': (error) => ['permission', says(error), 'Have the right granted to the connection’s user, or use another one.'],
  '42P10': (error) => ['node_failed', says(error), 'Upsert needs a unique index over exactly the keys.'],
  '40': (error) => ['io', says(error), 'Something else changed the same rows; run again. Nothing was changed.'],
  '42601': (error) => ['node_failed', says(error), 'Correct the query.'],
  '42': (error) => ['node_failed', says(error), 'Correct the query, or the names in it.'],
  '23': (error) => ['node_failed', says(error), 'The rows break a rule of the table; correct them, or the rule. Nothing was changed.'],
  '22': (error) => ['node_failed', says(error), 'Correct the value or the query. Nothing was changed.'],
};

const toldBy = (state: string): (typeof STATES)[string] | undefined => STATES[state] ?? STATES[state.slice(0, 2)];

/** Where in a query the server found something: the line, and what stands there. */
function positionIn(query: string, position: string | undefined): string {
  const at = Number(position);
  if (!Number.isInteger(at) || at < 1 || at > query.length) return '';
  const rest = query.slice(at - 1).split('\n', 1)[0] ?? '';
  return ` (line ${query.slice(0, at - 1).split('\n').length}, at “${rest.length > 40 ? `${rest.slice(0, 40)}…` : rest}”)`;
}

/** Anything that went wrong with a server, as a sentence that says where, why and what to do. `query`: what was asked, to show the place in it. */
export function explain(thrown: unknown, settings: Settings, doing: Doing, query?: string): Error {
  if (thrown instanceof StudioError || !(thrown instanceof Error)) return thrown as Error;
  if (thrown.message.startsWith('SASL: ')) return new StudioError('permission', thrown.message.includes('non-empty') ? `The server asks “${settings.user}” for a password, and the connection has none.` : 'The login failed: the server and this program do not agree on how to log in.', { place: settings.place, remedy: 'Correct the password of the connection.' });
  if (/does not support SSL connections/.test(thrown.message)) return new StudioError('io', 'The server does not offer TLS.', { place: settings.place, remedy: 'Have TLS turned on at the server, or turn it off for the connection where the way is safe.' });
  if (thrown instanceof DatabaseError && thrown.code !== undefined) {
    const [code, message, remedy] = toldBy(thrown.code)?.(thrown, settings, doing) ?? ['node_failed', says(thrown), 'Check the query, the connection and the server’s log.'];
    const where = query === undefined ? '' : positionIn(query, thrown.position);
    const more = [thrown.detail, thrown.hint, `SQLSTATE ${thrown.code}`].filter((one) => one !== undefined && one !== '').join('\n');
    return new StudioError(code, where === '' ? message : `${message.replace(/\.$/, '')}${where}.`, { place: settings.place, remedy: thrown.hint !== undefined && code === 'node_failed' ? thrown.hint.replace(/\.?$/, '.') : remedy, detail: more, cause: thrown });
  }
  if (doing !== 'login' && isNetwork(thrown)) return new StudioError('io', `The connection to the server was lost while ${doing === 'read' ? 'it sent rows' : 'rows were written'}.`, { place: settings.place, remedy: 'Check the server and the network, then run again. Nothing that was not committed stays there.', detail: thrown.message, cause: thrown });
  return explainNetwork(thrown, settings);
}
