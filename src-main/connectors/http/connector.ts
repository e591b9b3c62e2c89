import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { StudioError } from '#shared/errors';
import type { Connector } from '../connector.ts';
import { portAnswers, tlsAnswers } from '../reach.ts';
import { reported } from '../report.ts';
import { isPrivate, refusedAddress } from './address.ts';
import { openClient } from './client.ts';
import { noAnswer, placeOfHost } from './failures.ts';
import { baseOf } from './url.ts';

/** One request of a test may take so long. */
const WITHIN_MS = 30_000;

/** Finds out step by step whether the service can be reached, is who it says it is, and knows us. */
const connector: Connector = {
  test: (connection, { signal }) =>
    reported(async (steps) => {
      const base = await steps.step('settings', (url) => url.origin, async () => baseOf(connection));
      const timeoutMs = typeof connection.settings['connectTimeoutMs'] === 'number' ? connection.settings['connectTimeoutMs'] : 10_000;
      const host = base.hostname.replace(/^\[|\]$/g, '');
      const port = Number(base.port === '' ? (base.protocol === 'https:' ? 443 : 80) : base.port);
      const place = placeOfHost(host, port);
      const told = async <T>(work: () => Promise<T>): Promise<T> => {
        try {
          return await work();
        } catch (thrown) {
          signal.throwIfAborted();
          throw noAnswer(thrown, place).error;
        }
      };
      const address = await steps.step('host', (found) => found, () => told(async () => {
        const found = isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host }];
        const open = found.find((one) => connection.settings['allowPrivate'] === true || !isPrivate(one.address));
        if (open === undefined) throw refusedAddress(host, found[0]?.address ?? host);
        return open.address;
      }));
      await steps.step('port', `${place} answers`, () => told(() => portAnswers(address, port, timeoutMs, signal)));
      if (base.protocol === 'https:') {
        const { ca } = connection.settings;
        const own = typeof ca === 'string' && ca.trim() !== '' ? { ca: [...rootCertificates, ca] } : {};
        await steps.step('tls', (version) => version, () => told(() => tlsAnswers({ host: address, port, ...(isIP(host) === 0 ? { servername: host } : {}), rejectUnauthorized: true, ...own }, timeoutMs, signal)));
      }
      const client = await steps.step('login', connection.settings['auth'] === 'none' ? 'none is needed' : 'it can be sent', async () => openClient({ connection, limits: { totalMs: WITHIN_MS, idleMs: WITHIN_MS, maxBytes: 16 << 20, maxRedirects: 5 }, retry: { retries: 0, initialMs: 1, maxMs: 1, unsafe: false }, perSecond: 0 }));
      try {
        return await steps.step('ready', (server) => server, async () => {
          let answer = await client.send({ method: 'HEAD', url: base, headers: {}, body: null }, signal);
          // Some services know GET only.
          if (answer.status === 405 || answer.status === 501) answer = await client.send({ method: 'GET', url: base, headers: {}, body: null }, signal);
          // Nothing may be at the base address itself: only what speaks of the login, or of a broken service, is a failure.
          if (answer.status === 401 || answer.status === 403) throw new StudioError('permission', `${answer.place} does not accept the login (status ${answer.status}).`, { place: 'login', remedy: 'Check the login of the connection.' });
          if (answer.status >= 500) throw client.refusal(answer);
          return answer.headers['server'] ?? `HTTP ${answer.status}`;
        });
      } finally {
        await client.close();
      }
    }),
};
export default connector;
