import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import { checkAddress } from './address.ts';

/** Where a connection's relative addresses start. Throws invalid_input where that is no address of the web. */
export function baseOf(connection: OpenConnection): URL {
  const text = connection.settings['baseUrl'];
  if (typeof text !== 'string' || !URL.canParse(text)) {
    throw new StudioError('invalid_input', `The base address of the connection “${connection.name}” is not an address.`, { place: 'connection', remedy: 'Write it like https://api.example.com/v1 in Settings → Connections.' });
  }
  const url = new URL(text);
  checkAddress(url, true);
  return url;
}

const ABSOLUTE = /^[a-z][a-z\d+.-]*:/i;
/** Steps that climb out of where an address stands, as the URL standard reads them. */
const CLIMBS = /^(\.|%2e){1,2}$/i;

const climbing = (address: string): number => (address.split(/[?#]/, 1)[0] ?? '').split('/').filter((step) => CLIMBS.test(step)).length;

/**
 * The address of a request: as it is, or below the base address (whose path stays). Throws invalid_input for what is no address. A value
 * that was filled in can't climb: `..` is refused where the text that a person wrote has none.
 */
export function addressOf(text: string, base: URL | null, written = text): URL {
  if (climbing(text) > climbing(written)) throw new StudioError('node_failed', 'A value that would become part of the address is “.” or “..”, which would lead elsewhere.', { place: 'url', remedy: 'Take such rows out before this node, or send the value as a parameter.' });
  if (ABSOLUTE.test(text)) {
    if (!URL.canParse(text)) throw notAnAddress(text);
    const url = new URL(text);
    checkAddress(url, true);
    return url;
  }
  if (base === null) throw new StudioError('invalid_input', 'The address is relative, and there is no connection that says to what.', { place: 'url', remedy: 'Write the whole address (https://…), or choose a connection.' });
  if (text.startsWith('//') || text.includes('\\')) throw notAnAddress(text);
  const url = new URL(base);
  const [, above = '', query, hash] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text) ?? [];
  if (hash !== undefined) url.hash = '';
  if (above !== '') url.pathname = `${base.pathname.replace(/\/$/, '')}/${above.replace(/^\//, '')}`;
  if (query !== undefined) url.search = query;
  return url;
}

const notAnAddress = (text: string): StudioError =>
  new StudioError('invalid_input', `This is not an address: ${text.slice(0, 200)}`, { place: 'url', remedy: 'Write it like https://api.example.com/items, or /items below a connection’s base address.' });

/** The address with these parameters added after those that it has. */
export function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  const full = new URL(url);
  for (const [name, value] of Object.entries(query)) full.searchParams.set(name, value);
  return full;
}
