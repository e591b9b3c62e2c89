import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { OpenConnection } from '#shared/connections/connection';
import { StudioError } from '#shared/errors';
import type { Json } from '#shared/json';

/** How a cluster is reached, whether a connection says it or a node's own config. */
export interface KafkaSettings {
  readonly brokers: readonly { readonly host: string; readonly port: number }[];
  /** Null: in plain. */
  readonly tls: ConnectionOptions | null;
  readonly sasl: { readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; readonly username: string; readonly password: string } | null;
  readonly connectTimeoutMs: number;
}

const PORT = 9092;

/** `host:port, host, [::1]:9092`. Throws invalid_input naming the part that is no broker. */
export function brokersOf(text: string, field = 'bootstrap'): KafkaSettings['brokers'] {
  const parts = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  if (parts.length === 0) throw new StudioError('invalid_input', 'No broker is named.', { place: field, remedy: 'Write one or more as host:port.' });
  return parts.map((part) => {
    const [, six, host = six ?? '', digits] = /^(?:\[([\da-f:.]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/i.exec(part) ?? [];
    const port = digits === undefined ? PORT : Number(digits);
    if (host === '' || port < 1 || port > 65_535) throw new StudioError('invalid_input', 'This is no broker: it has to be host:port.', { place: field, remedy: 'Write one or more as host:port, with commas between them, and without a login.' });
    return { host, port };
  });
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** From a connection with its secrets. Throws invalid_input naming the setting. */
export function settingsOf({ settings, secrets }: OpenConnection): KafkaSettings {
  const mode = text(settings['tls']);
  const [cert, key, ca] = [text(settings['clientCertificate']), secrets['clientKey'] ?? '', text(settings['ca'])];
  if (mode !== 'off' && (cert === '') !== (key === '')) throw new StudioError('invalid_input', cert === '' ? 'There is a client key, but no certificate it belongs to.' : 'There is a client certificate, but no key to it.', { place: cert === '' ? 'clientCertificate' : 'clientKey', remedy: 'Give both, or neither.' });
  const tls: ConnectionOptions = { rejectUnauthorized: mode !== 'on', ...(ca === '' ? {} : { ca }), ...(cert === '' ? {} : { cert, key }) };
  const sasl = text(settings['sasl']);
  return {
    brokers: brokersOf(text(settings['bootstrap'])),
    tls: mode === 'on' || mode === 'verify' ? tls : null,
    sasl: sasl === 'plain' || sasl === 'scram-sha-256' || sasl === 'scram-sha-512' ? { mechanism: MECHANISMS[sasl], username: required(text(settings['user']), 'user'), password: required(secrets['password'] ?? '', 'password') } : null,
    connectTimeoutMs: typeof settings['connectTimeoutMs'] === 'number' ? settings['connectTimeoutMs'] : 10_000,
  };
}

const MECHANISMS = { 'plain': 'PLAIN', 'scram-sha-256': 'SCRAM-SHA-256', 'scram-sha-512': 'SCRAM-SHA-512' } as const;

function required(value: string, field: string): string {
  if (value === '') throw new StudioError('invalid_input', `The login needs a ${field}.`, { place: field, remedy: 'Fill it in, or choose a cluster without login.' });
  return value;
}

/** The seed's form: brokers in the node itself, and `security` as PLAINTEXT or SSL, or an object whose `protocol` says so. A login is refused there: a workflow's file holds no secret. */
export function plainSettings(bootstrap: string, security: Json): KafkaSettings {
  const fields: { readonly [key: string]: Json } = typeof security === 'object' && security !== null && !Array.isArray(security) ? Object.fromEntries(Object.entries(security)) : { protocol: security };
  const said = fields['protocol'] ?? fields['securityProtocol'] ?? 'PLAINTEXT';
  const protocol = typeof said === 'string' ? said.toUpperCase().replace(/^TLS$/, 'SSL').replace(/^(NONE|)$/, 'PLAINTEXT') : '';
  if (protocol !== 'PLAINTEXT' && protocol !== 'SSL') {
    const sentence = protocol.startsWith('SASL') ? 'A login belongs in a connection: the workflow’s file holds no secret.' : 'This is no way to secure a line to Kafka.';
    throw new StudioError('invalid_input', sentence, { place: 'security', remedy: protocol.startsWith('SASL') ? 'Make a connection of the kind Kafka in Settings and choose it here.' : 'Write PLAINTEXT or SSL.' });
  }
  return { brokers: brokersOf(bootstrap), tls: protocol === 'SSL' ? { rejectUnauthorized: true } : null, sasl: null, connectTimeoutMs: 10_000 };
}

/** As the client takes them. It repeats nothing by itself: whoever uses it knows how long to be patient. */
export const clientOptions = ({ brokers, tls, sasl, connectTimeoutMs }: KafkaSettings) => ({
  clientId: 'millrace',
  bootstrapBrokers: brokers.map((broker) => ({ ...broker })),
  connectTimeout: connectTimeoutMs,
  requestTimeout: 3 * connectTimeoutMs,
  retries: 0,
  // A name for SNI can't be an address.
  ...(tls === null ? {} : { tls, tlsServerName: brokers.every((broker) => isIP(broker.host) === 0) }),
  ...(sasl === null ? {} : { sasl: { ...sasl } }),
});

/** Where it is, for a sentence. */
export const placeOf = ({ brokers }: KafkaSettings): string => brokers.map(({ host, port }) => `${host}:${port}`).join(', ');
