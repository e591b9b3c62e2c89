import { StudioError } from '#shared/errors';

/** What a reply that is an error means, by how it starts. `{server}` is host and port. */
const SENTENCES: readonly (readonly [RegExp, StudioError['code'], string, string])[] = [
  [/^NOAUTH/, 'permission', '{server} asks for a login.', 'Enter the password, and the user if there is one, in Settings → Connections.'],
  [/^WRONGPASS|^ERR invalid password/, 'permission', '{server} does not know this user, or the password is wrong.', 'Check the login in Settings → Connections.'],
  [/^NOPERM/, 'permission', 'The user of the connection may not do this.', 'Ask whoever runs the server for the right, or use another user.'],
  [/^READONLY/, 'permission', '{server} is a replica, which takes nothing that is written.', 'Use a connection to the primary server.'],
  [/^OOM/, 'io', '{server} is full: it has reached its memory limit (maxmemory).', 'Remove keys, raise the limit, or give what is written a time to live.'],
  [/^MISCONF/, 'io', '{server} takes nothing that is written, because it can’t save to its disk.', 'Make room on the server’s disk; its log says more.'],
  [/^(MOVED|ASK|CROSSSLOT|CLUSTERDOWN|TRYAGAIN)/, 'unsupported', '{server} belongs to a cluster, and the key is kept by another server of it.', 'Millrace speaks to one server: use one that is not a cluster, or a proxy in front of it.'],
  [/^WRONGTYPE/, 'node_failed', 'A key is there already and holds something of another kind.', 'Use other keys, or remove that one first.'],
  [/^(LOADING|BUSY|MASTERDOWN|NOREPLICAS)/, 'io', '{server} is busy and answers nothing for now.', 'Try again later.'],
  [/DB index is out of range|^ERR invalid DB index/, 'invalid_input', '{server} has no database of that number.', 'Correct the number in Settings → Connections.'],
  [/^ERR SELECT is not allowed in cluster mode/, 'unsupported', '{server} belongs to a cluster, which has the database 0 only.', 'Set the database to 0 in Settings → Connections.'],
  [/^ERR invalid expire time|^ERR value is not an integer/, 'node_failed', 'The time to live is out of range.', 'Give a number of seconds above 0.'],
  [/^ERR unknown command/, 'unsupported', '{server} does not know a command that is needed.', 'Use Redis 6 or newer, or a server that speaks its protocol.'],
];

/** The failure that an error reply means. `at`: what it was about, such as the key. */
export function replyFailure(message: string, server: string, at?: string): StudioError {
  const [, code, sentence, remedy] = SENTENCES.find(([pattern]) => pattern.test(message)) ?? [/$/, 'node_failed' as const, '{server} refuses a command.', 'The details say why.'];
  return new StudioError(code, `${sentence.replace('{server}', server)}${at === undefined ? '' : ` (${at})`}`, { place: code === 'permission' || code === 'unsupported' ? 'connection' : 'key', remedy, detail: message.slice(0, 300) });
}

/** Why there is no line to the server. */
export function lineFailure(thrown: unknown, server: string): StudioError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const detail = [code, message].filter(Boolean).join(': ');
  const say = (kind: StudioError['code'], sentence: string, remedy: string): StudioError => new StudioError(kind, sentence, { place: 'connection', remedy, detail, cause: thrown });
  if (thrown instanceof StudioError) return thrown;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return say('io', `There is no host of that name: ${server}.`, 'Check the host in Settings → Connections.');
  if (code === 'ECONNREFUSED') return say('io', `Nothing listens at ${server}.`, 'Check the port, and that the server runs.');
  if (code === 'ETIMEDOUT' || /timed? ?out|connect ETIMEDOUT/i.test(message)) return say('timeout', `${server} could not be reached in time.`, 'Check host, port and network, or allow more time in the connection.');
  if (code === 'CERT_HAS_EXPIRED') return say('permission', `The certificate of ${server} has expired.`, 'Tell whoever runs the server.');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return say('permission', `The certificate of ${server} is for another name.`, 'Use the name that the certificate is for.');
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) return say('permission', `The certificate of ${server} is vouched for by nobody known here.`, 'If the server has an authority of its own, put its certificate into the connection (CA certificate).');
  if (/ALERT|handshake|bad certificate|certificate required/i.test(message) || code.startsWith('ERR_SSL')) return say('permission', `${server} and Millrace do not agree on TLS.`, 'Check the encryption in Settings → Connections, and the client certificate if the server asks for one.');
  if (code === 'ERR_OSSL_PEM_NO_START_LINE' || /PEM|key values mismatch/.test(message)) return say('invalid_input', 'A certificate or key of the connection can’t be read.', 'Paste it whole, with its BEGIN and END lines, in Settings → Connections.');
  return say('io', `The line to ${server} was cut.`, 'Check that the server runs; with encryption on at one end only, the line is cut too.');
}
