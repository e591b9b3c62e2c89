import { StudioError } from '#shared/errors';
import type { SftpSettings } from './session.ts';

const codeOf = (thrown: unknown): string | number => (typeof thrown === 'object' && thrown !== null && 'code' in thrown && (typeof thrown.code === 'string' || typeof thrown.code === 'number') ? thrown.code : '');
const textOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
const isOurs = (thrown: unknown): thrown is StudioError => thrown instanceof Error && thrown.name === 'StudioError';

/** The name could not be found, or nobody listens there. */
export function reachProblem(thrown: unknown, { host, port }: Pick<SftpSettings, 'host' | 'port'>): StudioError {
  const code = codeOf(thrown);
  const detail = textOf(thrown);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new StudioError('io', `There is no computer called ${host}, or the name can’t be looked up now.`, { place: host, remedy: 'Check the host’s name and the network.', detail });
  if (code === 'ECONNREFUSED') return new StudioError('io', `Nothing listens on port ${port} of ${host}.`, { place: `${host}:${port}`, remedy: 'Check the port, and whether the SSH server runs.', detail });
  return new StudioError('io', `${host} can’t be reached on port ${port}.`, { place: `${host}:${port}`, remedy: 'Check the host, the port and the network.', detail });
}

/** No answer came in time. */
export const silentProblem = (address: string, what: string): StudioError =>
  new StudioError('timeout', `${what} gave no answer in time.`, { place: address, remedy: 'Check the network, or give it more time under “Connect within”. Run again: a part is continued.' });

/** Another key than the pinned one, or none pinned: in the detail stands the one that was found. */
export function hostKeyProblem(found: string, pinned: string, address: string): StudioError {
  if (pinned === '') return new StudioError('permission', `The server’s host key is not known yet: it shows ${found}.`, { place: address, remedy: 'Compare it with what the server’s administrator says, and put it into “Host key”.', detail: found });
  return new StudioError('permission', `The server shows another host key than the known one: ${found}.`, { place: address, remedy: 'Nothing was sent. Ask the server’s administrator whether the key was changed; if not, somebody stands in between.', detail: found });
}

/** What the client says while it shakes hands and logs in, and whenever the line fails. Never with the login. */
export function loginProblem(thrown: unknown, address: string, { login, user }: Pick<SftpSettings, 'login' | 'user'>): StudioError {
  if (isOurs(thrown)) return thrown;
  const message = textOf(thrown);
  const level = typeof thrown === 'object' && thrown !== null && 'level' in thrown ? thrown.level : '';
  if (level === 'client-authentication') {
    return new StudioError('permission', `The server does not let ${user} in with this ${login === 'key' ? 'private key' : 'password'}.`, { place: address, remedy: login === 'key' ? 'Check the user, and that the key’s public half is among the server’s authorized keys.' : 'Check the user and the password.', detail: message });
  }
  if (/passphrase|bad decrypt|integrity check/i.test(message)) return new StudioError('permission', 'The private key is locked, and the passphrase does not open it.', { place: 'passphrase', remedy: 'Enter the key’s passphrase again.', detail: message });
  if (/privateKey|private key|key format/i.test(message)) return new StudioError('invalid_input', 'The private key can’t be read.', { place: 'privateKey', remedy: 'Paste the whole key with its first and last line, in OpenSSH’s or PEM form.', detail: message });
  if (level === 'handshake' || level === 'protocol') return new StudioError('io', 'The server and Millrace found no common way to speak SSH.', { place: address, remedy: 'Check that an SSH server listens on this port.', detail: message });
  return new StudioError('io', 'The line to the server broke.', { place: address, remedy: 'Run again: what was transferred is kept, and a part is continued.', detail: message });
}

const FAILED: Readonly<Record<number, readonly ['io' | 'permission' | 'unsupported', string, string]>> = {
  2: ['io', 'The file or folder doesn’t exist on the server.', 'Check the path; relative ones start at the connection’s folder.'],
  3: ['permission', 'The server refuses access.', 'Ask for the permission, or choose another place.'],
  8: ['unsupported', 'The server can’t do this.', 'Choose another way, or another server.'],
};

/** What the server said about a file, as a sentence. */
export function fileProblem(thrown: unknown, place: string): StudioError {
  if (isOurs(thrown)) return thrown;
  const known = FAILED[Number(codeOf(thrown))];
  const detail = textOf(thrown);
  if (known !== undefined) return new StudioError(known[0], known[1], { place, remedy: known[2], detail, cause: thrown });
  if (/no response from server|not connected|connection lost/i.test(detail)) return new StudioError('io', 'The line to the server broke.', { place, remedy: 'Run again: what was transferred is kept, and a part is continued.', detail, cause: thrown });
  return new StudioError('io', 'The server could not do it, and does not say why.', { place, remedy: 'Check the path, the server’s disk and its log.', detail, cause: thrown });
}

/** Is it the answer that nothing is there? */
export const isMissing = (thrown: unknown): boolean => codeOf(thrown) === 2;
/** The one answer for everything else that went wrong at the server: a full disk among it. */
export const isFailure = (thrown: unknown): boolean => codeOf(thrown) === 4;

export const fullProblem = (place: string): StudioError => new StudioError('io', 'The disk is full at the server.', { place, remedy: 'Make room there and run again: files that are done are not transferred again.' });
