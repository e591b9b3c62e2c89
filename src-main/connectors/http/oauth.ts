import { allowInsecureRequests, ClientSecretBasic, ClientSecretPost, clientCredentialsGrantRequest, customFetch, processClientCredentialsResponse, ResponseBodyError } from 'oauth4webapi';
import type { ClientAuth, TokenEndpointResponse } from 'oauth4webapi';
import { StudioError } from '#shared/errors';
import type { Clock } from './clock.ts';
import type { HttpAnswer, HttpRequest } from './exchange.ts';

/** Access tokens by client credentials, each used until shortly before it expires. */
export interface TokenSource {
  token(signal: AbortSignal): Promise<string>;
  /** That token was refused. A newer one stays. */
  forget(token: string): void;
}

export interface TokenOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  /** Is http: allowed? Only where private addresses are: the secret is in the request. */
  readonly insecure: boolean;
  readonly send: (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;
}

/** So long before its end a token is not used any more: the request has to arrive. */
const EARLY_MS = 30_000;

const refused = (thrown: ResponseBodyError): StudioError => {
  const sentences: { readonly [error: string]: readonly [string, string] } = {
    invalid_client: ['The token service does not know this client id, or the client secret is wrong.', 'Check both in Settings → Connections.'],
    unauthorized_client: ['The token service does not allow this client to ask for a token by itself.', 'Ask whoever runs the service to allow the grant “client credentials”.'],
    invalid_scope: ['The token service does not give this client the scope that the connection asks for.', 'Correct the scope in Settings → Connections.'],
    unsupported_grant_type: ['The token service gives no tokens for client credentials.', 'Choose another login in Settings → Connections.'],
  };
  const [message, remedy] = sentences[thrown.error] ?? ['The token service refuses to give a token.', 'Check the login in Settings → Connections.'];
  return new StudioError('permission', message, { place: 'connection', remedy, detail: `${thrown.status} ${thrown.error}` });
};

/** Asks for tokens with oauth4webapi over the guarded client. Requests that need one at the same time share one. */
export function createTokens({ tokenUrl, clientId, clientSecret, scope, insecure, send }: TokenOptions, clock: Pick<Clock, 'steady'>): TokenSource {
  const url = new URL(tokenUrl);
  const server = { issuer: url.origin, token_endpoint: url.href };
  const client = { client_id: clientId };
  const fetched = async (address: string, init: { readonly method: string; readonly headers: Record<string, string>; readonly body: URLSearchParams; readonly signal?: AbortSignal }): Promise<Response> => {
    const answer = await send({ method: init.method, url: new URL(address), headers: init.headers, body: init.body.toString() }, init.signal ?? new AbortController().signal);
    return new Response(answer.status === 204 ? null : new Uint8Array(answer.body), { status: answer.status, headers: { 'content-type': answer.headers['content-type'] ?? '' } });
  };
  const ask = async (auth: ClientAuth, signal: AbortSignal): Promise<TokenEndpointResponse> => {
    const response = await clientCredentialsGrantRequest(server, client, auth, scope === '' ? {} : { scope }, { signal, [customFetch]: fetched, [allowInsecureRequests]: insecure });
    return await processClientCredentialsResponse(server, client, response);
  };
  const fresh = async (signal: AbortSignal): Promise<{ readonly token: string; readonly until: number }> => {
    let given: TokenEndpointResponse;
    try {
      try {
        given = await ask(ClientSecretBasic(clientSecret), signal);
      } catch (thrown) {
        // Some services take the secret in the body only, whatever the standard says.
        if (!(thrown instanceof ResponseBodyError) || thrown.error !== 'invalid_client') throw thrown;
        given = await ask(ClientSecretPost(clientSecret), signal);
      }
    } catch (thrown) {
      signal.throwIfAborted();
      if (thrown instanceof StudioError) throw thrown;
      if (thrown instanceof Error && thrown.cause instanceof StudioError) throw thrown.cause;
      if (thrown instanceof ResponseBodyError) throw refused(thrown);
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'OAUTH_HTTP_REQUEST_FORBIDDEN') throw new StudioError('permission', 'The token address starts with http:, where anyone may read the client secret.', { place: 'connection', remedy: 'Use an address with https:.' });
      if (thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('OAUTH_')) throw new StudioError('node_failed', 'The token address does not answer as a token service does.', { place: 'connection', remedy: 'Check the token address in Settings → Connections.', detail: String(thrown.code) });
      throw thrown;
    }
    if (given.token_type !== 'bearer') throw new StudioError('unsupported', 'The token service gives tokens of a kind that is not known here.', { place: 'connection', detail: given.token_type });
    return { token: given.access_token, until: clock.steady() + Math.max(0, (given.expires_in ?? 3600) * 1000 - Math.min(EARLY_MS, (given.expires_in ?? 3600) * 100)) };
  };
  let held: { readonly token: string; readonly until: number } | null = null;
  let asking: ReturnType<typeof fresh> | null = null;
  return {
    async token(signal) {
      if (held !== null && clock.steady() < held.until) return held.token;
      asking ??= fresh(signal).finally(() => (asking = null));
      held = await asking;
      return held.token;
    },
    forget(token) {
      if (held?.token === token) held = null;
    },
  };
}
