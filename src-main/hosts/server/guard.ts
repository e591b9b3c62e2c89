import type { IncomingMessage } from 'node:http';
import { StudioError } from '#shared/errors';
import { sameToken } from './token.ts';

/** Where this server is reached, and the secret it wants. */
export interface Door {
  readonly port: number;
  readonly token: string;
}

const NAMES = ['127.0.0.1', 'localhost'];

/** Other servers on this machine share its cookies, whatever their port: so the cookie is named after ours. */
export const cookieName = (door: Door): string => `millrace-${door.port}`;

const origins = (door: Door): readonly string[] => NAMES.map((name) => `http://${name}:${door.port}`);
const hosts = (door: Door): readonly string[] => NAMES.flatMap((name) => (door.port === 80 ? [name, `${name}:80`] : [`${name}:${door.port}`]));

/**
 * Refuses what a page of somebody else may have sent: a Host that is not this machine (a name made to point here), or an Origin that
 * is not this server. Throws `permission`.
 */
export function checkOrigin(request: IncomingMessage, door: Door): void {
  const { host, origin } = request.headers;
  if (host === undefined || !hosts(door).includes(host.toLowerCase())) {
    throw new StudioError('permission', 'This studio answers only to 127.0.0.1 and localhost.', { place: `Host: ${host ?? 'none'}`, remedy: 'Open the link that `serve` printed.' });
  }
  if (origin !== undefined && !origins(door).includes(origin.toLowerCase())) {
    throw new StudioError('permission', 'This studio takes no requests from pages of other sites.', { place: `Origin: ${origin}`, remedy: 'Open the link that `serve` printed.' });
  }
}

/** Calls come from our own page or from a program, never from a page beside ours: a browser says which. Throws `permission`. */
export function checkCaller(request: IncomingMessage): void {
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new StudioError('permission', 'This studio takes no requests from pages of other sites.', { place: `Sec-Fetch-Site: ${site}` });
}

function cookieOf(request: IncomingMessage, name: string): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name && value !== undefined) return value;
  }
  return null;
}

/** Does the request show the token, as a bearer or in the cookie of the window? */
export function hasToken(request: IncomingMessage, door: Door): boolean {
  const bearer = /^Bearer ([\w-]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
  const given = bearer ?? cookieOf(request, cookieName(door));
  return given !== null && sameToken(given, door.token);
}

/** Kept from scripts, from other sites, and for this server alone. */
export const tokenCookie = (door: Door): string => `${cookieName(door)}=${door.token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=31536000`;
