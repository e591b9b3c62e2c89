import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';

/** A connection's settings, and its secrets, as the client wants them. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly tls: 'off' | 'on' | 'verify';
  readonly ca: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  readonly timeoutMs: number;
  /** What errors name. */
  readonly place: string;
}

/** What can't be read is not told: it may be a secret. */
function pem(what: string, text: string, name: string, read: (text: string) => unknown): void {
  try {
    if (text !== '') read(text);
  } catch {
    throw new StudioError('invalid_input', `The ${what} of the connection “${name}” is not in PEM, or needs a passphrase.`, { place: name, remedy: 'Paste it again, from the line BEGIN to the line END.' });
  }
}

/** Throws invalid_input for what is missing. */
export function settingsOf({ name, settings, secrets }: OpenConnection): Settings {
  const text = (field: string): string => {
    const value = settings[field];
    return typeof value === 'string' ? value.trim() : '';
  };
  const missing = (what: string): StudioError => new StudioError('invalid_input', `The connection “${name}” names no ${what}.`, { place: name, remedy: `Fill in the ${what} of the connection.` });
  const [host, database, tls] = [text('host'), text('database'), text('tls')];
  if (host === '') throw missing('host');
  if (database === '') throw missing('database');
  pem('CA certificate', text('ca'), name, (found) => new X509Certificate(found));
  pem('client certificate', text('clientCertificate'), name, (found) => new X509Certificate(found));
  pem('client key', tls === 'off' ? '' : (secrets['clientKey'] ?? ''), name, (found) => createPrivateKey(found));
  if (tls !== 'off' && text('clientCertificate') !== '' && (secrets['clientKey'] ?? '') === '') throw new StudioError('invalid_input', `The connection “${name}” has a client certificate without its key.`, { place: name, remedy: 'Give the client key as well, or take the certificate away.' });
  const port = Number(settings['port'] ?? 3306);
  const timeout = settings['connectTimeoutMs'];
  return {
    host, port, database,
    user: text('user'),
    password: secrets['password'] ?? '',
    tls: tls === 'on' || tls === 'verify' ? tls : 'off',
    ca: text('ca'),
    clientCertificate: text('clientCertificate'),
    clientKey: secrets['clientKey'] ?? '',
    timeoutMs: typeof timeout === 'number' ? timeout : 10_000,
    place: `${host}:${port}/${database}`,
  };
}
