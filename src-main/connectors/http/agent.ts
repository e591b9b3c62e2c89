import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { isPrivate, refusedAddress } from './address.ts';

/** Asks for all addresses of a name. A test gives one of its own. */
export type Lookup = (host: string, done: (error: NodeJS.ErrnoException | null, found: readonly LookupAddress[]) => void) => void;

const ofSystem: Lookup = (host, done) => systemLookup(host, { all: true }, (error, found) => done(error, found));

export interface AgentOptions {
  readonly allowPrivate: boolean;
  /** PEM; trusted besides the authorities that Node knows. */
  readonly ca: string | undefined;
  readonly connectTimeoutMs: number;
  readonly lookup?: Lookup;
}

/**
 * A pool of connections that reach only what is allowed. The address that is connected to is the very one that was checked: a name that
 * answers differently the second time (DNS rebinding) changes nothing. Certificates are always verified.
 */
export function openAgent({ allowPrivate, ca, connectTimeoutMs, lookup = ofSystem }: AgentOptions): Agent {
  const checked: LookupFunction = (host, options, callback) =>
    lookup(host, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const open = found.filter(({ address }) => allowPrivate || !isPrivate(address));
      const wanted = open.filter(({ family }) => options.family === undefined || options.family === 0 || options.family === family || options.family === `IPv${family}`);
      const [first] = wanted;
      if (first === undefined) return callback(found[0] === undefined || open.length > 0 ? Object.assign(new Error(`no address for ${host}`), { code: 'ENOTFOUND' }) : refusedAddress(host, found[0].address), '', 0);
      return options.all === true ? callback(null, [...wanted]) : callback(null, first.address, first.family);
    });
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false, lookup: checked, rejectUnauthorized: true, ...(ca === undefined || ca.trim() === '' ? {} : { ca: [...rootCertificates, ca] }) });
  return new Agent({
    pipelining: 1,
    maxHeaderSize: 64 * 1024,
    connect(options, callback) {
      // A literal address is connected to without a lookup.
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (!allowPrivate && isIP(host) !== 0 && isPrivate(host)) return callback(refusedAddress(host, host), null);
      return connect(options, callback);
    },
  });
}
