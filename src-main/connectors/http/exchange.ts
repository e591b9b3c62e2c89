import type { Agent, Dispatcher } from 'undici';
import { StudioError } from '#shared/errors';
import { checkAddress } from './address.ts';
import { ENCODINGS, readBody } from './body.ts';

/** A request as a node means it; what logs in is added where it is sent. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | null;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in small letters; one that came several times with commas between. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it came from in the end, without its query: that may hold a key. */
  readonly place: string;
  /** Where it came from in the end; what is relative in the answer starts here. */
  readonly url: URL;
  readonly redirects: number;
  readonly body: Buffer;
}

export interface Limits {
  /** For one request with its redirects and its whole answer, in milliseconds. */
  readonly totalMs: number;
  /** For the headers, and between two pieces of the body. */
  readonly idleMs: number;
  readonly maxBytes: number;
  readonly maxRedirects: number;
}

/** What logs a request in at `url`: nothing anywhere but at the service's own address. */
export interface Credentials {
  headers(url: URL): Readonly<Record<string, string>>;
  /** The address with what the login puts into it. */
  address(url: URL): URL;
  /** The same without: on its way to somebody else. */
  stripped(url: URL): URL;
}

/** Headers that may go along to another address; any other may be a key. */
const HARMLESS = new Set(['accept', 'accept-language', 'accept-encoding', 'content-type', 'user-agent']);

/** Where a request goes, for a sentence: no query, which may hold a key. */
export const placeOf = (url: URL): string => `${url.origin}${url.pathname === '/' ? '' : url.pathname}`;

const lowerCased = (headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')]])));

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What to ask after a redirect. */
function follow(request: HttpRequest, status: number, location: string, place: string, credentials: Credentials): HttpRequest {
  if (!URL.canParse(location, request.url.href)) throw new StudioError('io', `${place} sends the request on to something that is no address.`, { place: 'url' });
  let url = new URL(location, request.url);
  url.hash = '';
  if (request.url.protocol === 'https:' && url.protocol === 'http:') throw new StudioError('permission', `${place} sends the request on from https: to http:, where anyone may read it.`, { place: 'url', remedy: 'Use the address that the service means, if it has one with https:.' });
  const away = url.origin !== request.url.origin;
  if (away) url = credentials.stripped(url);
  const asGet = status === 303 ? request.method !== 'HEAD' : (status === 301 || status === 302) && request.method === 'POST';
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => (!away || HARMLESS.has(name.toLowerCase())) && !(asGet && name.toLowerCase() === 'content-type')));
  return asGet ? { method: 'GET', url, headers, body: null } : { ...request, url, headers };
}

async function hop(agent: Agent, request: HttpRequest, limits: Limits, credentials: Credentials, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  const url = credentials.address(request.url);
  const own = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  return await agent.request({
    origin: url.origin, path: `${url.pathname}${url.search}`, method: request.method,
    headers: { 'user-agent': 'Millrace', accept: '*/*', 'accept-encoding': ENCODINGS, ...own, ...credentials.headers(url) },
    body: request.body, signal, headersTimeout: limits.idleMs, bodyTimeout: limits.idleMs,
  });
}

/**
 * One request and its answer, redirects followed: each address is checked again, and away from the service's own address nothing that logs
 * in goes along. Rejects with what undici throws, and with StudioErrors for what we refuse.
 */
export async function exchange(agent: Agent, request: HttpRequest, limits: Limits, credentials: Credentials, allowPrivate: boolean, stop: AbortSignal): Promise<HttpAnswer> {
  const late = AbortSignal.timeout(limits.totalMs);
  const signal = AbortSignal.any([stop, late]);
  let asked = request;
  try {
    for (let redirects = 0; ; redirects += 1) {
      checkAddress(asked.url, allowPrivate);
      const place = placeOf(asked.url);
      const response = await hop(agent, asked, limits, credentials, signal);
      const headers = lowerCased(response.headers);
      const { location } = headers;
      if (!REDIRECTS.has(response.statusCode) || location === undefined) {
        const body = asked.method === 'HEAD' ? Buffer.alloc(0) : await readBody(response.body, headers, limits.maxBytes, place);
        if (asked.method === 'HEAD') await response.body.dump();
        return { status: response.statusCode, headers, place, url: asked.url, redirects, body };
      }
      await response.body.dump({ limit: 64 * 1024 });
      if (redirects >= limits.maxRedirects) throw new StudioError('node_failed', `The request was sent on ${redirects.toLocaleString('en')} times, the last time by ${place}.`, { place: 'url', remedy: limits.maxRedirects === 0 ? 'Allow redirects, or use the address that it leads to.' : 'Use the address that it should lead to; a service that sends a request round in a circle often misses a login.' });
      asked = follow(asked, response.statusCode, location, place, credentials);
    }
  } catch (thrown) {
    stop.throwIfAborted();
    if (late.aborted) throw new StudioError('timeout', `${placeOf(asked.url)} did not answer completely within ${(limits.totalMs / 1000).toLocaleString('en')} seconds.`, { place: 'url', remedy: 'Try again later, or allow more time.', cause: thrown });
    throw thrown;
  }
}
