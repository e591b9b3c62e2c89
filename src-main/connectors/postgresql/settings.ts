import type { OpenConnection } from '#shared/connections/connection';

/** The settings of a connection to PostgreSQL, read once. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** The login's name; the system's own user where none is given. */
  readonly user: string;
  readonly tls: 'off' | 'on' | 'verify';
  readonly ca: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly timeoutMs: number;
  /** For errors: `host:port/database`. */
  readonly place: string;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

/** Never has anything secret in it. */
export function settingsOf({ settings }: OpenConnection): Settings {
  const host = text(settings['host']) ?? 'localhost';
  const port = typeof settings['port'] === 'number' ? settings['port'] : 5432;
  const user = text(settings['user']) ?? process.env['USER'] ?? process.env['USERNAME'] ?? 'postgres';
  const database = text(settings['database']) ?? user;
  const tls = settings['tls'] === 'on' || settings['tls'] === 'verify' ? settings['tls'] : 'off';
  const timeoutMs = typeof settings['connectTimeoutMs'] === 'number' ? settings['connectTimeoutMs'] : 10_000;
  return { host, port, database, user, tls, ca: text(settings['ca']), clientCertificate: text(settings['clientCertificate']), timeoutMs, place: `${host}:${port}/${database}` };
}
