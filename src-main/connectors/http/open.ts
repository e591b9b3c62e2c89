import type { StreamContext } from '../../nodes/define.ts';
import type { HttpClient } from './client.ts';
import type { LimitConfig } from './params.ts';

/** The client that a node's parameters describe, over its connection if it has one. */
export async function openFor(config: LimitConfig, context: Pick<StreamContext, 'connection'>): Promise<HttpClient> {
  // Imported here: a worker that asks no service starts without the client.
  const { openClient } = await import('./client.ts');
  return openClient({
    connection: config.connection === '' ? null : await context.connection(config.connection, ['http']),
    limits: { totalMs: config.withinMs, idleMs: config.idleMs, maxBytes: Math.round(config.maxMb * 2 ** 20), maxRedirects: config.redirects },
    retry: { retries: config.retries, initialMs: config.retryFirstMs, maxMs: config.retryMostMs, unsafe: config.retryUnsafe },
    perSecond: config.ratePer === 'minute' ? config.rate / 60 : config.rate,
  });
}

/** Would sending it again do something twice? Not where a person has said that it may be sent again. */
export const changes = ({ method, retryUnsafe }: { readonly method: string; readonly retryUnsafe: boolean }): boolean => method !== 'GET' && method !== 'HEAD' && !retryUnsafe;
