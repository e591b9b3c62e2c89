import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import { openAgent } from './agent.ts';
import type { Lookup } from './agent.ts';
import { mediaType } from './body.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { exchange, placeOf } from './exchange.ts';
import type { Credentials, HttpAnswer, HttpRequest, Limits } from './exchange.ts';
import { noAnswer } from './failures.ts';
import { loginOf } from './login.ts';
import { createTokens } from './oauth.ts';
import { createPace } from './pace.ts';
import { backoff, isIdempotent, isPassing, retryAfter } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import { baseOf } from './url.ts';

export interface ClientOptions {
  readonly connection: OpenConnection | null;
  readonly limits: Limits;
  readonly retry: RetryPolicy;
  /** Requests a second, shared by all that run at once; 0 is without a limit. */
  readonly perSecond: number;
  readonly clock?: Clock;
  readonly lookup?: Lookup;
}

/** What came of a request: an answer of any status, with how often it was sent. */
export interface Sent extends HttpAnswer {
  readonly tries: number;
}

/** Sends requests through one login, one pool of connections and one pace. */
export interface HttpClient {
  /** Where relative addresses start; null without a connection. */
  readonly base: URL | null;
  /** The answer, whatever its status, after as many tries as are allowed. Rejects with a StudioError where there is none. */
  send(request: HttpRequest, signal: AbortSignal): Promise<Sent>;
  /** What an answer of another status than 2xx means. */
  refusal(answer: HttpAnswer): StudioError;
  close(): Promise<void>;
}

const NOBODY: Credentials = { headers: () => ({}), address: (url) => url, stripped: (url) => url };

const REMEDIES: { readonly [status: number]: string } = {
  400: 'Check the parameters and the body.', 401: 'Check the login of the connection in Settings → Connections.', 403: 'The login may not do this: ask whoever runs the service.',
  404: 'Check the address.', 405: 'Choose another method.', 409: 'What is there already stands in the way.', 413: 'Send less at a time.', 415: 'Send the body in another format.', 422: 'Check the values in the body.', 429: 'Lower the rate, or allow more tries.',
};

/** Letters of an answer that are shown with the failure. */
const SHOWN = 500;

/** Opens a client. Throws invalid_input where the connection's settings can't be used, and permission where a secret is missing. */
export function openClient({ connection, limits, retry, perSecond, clock = systemClock, lookup }: ClientOptions): HttpClient {
  const settings = connection?.settings ?? {};
  const allowPrivate = settings['allowPrivate'] === true;
  const base = connection === null ? null : baseOf(connection);
  const text = (name: string): string => (typeof settings[name] === 'string' ? settings[name] : '');
  const agent = openAgent({ allowPrivate, ca: text('ca'), connectTimeoutMs: typeof settings['connectTimeoutMs'] === 'number' ? settings['connectTimeoutMs'] : 10_000, ...(lookup === undefined ? {} : { lookup }) });
  const pace = createPace(perSecond, clock);
  const tokens = text('auth') !== 'oauth2' ? null : createTokens({
    tokenUrl: tokenAddress(text('tokenUrl')), clientId: text('clientId'), clientSecret: connection?.secrets['clientSecret'] ?? '', scope: text('scope'), insecure: allowPrivate,
    send: (request, signal) => tried(request, NOBODY, { ...limits, maxRedirects: 0 }, signal),
  }, clock);
  const login = loginOf(connection, tokens);
  const veiled = (error: StudioError): StudioError =>
    new StudioError(error.code, login.veil.text(error.message), {
      ...(error.place === undefined ? {} : { place: error.place }), ...(error.remedy === undefined ? {} : { remedy: login.veil.text(error.remedy) }), ...(error.detail === undefined ? {} : { detail: login.veil.text(error.detail) }), cause: error.cause,
    });

  async function tried(request: HttpRequest, credentials: Credentials, within: Limits, signal: AbortSignal): Promise<Sent> {
    const again = isIdempotent(request.method) || retry.unsafe;
    for (let attempt = 0; ; attempt += 1) {
      await pace.turn(signal);
      let wait: number | null = null;
      try {
        const answer = await exchange(agent, request, within, credentials, allowPrivate, signal);
        if (!isPassing(answer.status) || !again || attempt >= retry.retries) return { ...answer, tries: attempt + 1 };
        wait = retryAfter(answer.headers['retry-after'], clock.now());
        if (wait !== null && wait > retry.maxMs) return { ...answer, tries: attempt + 1 };
      } catch (thrown) {
        signal.throwIfAborted();
        const failure = noAnswer(thrown, placeOf(request.url));
        if (!failure.passing || !(again || failure.unsent) || attempt >= retry.retries) throw veiled(failure.error);
      }
      await clock.sleep(wait ?? backoff(attempt, retry, clock), signal);
    }
  }

  return {
    base,
    async send(request, signal) {
      const credentials = await login.credentials(signal);
      const answer = await tried(request, credentials, limits, signal);
      // A token may have been withdrawn before its time: one more try with a fresh one.
      if (answer.status !== 401 || !login.renew(credentials)) return answer;
      return await tried(request, await login.credentials(signal), limits, signal);
    },
    refusal({ status, place, body, headers }) {
      const readable = /^(text\/|application\/(.*\+)?(json|xml))/.test(mediaType(headers));
      const wait = headers['retry-after'];
      const said = readable ? body.subarray(0, SHOWN * 4).toString('utf8').slice(0, SHOWN).trim() : '';
      return veiled(new StudioError(status === 401 || status === 403 ? 'permission' : 'node_failed', `${place} answered with the status ${status}${status === 429 && wait !== undefined ? ` and asks to wait (${wait})` : ''}.`, {
        place: 'url', remedy: REMEDIES[status] ?? (status >= 500 ? 'Try again later; the failure is at the service.' : 'Check the address.'), ...(said === '' ? {} : { detail: said }),
      }));
    },
    close: () => agent.destroy(),
  };
}

function tokenAddress(text: string): string {
  if (URL.canParse(text)) return text;
  throw new StudioError('invalid_input', 'The token address of the connection is not an address.', { place: 'connection', remedy: 'Write it like https://login.example.com/oauth/token in Settings → Connections.' });
}
