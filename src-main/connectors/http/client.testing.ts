import type { OpenConnection } from '#shared/connections/connection';
import { startService } from '../servers/web.testing.ts';
import type { Service } from '../servers/web.testing.ts';
import { openClient } from './client.ts';
import type { ClientOptions, HttpClient, Sent } from './client.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { HttpRequest } from './exchange.ts';

const open: { close(): Promise<unknown> }[] = [];

/** Closes what a test kept open, the last first: for after each. */
export async function closeKept(): Promise<void> {
  for (const one of open.splice(0).toReversed()) await one.close();
}

/** Stays open until the test has ended. */
export const kept = <T extends { close(): Promise<unknown> }>(one: T): T => {
  open.push(one);
  return one;
};

/** A service on loopback that ends with the test. */
export const serve = async (...given: Parameters<typeof startService>): Promise<Service> => kept(await startService(...given));

/** Time passes only by waiting, and how long was waited is told. */
export function testClock(): Clock & { readonly waits: number[] } {
  let now = Date.parse('2026-03-04T05:06:07Z');
  const waits: number[] = [];
  return { waits, now: () => now, steady: () => now, random: () => 0.5, sleep: async (ms, signal) => { signal.throwIfAborted(); waits.push(ms); now += ms; } };
}

/** A client that ends with the test: it waits long and tries once, if nothing else is said. */
export const client = (connection: OpenConnection | null, more: Partial<Omit<ClientOptions, 'limits' | 'retry'>> & { limits?: Partial<ClientOptions['limits']>; retry?: Partial<ClientOptions['retry']> } = {}): HttpClient =>
  kept(openClient({ connection, perSecond: 0, clock: systemClock, ...more, limits: { totalMs: 60_000, idleMs: 30_000, maxBytes: 1 << 20, maxRedirects: 5, ...more.limits }, retry: { retries: 0, initialMs: 100, maxMs: 60_000, unsafe: false, ...more.retry } }));

/** A GET, if nothing else is said. */
export const request = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({ method: 'GET', headers: {}, body: null, ...more, url: new URL(url) });

/** A signal that never comes. */
export const signal = new AbortController().signal;

/** Sends it, and is never told to stop. */
export const send = (one: HttpClient, url: string, more: Partial<HttpRequest> = {}): Promise<Sent> => one.send(request(url, more), signal);
