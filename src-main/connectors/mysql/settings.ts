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
